"""The virtual environment: whole, half-made or damaged."""

import os
import shutil
import subprocess
from pathlib import Path

OLDEST = (3, 11)
"""Python version that Quillhouse needs at least."""
PROBE = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
PROBE_PATIENCE_S = 30


def python_in(folder: Path) -> Path:
    """Give the path of an environment's Python."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_whole(folder: Path) -> bool:
    """Say at a glance whether an environment is there and its Python still is.

    An upgrade of the system may take away the Python that an environment was made from, or put
    a newer one in its place, which does not see the packages.
    """
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    settings = {
        name.strip(): value.strip() for name, _, value in (x.partition("=") for x in lines)
    }
    original = settings.get("executable")
    return python_in(folder).exists() and (original is None or Path(original).exists())


def is_usable(folder: Path) -> bool:
    """Say whether an environment of unknown making has a Python new enough, and a whole pip."""
    if not is_whole(folder) or damaged_packages(folder):
        return False
    try:
        probe = subprocess.run(
            [python_in(folder), "-c", PROBE],
            capture_output=True,
            timeout=PROBE_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


def site_packages(folder: Path) -> list[Path]:
    """Give the folders that packages are in."""
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    return list(folder.glob(pattern))


def has_package(folder: Path, name: str) -> bool:
    """Say whether a package is installed, by its name as in the names of files."""
    return any(any(place.glob(f"{name}-*.dist-info")) for place in site_packages(folder))


def damaged_packages(folder: Path) -> list[Path]:
    """Give what an interrupted pip has left: packages without their list of files.

    pip writes that list (RECORD) last, yet takes a package without it for installed. Names that
    begin with a tilde are packages that it was about to replace.
    """
    places = site_packages(folder)
    unrecorded = [
        found
        for place in places
        for found in place.glob("*.dist-info")
        if not (found / "RECORD").is_file()
    ]
    return unrecorded + [found for place in places for found in place.glob("~*")]


def remove_damaged_packages(folder: Path) -> None:
    """Make pip install anew what it has left half-done."""
    for found in damaged_packages(folder):
        _remove(found)


def empty(folder: Path, *, kept: str) -> None:
    """Remove all that is in an environment but the one file named."""
    for found in folder.glob("*"):
        if found.name != kept:
            _remove(found)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
