"""Libraries of the system that Qt loads on Linux.

They are looked for by loading them, as Qt will, not by asking a package manager: what counts is
whether they load.
"""

import ctypes
from collections.abc import Callable, Mapping
from typing import Final

TO_DRAW: Final = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libbrotlidec.so.1": "libbrotli1",
    "libzstd.so.1": "libzstd1",
}
"""Library, and its package on Debian: what Qt needs to draw at all, tests included.

From the ELF headers of PySide6 6.11.3, all that its modules and its offscreen platform need.
"""
TO_OPEN_A_WINDOW: Final = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""The same for what its xcb platform needs besides, to show a window."""


def needed_libraries(
    *, with_window: bool, platform: str, variables: Mapping[str, str]
) -> dict[str, str]:
    """Give the libraries that Qt will load here, each with its package on Debian."""
    if platform != "linux":
        return {}
    if with_window and variables.get("QT_QPA_PLATFORM", "xcb").startswith("xcb"):
        return {**TO_DRAW, **TO_OPEN_A_WINDOW}
    return TO_DRAW


def missing(
    wanted: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL
) -> dict[str, str]:
    """Give those of `wanted` that the system cannot load."""
    absent = {}
    for library, package in wanted.items():
        try:
            load(library)
        except OSError:
            absent[library] = package
    return absent
