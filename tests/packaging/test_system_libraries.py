"""Missing libraries are found by loading them."""

import pytest
from system_libraries import TO_DRAW, TO_OPEN_A_WINDOW, missing, needed_libraries


class Loader:
    """A system that has some libraries."""

    def __init__(self, *absent: str) -> None:
        self.absent = set(absent)

    def __call__(self, name: str) -> object:
        """Load a library as ctypes does."""
        if name in self.absent:
            raise OSError(f"{name}: cannot open shared object file")
        return object()


def test_nothing_is_missing_where_everything_loads() -> None:
    assert missing({**TO_DRAW, **TO_OPEN_A_WINDOW}, Loader()) == {}


def test_what_does_not_load_is_named_with_its_package() -> None:
    found = missing(TO_DRAW, Loader("libEGL.so.1", "libdbus-1.so.3"))
    assert found == {"libEGL.so.1": "libegl1", "libdbus-1.so.3": "libdbus-1-3"}


def test_the_loader_of_the_system_is_asked() -> None:
    assert missing({"libthatnobodyhas.so.7": "none"}) == {"libthatnobodyhas.so.7": "none"}


@pytest.mark.parametrize(
    ("with_window", "platform", "variables", "expected"),
    [
        (False, "linux", {}, set(TO_DRAW)),
        (True, "linux", {}, set(TO_DRAW) | set(TO_OPEN_A_WINDOW)),
        (True, "linux", {"QT_QPA_PLATFORM": "xcb"}, set(TO_DRAW) | set(TO_OPEN_A_WINDOW)),
        (True, "linux", {"QT_QPA_PLATFORM": "offscreen"}, set(TO_DRAW)),
        (True, "darwin", {}, set()),
        (True, "win32", {}, set()),
    ],
)
def test_only_what_the_platform_loads_is_needed(
    *, with_window: bool, platform: str, variables: dict[str, str], expected: set[str]
) -> None:
    needed = needed_libraries(with_window=with_window, platform=platform, variables=variables)
    assert set(needed) == expected


def test_a_library_is_asked_for_once() -> None:
    assert not set(TO_DRAW) & set(TO_OPEN_A_WINDOW)
