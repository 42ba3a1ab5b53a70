"""Which places are looked at, and in which order."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.core.origin import Program
from app.store.other_programs.found import Layout, Place
from app.store.scanned_folders import ScannedFolder

OWN_DEPTH = 4
NAMED_DEPTH = 4
"""How deep folders are looked into that the user named."""

_GUESSED = frozenset({Program.FOLDER, Program.DOWNLOADS})
"""Places that belong to no program."""


def merge_places(
    own: Iterable[Path], programs: Iterable[Place], scanned: Iterable[ScannedFolder]
) -> tuple[Place, ...]:
    """Put places in order: our own, those of programs, those that the user named.

    Args:
        own: folders of downloads.
        programs: places of programs, whether they are there or not.
        scanned: folders that were looked into before, or were named.
    """
    places = {path: Place(Program.QUILLHOUSE, path, depth=OWN_DEPTH) for path in own}
    for place in programs:
        places.setdefault(place.path, place)
    for folder in scanned:
        known = places.get(folder.path)
        if folder.is_named and (known is None or known.program in _GUESSED):
            places.pop(folder.path, None)
            places[folder.path] = Place(Program.FOLDER, folder.path, Layout.ANY, NAMED_DEPTH, True)
        elif known is not None and (folder.is_named or folder.was_there):
            places[folder.path] = replace(known, is_expected=True)
    return tuple(places.values())
