"""Reads the cache of huggingface_hub, which new versions of llama.cpp fill too.

`models--<org>--<name>/snapshots/<commit>/<file>` is a link to `blobs/<hash>`, on Windows the
file itself (file_download.py of huggingface_hub 2.4.0).
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from app.store.other_programs.folders import find_in_folders
from app.store.other_programs.found import EntryBudget, FoundFile, is_folder

_LOG = logging.getLogger(__name__)

REPOSITORY_PREFIX = "models--"
SNAPSHOT_DEPTH = 3
"""Repositories keep their files at the top, or in a folder for each quantization."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def is_hub_cache(folder: Path) -> bool:
    """Say whether a folder looks like such a cache."""
    return any(folder.glob(f"{REPOSITORY_PREFIX}*/snapshots"))


def find_in_hub_cache(root: Path, budget: EntryBudget) -> Iterator[FoundFile | None]:
    """Find the model files of a cache; of two snapshots with the same file, the present one's.

    Yields:
        A file, or None after a folder without any, so that the caller can stop.

    Raises:
        OSError: the folder cannot be listed.
    """
    for entry in filter(is_folder, budget.entries(root)):
        _, is_repository, rest = entry.name.partition(REPOSITORY_PREFIX)
        organisation, is_whole, name = rest.partition("--")
        if is_repository and is_whole:
            yield from _find_in_repository(Path(entry.path), f"{organisation}/{name}", budget)


def _find_in_repository(
    folder: Path, repo_id: str, budget: EntryBudget
) -> Iterator[FoundFile | None]:
    present = _present_commit(folder)
    snapshots = budget.folders(folder / "snapshots")
    snapshots.sort(key=lambda one: one.name != present)
    seen: set[Path] = set()
    for snapshot in snapshots:
        if not _COMMIT.fullmatch(snapshot.name):
            continue
        for path in _find_in_snapshot(snapshot, budget):
            real = None if path is None else _inside(path, folder)
            if path is None or real is None:
                yield None
            elif real not in seen:
                seen.add(real)
                sha256 = real.name if _SHA256.fullmatch(real.name) else ""
                yield FoundFile(path, "", repo_id, snapshot.name, sha256)


def _find_in_snapshot(snapshot: Path, budget: EntryBudget) -> Iterator[Path | None]:
    """Find the files of one commit; one that cannot be listed hides no others."""
    try:
        yield from find_in_folders(snapshot, SNAPSHOT_DEPTH, budget)
    except OSError as error:
        _LOG.warning("a snapshot cannot be read: %s", error.strerror)


def _inside(path: Path, folder: Path) -> Path | None:
    """Give the file behind a link; None if it is outside the repository's own folder."""
    try:
        real = path.resolve(strict=True)
        return real if real.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):
        return None


def _present_commit(folder: Path) -> str:
    """Give the commit that the main branch had when it was last asked for."""
    try:
        with folder.joinpath("refs", "main").open("rb") as stream:
            return stream.read(64).decode("ascii", "replace").strip()
    except OSError:
        return ""
