"""What a scan has found so far, and what of it is new."""

from pathlib import Path

from app.core.hub_events import PlaceScanned, ScanFinished
from app.core.origin import Program
from app.store.library import ModelLibrary
from app.store.model_rows import ModelRow
from app.store.scanned_folders import ScannedFolders


class ScanResults:
    """Puts what is found onto the list, one place at a time.

    Args:
        library: the list.
        folders: that were looked into.
        named: folders that the user asked for with this scan.
    """

    def __init__(
        self, library: ModelLibrary, folders: ScannedFolders, named: tuple[Path, ...]
    ) -> None:
        self._library = library
        self._folders = folders
        self._named = named
        self._found: list[ModelRow] = []
        self._places: list[PlaceScanned] = []
        self._new: set[str] = set()

    def add(self, row: ModelRow) -> None:
        """Take a model of the present place."""
        self._found.append(row)

    def end_place(self, place: PlaceScanned) -> bool:
        """Put what was found in a place onto the list, and take off what is gone from there.

        Returns:
            Whether something new was found.
        """
        is_explicit = place.path in self._named
        n_before = len(self._new)
        self.keep_found(is_explicit=is_explicit)
        if not place.is_absent and place.failure is None:
            self._folders.see(place.path, place.program)
            # In our own folder is also what others put there by hand, and what was kept of theirs.
            is_own = place.program is Program.QUILLHOUSE
            programs = frozenset(Program) if is_own else {place.program}
            self._library.drop_gone(programs, place.path)
        if place.program is not Program.QUILLHOUSE:
            self._places.append(place)
        return len(self._new) > n_before

    def keep_found(self, *, is_explicit: bool = False) -> None:
        """Put onto the list what was found since the last place ended."""
        found, self._found = self._found, []
        if found:
            new = self._library.take(found, is_explicit=is_explicit)
            self._new |= {str(path) for path in new}

    def finished(self) -> ScanFinished:
        """Say what was found; a new copy of a model that was known is no new model."""
        origins = self._library.models().origins
        n_new = sum(
            self._new.issuperset({str(path), *one.also_at, *one.also_probably_at})
            for path, one in origins.items()
        )
        return ScanFinished(tuple(self._places), n_new)
