"""A part of llama.cpp that the tests of offloading need: built here, never shipped.

llama.cpp's RPC backend lends a processor as graphics cards over a connection. Compiled alone, as
a plug-in, it is loaded into the installed engine, so that what is tested is what users have.
"""

import hashlib
import shutil
import sys
import tarfile
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

import compiler
import environment
import virtual_environment
from environment import BUILD, CONSTRAINTS, ENGINE, PYTHON, VENV
from logged_process import LoggedProcess
from pip_runner import PipRunner
from setup_error import SetupError
from steps import Stamps, Step, fingerprint

VARIABLE: Final = "QUILLHOUSE_OFFLOAD_PLUGIN"
"""Tells the tests where the plug-in is."""
FOLDER: Final = BUILD / "offload"
SOURCE: Final = FOLDER / "ggml"
PLUGIN: Final = FOLDER / "libggml-rpc.so"
PARTS: Final = ("ggml-rpc.cpp", "transport.cpp")
"""What is compiled (ggml/src/ggml-rpc/CMakeLists.txt), without remote direct memory access."""
WANTED: Final = ("include/*.h", "src/*.h", "src/ggml-rpc/*")
"""What is taken out of the engine's source, below `ggml`."""
DEFINITIONS: Final = ("BACKEND_DL", "BACKEND_SHARED", "BACKEND_BUILD", "SHARED", "BUILD")
"""GGML_..., as CMake sets them for a backend that is a plug-in (ggml/src/CMakeLists.txt)."""


def prepare() -> Path:
    """Build the plug-in if it is not there yet; give its path.

    Raises:
        SetupError: it cannot be built; the text says why.
    """
    if sys.platform == "win32":
        raise SetupError("The tests of offloading need Linux or macOS.")
    environment.bring(_steps, Stamps(FOLDER))
    return PLUGIN


def _steps(process: LoggedProcess) -> list[Step]:
    needed: list[str] = environment.project_table()["dependencies"]
    pin = next(one for one in needed if one.startswith(ENGINE))
    library = _engine_library()
    command = compile_command(compiler.unix_command(), library)
    engine_sha256 = hashlib.sha256(library.read_bytes()).hexdigest()
    return [
        Step(
            "offload-source",
            "Fetching the engine's source (77 MB)",
            (fingerprint(pin, WANTED),),
            partial(_fetch_source, pin, PipRunner(PYTHON, CONSTRAINTS, process)),
            lambda: all((SOURCE / "src" / "ggml-rpc" / part).is_file() for part in PARTS),
        ),
        Step(
            "offload-plugin",
            "Compiling the plug-in for the tests of offloading",
            (fingerprint(pin, command, engine_sha256),),
            partial(_compile, command, process),
            PLUGIN.is_file,
        ),
    ]


def _engine_library() -> Path:
    """Find the library of the installed engine that a plug-in builds upon.

    Raises:
        SetupError: this build of the engine has none.
    """
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    for place in virtual_environment.site_packages(VENV):
        library = place / "llama_cpp" / "lib" / f"libggml-base{suffix}"
        if library.is_file():
            return library
    raise SetupError("This build of the engine has no shared libraries, so it takes no plug-in.")


def compile_command(program: list[str], library: Path) -> list[str]:
    """Give the command that compiles the plug-in into a part file.

    Args:
        program: the C++ compiler, with arguments of its own.
        library: of the engine; the plug-in shares it with the process that loads it.
    """
    return [
        *program,
        *("-std=c++17", "-O2", "-fPIC", "-shared"),
        *(f"-DGGML_{name}" for name in DEFINITIONS),
        *("-I", str(SOURCE / "include"), "-I", str(SOURCE / "src")),
        *(str(SOURCE / "src" / "ggml-rpc" / part) for part in PARTS),
        *(str(library), f"-Wl,-rpath,{library.parent}"),
        *("-o", str(_part_file())),
    ]


def unpack(archive: Path, folder: Path) -> None:
    """Take what is wanted out of the engine's source.

    Raises:
        SetupError: the archive is damaged, or does not hold it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    found = 0
    try:
        with tarfile.open(archive) as source:
            for member in source:
                inner = _below_ggml(member.name)
                if inner is None or not member.isfile():  # links point anywhere
                    continue
                if (content := source.extractfile(member)) is None:
                    continue
                target = folder / inner
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                found += 1
    except (tarfile.TarError, EOFError) as error:
        raise SetupError("The engine's source arrived damaged; start again.") from error
    if not found:
        raise SetupError(f"{archive.name} does not hold the source expected.")


def _below_ggml(name: str) -> PurePosixPath | None:
    """Give the path of a wanted file below `ggml`; None for any other."""
    path = PurePosixPath(name)
    # <package>-<version>/vendor/llama.cpp/ggml/...
    if path.parts[1:4] != ("vendor", "llama.cpp", "ggml") or ".." in path.parts:
        return None
    inner = PurePosixPath(*path.parts[4:])
    is_wanted = any(
        inner.match(pattern) and len(inner.parts) == len(PurePosixPath(pattern).parts)
        for pattern in WANTED
    )
    return inner if is_wanted else None


def _fetch_source(pin: str, pip: PipRunner) -> None:
    """Get the source of the engine as published; only what is wanted stays."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for former in FOLDER.glob("*.tar.gz"):
        former.unlink()
    pip.download_source(pin, FOLDER)
    archive = next(FOLDER.glob("*.tar.gz"), None)
    if archive is None:
        raise SetupError(f"The source of {pin} came without its file.")
    unpack(archive, SOURCE)
    archive.unlink()


def _compile(command: list[str], process: LoggedProcess) -> None:
    if process.run(command).code:
        hint = "" if compiler.is_here() else f" To get a compiler, {compiler.hint()}"
        raise SetupError(f"The plug-in could not be compiled. See {process.log}.{hint}")
    _part_file().replace(PLUGIN)


def _part_file() -> Path:
    return PLUGIN.with_suffix(".part")
