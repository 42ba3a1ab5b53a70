"""Which files of the list are copies of one model, and which of them is shown."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.origin import Origin, Program
from app.store.model_rows import ModelRow

_PREFERRED = (
    Program.QUILLHOUSE,
    Program.LM_STUDIO,
    Program.JAN,
    Program.GPT4ALL,
    Program.HUB_CACHE,
    Program.LLAMA_CPP,
    Program.KOBOLDCPP,
    Program.OLLAMA,
    Program.MSTY,
    Program.ANYTHING_LLM,
    Program.FOLDER,
    Program.DOWNLOADS,
    Program.OPENED,
)
"""Whose copy is used where several are there: first those that are plain files in lasting places,
last those that are soon tidied away."""
_RANKS = {program: rank for rank, program in enumerate(_PREFERRED)}


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model of the list.

    Attributes:
        row: of the copy that is shown.
        origin: of that copy, with where the others are.
        is_present: its file is there.
        last_used_at: of whichever copy was used last.
        paths: of all copies, there or not.
    """

    row: ModelRow
    origin: Origin
    is_present: bool
    last_used_at: str
    paths: frozenset[Path]


def rank_of(program: Program) -> int:
    """Give how far down the order of preference a program is."""
    return _RANKS[program]


def listed_models(rows: Iterable[ModelRow]) -> list[ListedModel]:
    """Give one entry for each model: those used last first, then those never used, by name."""
    found = [_listed(group) for group in copies_among(rows)]
    found.sort(key=lambda one: (one.row.model.display_name.casefold(), str(one.row.path)))
    return sorted(found, key=lambda one: one.last_used_at, reverse=True)


def copies_among(rows: Iterable[ModelRow]) -> list[list[ModelRow]]:
    """Put rows together that are of the same model file."""
    by_size: dict[int, list[list[ModelRow]]] = {}
    for row in rows:
        groups = by_size.setdefault(row.model.size_bytes, [])
        group = next((one for one in groups if all(_is_same(row, other) for other in one)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return [group for groups in by_size.values() for group in groups]


def _is_same(one: ModelRow, other: ModelRow) -> bool:
    """Say whether two files are the same, at least in all likelihood."""
    # A hash may only be a name that another program gave; what was read here counts for more.
    if one.fingerprint and other.fingerprint and one.fingerprint != other.fingerprint:
        return False
    if one.origin.sha256 and other.origin.sha256:
        return one.origin.sha256 == other.origin.sha256
    return bool(one.fingerprint) and one.fingerprint == other.fingerprint


def _listed(group: Sequence[ModelRow]) -> ListedModel:
    present = [row for row in group if is_there(row.path)]
    shown = max(present or group, key=_preference)
    copies = [row for row in present if row is not shown]
    certain = [row for row in copies if _is_certainly_same(shown, row)]
    origin = replace(
        shown.origin,
        also_at=tuple(str(row.path) for row in certain),
        also_probably_at=tuple(str(row.path) for row in copies if row not in certain),
        is_kept=any(row.origin.is_kept for row in present),
    )
    used_at = max(row.last_used_at for row in group)
    paths = frozenset(row.path for row in group)
    return ListedModel(shown, origin, bool(present), used_at, paths)


def _preference(row: ModelRow) -> tuple[bool, bool, str, int]:
    """Order copies: our own download, then the one used last, then by program.

    A link that only keeps a file for the case that another program deletes it comes last.
    """
    is_own = row.origin.program is Program.QUILLHOUSE
    return (is_own, not row.origin.is_kept, row.last_used_at, -rank_of(row.origin.program))


def _is_certainly_same(one: ModelRow, other: ModelRow) -> bool:
    if one.origin.sha256 and one.origin.sha256 == other.origin.sha256:
        return True
    try:
        return one.path.samefile(other.path)
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Say whether a file is there and may be looked at."""
    return os.path.isfile(path)  # noqa: PTH113 - Path's raises for a locked folder
