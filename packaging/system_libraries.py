"""Libraries of the system that Qt needs on Linux, and the compiler: found, or named."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from setup_error import SetupError

TO_DRAW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What Qt needs to draw at all, tests included: library, and its package on Debian."""
TO_OPEN_A_WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt needs besides to show a window under X11."""
RENAMED_SINCE = {"libglib2.0-0": "libglib2.0-0t64"}
"""Debian 13 and Ubuntu 24.04 gave some packages new names."""


def missing(wanted: dict[str, str], load: Callable[[str], object] = ctypes.CDLL) -> dict[str, str]:
    """Give those of `wanted` that the system cannot load."""
    absent = {}
    for library, package in wanted.items():
        try:
            load(library)
        except OSError:
            absent[library] = package
    return absent


def check(*, with_window: bool) -> None:
    """See that Qt's libraries are there; on Debian as root, bring them.

    Raises:
        SetupError: some are missing and cannot be brought from here.
    """
    if sys.platform != "linux":
        return
    wanted = {**TO_DRAW, **TO_OPEN_A_WINDOW} if with_window else TO_DRAW
    absent = missing(wanted)
    if not absent:
        return
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"Qt needs libraries that this system does not have: {', '.join(absent)}."
            " Install them with your package manager, then start again."
        )
    packages = [_present_name(package) for package in absent.values()]
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetupError(
            "Qt needs libraries that this system does not have. Install them with:\n"
            f"    sudo {' '.join(command)}\nthen start again."
        )
    print(f"-- Installing libraries that Qt needs: {' '.join(command)}", flush=True)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=variables, check=False)
    subprocess.run([*command, "-qq"], env=variables, check=False, stdout=subprocess.DEVNULL)
    if still := missing(wanted):
        raise SetupError(f"These libraries could not be installed: {', '.join(still)}.")


def _present_name(package: str) -> str:
    """Give the name that this release has for a package."""
    newer = RENAMED_SINCE.get(package)
    if newer is None:
        return package
    known = subprocess.run(["apt-cache", "show", newer], capture_output=True, check=False)
    return newer if known.returncode == 0 else package


def has_compiler() -> bool:
    """Say whether a C++ compiler can be found."""
    if sys.platform == "win32":
        programs = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"))
        return bool(shutil.which("cl")) or (programs / "Microsoft Visual Studio").exists()
    return any(shutil.which(name) for name in ("c++", "g++", "clang++"))


def compiler_hint() -> str:
    """Say how to get a compiler here."""
    if sys.platform == "darwin":
        return "run `xcode-select --install`, then start again."
    if sys.platform == "win32":
        return "install the Visual Studio Build Tools with C++, then start again."
    if shutil.which("apt-get"):
        return "run `sudo apt-get install g++`, then start again."
    return "install g++ or clang++ with your package manager, then start again."
