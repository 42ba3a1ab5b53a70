"""Half-made and damaged environments are recognised; ones that work are left alone."""

import shutil
import sys
import venv
from pathlib import Path

import pytest
import virtual_environment
from virtual_environment import damaged_packages, is_usable, is_whole, remove_damaged_packages


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An environment without pip, made in an instant."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    return folder


def add_package(folder: Path, name: str, *, whole: bool = True) -> Path:
    """Put the bare bones of an installed package into an environment."""
    info = virtual_environment.site_packages(folder)[0] / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n", encoding="utf-8")
    if whole:
        (info / "RECORD").write_text("", encoding="utf-8")
    return info


def test_no_environment_is_not_whole(tmp_path: Path) -> None:
    assert not is_whole(tmp_path / "nowhere")
    assert not is_usable(tmp_path / "nowhere")


def test_a_made_environment_is_whole(made: Path) -> None:
    assert is_whole(made)


def test_an_environment_stopped_before_its_python_came_is_not_whole(made: Path) -> None:
    shutil.rmtree(virtual_environment.python_in(made).parent)
    assert not is_whole(made)


def test_an_environment_stopped_before_its_settings_came_is_not_whole(made: Path) -> None:
    (made / "pyvenv.cfg").unlink()
    assert not is_whole(made)


def test_an_environment_whose_python_was_taken_away_is_not_whole(made: Path) -> None:
    settings = made / "pyvenv.cfg"
    text = settings.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("executable")]
    gone = made.parent / "python3.7"
    settings.write_text("\n".join([*lines, f"executable = {gone}"]), encoding="utf-8")
    assert not is_whole(made)


def test_an_environment_without_pip_cannot_be_used(made: Path) -> None:
    assert not is_usable(made)


def test_the_environment_of_these_tests_can_be_used() -> None:
    assert is_usable(Path(sys.prefix))


def test_a_package_that_is_whole_is_left_alone(made: Path) -> None:
    info = add_package(made, "whole")
    remove_damaged_packages(made)
    assert info.is_dir()
    assert virtual_environment.has_package(made, "whole")


def test_a_package_that_pip_had_not_finished_is_removed(made: Path) -> None:
    info = add_package(made, "half", whole=False)
    assert damaged_packages(made) == [info]
    remove_damaged_packages(made)
    assert not virtual_environment.has_package(made, "half")


def test_what_pip_had_put_aside_is_removed(made: Path) -> None:
    place = virtual_environment.site_packages(made)[0]
    (place / "~umpy").mkdir()
    (place / "~umpy" / "core.py").touch()
    (place / "~ix.py").touch()
    remove_damaged_packages(made)
    assert not list(place.glob("~*"))


def test_an_environment_with_a_half_installed_pip_cannot_be_used(made: Path) -> None:
    add_package(made, "pip", whole=False)
    assert not is_usable(made)


def test_an_environment_is_emptied_but_for_one_file(made: Path) -> None:
    (made / "kept").touch()
    virtual_environment.empty(made, kept="kept")
    assert [path.name for path in made.iterdir()] == ["kept"]


def test_an_environment_that_is_not_there_is_empty(tmp_path: Path) -> None:
    virtual_environment.empty(tmp_path / "nowhere", kept="kept")
    assert not (tmp_path / "nowhere").exists()
