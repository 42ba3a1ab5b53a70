"""What set-up needs from the system, all at once: found, brought, or named in one sentence."""

import importlib.util
import sys
from collections.abc import Mapping

import compiler
import debian
from logged_process import LoggedProcess
from setup_error import SetupError
from system_libraries import missing


def provide(libraries: Mapping[str, str], process: LoggedProcess) -> None:
    """See that libraries, Python's venv module and a C++ compiler are there.

    On Debian as root they are brought. A compiler alone stops nothing: an index may have the
    engine ready-made.

    Args:
        libraries: each with its package on Debian.
        process: runs the package manager.

    Raises:
        SetupError: something is missing and cannot be brought from here.
    """
    required = {**missing(libraries), **_missing_venv()}
    absent = required if compiler.is_here() else {**required, "a C++ compiler": "g++"}
    if not absent:
        return
    what = f"Not installed on this system: {', '.join(absent)}."
    if debian.is_here() and debian.is_root():
        print(f"   {what}", flush=True)
        debian.install(_packages(absent), process)
        if still := {**missing(libraries), **_missing_venv()}:
            raise SetupError(f"These could not be installed: {', '.join(still)}.")
    elif required:
        raise SetupError(f"{what} {_how(absent)}")
    else:
        print(f"   {what} It is needed unless an index has the engine ready-made.", flush=True)
        print(f"   To get one, {compiler.hint()}", flush=True)


def _how(absent: Mapping[str, str]) -> str:
    if not debian.is_here():
        return "Install what contains them with your package manager, then start again."
    command = debian.install_command(debian.present_names(_packages(absent), debian.is_known))
    return f"Install them with:\n    sudo {' '.join(command)}\nthen start again."


def _packages(absent: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(absent.values()))


def _missing_venv() -> dict[str, str]:
    """Give the part of Python that makes virtual environments, if Debian has taken it away."""
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return {}
    return {"Python's venv": f"python{sys.version_info.major}.{sys.version_info.minor}-venv"}
