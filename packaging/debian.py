"""Packages of Debian, Ubuntu and their relatives."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Final

from logged_process import LoggedProcess
from setup_error import SetupError

RENAMED_SINCE: Final = {"libglib2.0-0": "libglib2.0-0t64"}
"""Debian 13 and Ubuntu 24.04 gave packages new names when time became 64 bits wide."""
QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive"}
LOCK_PATIENCE: Final = "DPkg::Lock::Timeout=120"
"""Seconds to wait for another package manager, such as a fresh machine's own updates."""
PATIENCE_S: Final = 60.0
"""A package manager that is stopped in the middle leaves work behind; let it end in order."""


def is_here() -> bool:
    """Say whether this system installs its packages with apt."""
    return sys.platform == "linux" and shutil.which("apt-get") is not None


def is_root() -> bool:
    """Say whether packages can be installed without a password."""
    return sys.platform != "win32" and os.geteuid() == 0


def install_command(packages: Iterable[str]) -> list[str]:
    """Give the command that installs packages."""
    return ["apt-get", "install", "--yes", "--no-install-recommends", *packages]


def install(packages: list[str], process: LoggedProcess) -> None:
    """Install packages as root.

    Raises:
        SetupError: they cannot be installed; names the command.
    """
    process.run(["apt-get", "update"], variables=QUIET, patience_s=PATIENCE_S)
    command = install_command(present_names(packages, is_known))
    print(f"   {' '.join(command)}", flush=True)
    done = process.run([*command, "-o", LOCK_PATIENCE], variables=QUIET, patience_s=PATIENCE_S)
    if done.code:
        print("\n".join(done.output.splitlines()[-4:]), file=sys.stderr)
        raise SetupError(f"This did not work: {' '.join(command)}")


def is_known(package: str) -> bool:
    """Say whether this release has a package of that name."""
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0


def present_names(packages: Iterable[str], knows: Callable[[str], bool]) -> list[str]:
    """Give the names that this release has for packages."""
    return [
        RENAMED_SINCE[package]
        if package in RENAMED_SINCE and knows(RENAMED_SINCE[package])
        else package
        for package in packages
    ]
