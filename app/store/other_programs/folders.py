"""Finds model files in plain folders."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.core.gguf_name import FileKind, parse_gguf_name
from app.core.gguf_parts import part_name
from app.store.other_programs.found import EntryBudget, is_folder, is_regular_file

MODEL_ENDING = ".gguf"

_HALF_PREFIXES = ("incomplete-", "downloading_")
"""Of half downloads of GPT4All and LM Studio."""
_PASSED_OVER = frozenset({FileKind.PROJECTOR, FileKind.DRAFT, FileKind.VOCABULARY})
"""Names that only these have; of all others the header tells what they are."""
_PART_ENDINGS = (".part", ".crdownload", ".tmp", ".downloadInProgress", ".incomplete")
"""Beside a file they mean that a browser or another program is still downloading it."""
_SYSTEM_FOLDERS = frozenset(
    {
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "node_modules",
        "__pycache__",
        "windows",
        "program files",
        "program files (x86)",
        "appdata",
    }
)


def find_in_folders(root: Path, depth: int, budget: EntryBudget) -> Iterator[Path | None]:
    """Find the files that may be models.

    Links to folders are not followed and no other disk is entered, so that there is no way
    around in circles and none into a server's whole tree. Hidden and system folders are left out.

    Args:
        root: where to begin; it may be hidden or a link itself.
        depth: how many folders deep; 1 for `root` alone.
        budget: ends it.

    Yields:
        A file, or None after each folder, so that the caller can stop.

    Raises:
        OSError: `root` itself cannot be listed.
    """
    device = root.stat().st_dev
    waiting, is_first = [(root, 1)], True
    seen: set[tuple[int, int]] = set()
    while waiting:
        folder, level = waiting.pop()
        if not is_first and not _is_new(folder, device, seen):
            continue
        entries = budget.entries(folder) if is_first else budget.readable_entries(folder)
        is_first = False
        names = {entry.name for entry in entries}
        yield from (Path(one.path) for one in entries if _may_be_model(one, names))
        if level < depth:
            below = [Path(one.path) for one in entries if _is_entered(one)]
            waiting += [(path, level + 1) for path in reversed(below)]
        yield None


def _is_new(folder: Path, device: int, seen: set[tuple[int, int]]) -> bool:
    """Say whether a folder is on the same disk and was not looked at by another name."""
    try:
        status = folder.stat()
    except OSError:
        return False
    identity = (status.st_dev, status.st_ino)
    # Some file systems number nothing.
    is_new = identity not in seen or status.st_ino == 0
    seen.add(identity)
    return status.st_dev == device and is_new


def _is_entered(entry: os.DirEntry[str]) -> bool:
    is_left_out = entry.name.startswith(".") or entry.name.casefold() in _SYSTEM_FOLDERS
    return not is_left_out and is_folder(entry)


def _may_be_model(entry: os.DirEntry[str], names: set[str]) -> bool:
    """Say whether a file is worth looking into, by its name alone."""
    name = entry.name.casefold()
    if not name.endswith(MODEL_ENDING) or name.startswith((*_HALF_PREFIXES, ".")):
        return False
    part = part_name(entry.name)
    is_later_part = part is not None and part.number != 1
    if is_later_part or parse_gguf_name(entry.name).kind in _PASSED_OVER:
        return False
    if any(entry.name + ending in names for ending in _PART_ENDINGS):
        return False
    return is_regular_file(Path(entry.path))
