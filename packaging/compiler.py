"""The C++ compiler: found, or how to get one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

_UNIX_NAMES = ("c++", "g++", "clang++")


def is_here() -> bool:
    """Say whether a C++ compiler can be found."""
    if sys.platform == "win32":
        programs = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"))
        found = bool(shutil.which("cl")) or (programs / "Microsoft Visual Studio").exists()
    elif sys.platform == "darwin":
        # Without Apple's tools, `c++` is there all the same and only offers to install them.
        asked = subprocess.run(["xcode-select", "-p"], capture_output=True, check=False)
        found = asked.returncode == 0
    else:
        named = os.environ.get("CXX", "").split()[:1]
        found = any(shutil.which(name) for name in named or _UNIX_NAMES)
    return found


def unix_command() -> list[str]:
    """Give the C++ compiler and its own arguments: what CXX names, or the first one found."""
    found = next((name for name in _UNIX_NAMES if shutil.which(name)), _UNIX_NAMES[0])
    return os.environ.get("CXX", "").split() or [found]


def hint() -> str:
    """Say how to get a compiler here."""
    others = {
        "darwin": "run `xcode-select --install`, then start again.",
        "win32": "install the Visual Studio Build Tools with C++, then start again.",
    }
    if sys.platform in others:
        return others[sys.platform]
    if debian.is_here():
        return f"run `sudo {' '.join(debian.install_command(['g++']))}`, then start again."
    return "install g++ or clang++ with your package manager, then start again."
