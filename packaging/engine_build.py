"""Which build of the inference engine is wanted, and how pip is made to give it.

llama-cpp-python is built for a graphics card by CMAKE_ARGS, or comes ready-made from an extra
index. The choice is remembered, so that the next start, without those variables, keeps it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

CMAKE_VARIABLE = "CMAKE_ARGS"
INDEX_VARIABLE = "QUILLHOUSE_WHEEL_INDEX"
NOTHING = "none"
"""Withdraws a choice, as an empty variable does; Windows has no empty variables."""
PROCESSOR = Path("/proc/cpuinfo")
AMX = "amx_int8"
WITHOUT_AMX = "-U__AMX_INT8__"
"""Leaves out code for the matrix unit that some processors of servers have, and no laptop.

GCC 12 drops what llama.cpp writes into that unit's configuration, since the declaration of
`_tile_loadconfig` names only its first 8 bytes as read; the engine then dies of an illegal
instruction while it reads a prompt.
"""


@dataclass(frozen=True, slots=True)
class EngineBuild:
    """A build of the engine.

    Attributes:
        cmake_args: arguments for CMake.
        wheel_index: address of an extra index.
        leaves_out_amx: see `WITHOUT_AMX`; not shown, so that the stamps of all other computers
            stay what they were.
    """

    cmake_args: str = ""
    wheel_index: str = ""
    leaves_out_amx: bool = field(default=False, repr=False)

    @property
    def is_plain(self) -> bool:
        """Whether it is what pip gives by itself, and keeps in its cache."""
        return self == EngineBuild()

    @property
    def facts(self) -> tuple[object, ...]:
        """What its stamp depends on."""
        return (self, WITHOUT_AMX) if self.leaves_out_amx else (self,)

    @property
    def variables(self) -> dict[str, str]:
        """Environment variables to build it with."""
        variables = {CMAKE_VARIABLE: self.cmake_args}
        if self.leaves_out_amx:
            for name in ("CFLAGS", "CXXFLAGS"):
                variables[name] = f"{os.environ.get(name, '')} {WITHOUT_AMX}".strip()
        return variables


def remembered(path: Path) -> EngineBuild | None:
    """Give the build chosen last; None if there was none, or the note of it is damaged."""
    try:
        return EngineBuild(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(path: Path, build: EngineBuild) -> None:
    """Keep a choice for the next start."""
    path.write_text(json.dumps(asdict(build)), encoding="utf-8")


def has_amx(processor: Path = PROCESSOR) -> bool:
    """Say whether this computer runs Linux on a processor with the matrix unit."""
    try:
        return AMX in processor.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return False


def wanted(
    variables: Mapping[str, str], former: EngineBuild | None, *, leaves_out_amx: bool = False
) -> EngineBuild:
    """Give the build to have: a variable that is not set leaves things as they were."""
    former = former or EngineBuild()
    cmake_args = variables.get(CMAKE_VARIABLE, former.cmake_args).strip()
    wheel_index = variables.get(INDEX_VARIABLE, former.wheel_index).strip()
    return EngineBuild(
        "" if cmake_args == NOTHING else cmake_args,
        "" if wheel_index == NOTHING else wheel_index,
        leaves_out_amx,
    )


def pip_calls(pin: str, build: EngineBuild, *, replaces: bool) -> list[list[str]]:
    """Give the arguments of each `pip install` that brings a build.

    Args:
        pin: the engine's package and version.
        build: what is wanted.
        replaces: whether the same version may be there in another build.
    """
    index = ["--extra-index-url", build.wheel_index] if build.wheel_index else []
    # -v lets the compiler's progress through.
    install = ["-v", *index, pin]
    if build.is_plain and not replaces:
        return [install]
    # pip's cache and its idea of "already installed" go by version, whatever it was built for.
    anew = ["--force-reinstall", "--no-deps"]
    if not build.is_plain:
        anew.append("--no-cache-dir")
    return [[*anew, *install], [pin]]
