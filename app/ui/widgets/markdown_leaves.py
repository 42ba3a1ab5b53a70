"""What Markdown becomes before it is drawn: a flat row of leaves (paragraph, code, table ...).

Lists and quotes are not objects of their own: each leaf knows the containers it stands in. A
flat row can be compared with the row on screen, so that only its changed end is drawn again.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, TypeAlias


class RunStyle(NamedTuple):
    """How a run of characters looks.

    Attributes:
        url: Empty or a link that may be clicked.
        is_chip: A number that stands for a source.
        is_doubtful: Marked as not borne out by a source.
        note: More about it, for a tooltip.
    """

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    url: str = ""
    is_chip: bool = False
    is_doubtful: bool = False
    note: str = ""


class Run(NamedTuple):
    """Characters of one style. A newline breaks the line inside the paragraph."""

    text: str
    style: RunStyle


Runs: TypeAlias = tuple[Run, ...]

PLAIN = RunStyle()


class Container(Enum):
    """What a leaf can stand in."""

    QUOTE = auto()
    BULLET_ITEM = auto()
    NUMBERED_ITEM = auto()


class ProseKind(Enum):
    """What a leaf of prose is."""

    PARAGRAPH = auto()
    HEADING = auto()
    RULE = auto()


class Alignment(Enum):
    """How the cells of a table's column are aligned; LEADING follows the direction of the text."""

    LEADING = auto()
    LEFT = auto()
    CENTRE = auto()
    RIGHT = auto()


@dataclass(frozen=True, slots=True)
class ProseLeaf:
    """A paragraph, heading or rule.

    Attributes:
        kind: What it is.
        runs: Its text.
        path: The quotes and list items around it, outermost first.
        level: 1 to 6 for a heading, else 0.
        marker: Bullet, number or tick box of the list item that starts here, else empty.
        is_continued: It carries on the paragraph of the leaf before (very long paragraphs are
            cut), so there is no gap above it.
        is_right_to_left: The direction of its text.
    """

    kind: ProseKind
    runs: Runs
    path: tuple[Container, ...] = ()
    level: int = 0
    marker: str = ""
    is_continued: bool = False
    is_right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class CodeLeaf:
    """A block of code.

    Attributes:
        language: The first word after the fence, or empty.
        code: The lines, without the newline after the last.
        path: The quotes and list items around it, outermost first.
        is_open: More lines may come.
    """

    language: str
    code: str
    path: tuple[Container, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class TableLeaf:
    """A table or, if `is_continued`, the next rows of the table before, without its header."""

    alignments: tuple[Alignment, ...]
    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    path: tuple[Container, ...] = ()
    is_continued: bool = False
    is_right_to_left: bool = False


Leaf: TypeAlias = ProseLeaf | CodeLeaf | TableLeaf


def plain_runs(runs: Runs) -> str:
    """The characters of `runs` without their style."""
    return "".join(run.text for run in runs)
