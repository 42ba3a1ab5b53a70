"""What macOS tells through `sysctl`."""

from collections.abc import Mapping

from app.machine.instruction_sets import SYSCTL_NAMES
from app.machine.probe import output_of

SYSCTL = "/usr/sbin/sysctl"
ASKED = ("machdep.cpu.brand_string", "hw.perflevel0.physicalcpu", *SYSCTL_NAMES)


def read_sysctl() -> Mapping[str, str]:
    """Ask for the facts of the processor.

    Raises:
        OSError, subprocess.SubprocessError: sysctl cannot be asked.
    """
    return parse_sysctl(output_of(SYSCTL, *ASKED))


def parse_sysctl(text: str) -> dict[str, str]:
    """Read lines such as "hw.memsize: 17179869184"; what a Mac does not have is left out."""
    pairs = (line.partition(": ") for line in text.splitlines())
    return {name: value.strip() for name, separator, value in pairs if separator}
