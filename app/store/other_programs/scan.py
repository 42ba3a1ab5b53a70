"""Looks for models in all places, a small step at a time."""

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.core.hub_events import PlaceScanned, ScanProgress
from app.core.model import ModelFile
from app.core.origin import Origin, Program
from app.store.model_files import FileState, file_state, inspect_model
from app.store.model_identity import fingerprint_of
from app.store.other_programs.folders import find_in_folders
from app.store.other_programs.found import (
    EntryBudget,
    FoundFile,
    FoundModel,
    Layout,
    Place,
)
from app.store.other_programs.hub_cache import find_in_hub_cache, is_hub_cache
from app.store.other_programs.ollama import find_in_ollama, is_ollama_store

_LOG = logging.getLogger(__name__)

MAX_HEADERS = 300
"""Headers read in one place and one scan: 0.16 s each for the largest vocabularies. Those read
before are not counted, so that the next scan goes on with the others."""
LM_STUDIO_DEPTH = 3
"""publisher/repository/file."""
NOT_READY = 21
"""ERROR_NOT_READY of Windows: a drive without a disk in it."""

_UNUSABLE = frozenset(
    {ErrorCode.MODEL_UNSUPPORTED, ErrorCode.MODEL_DAMAGED, ErrorCode.CHAT_TEMPLATE_MISSING}
)
"""Worth telling; all others are half downloads, or no models at all."""

Step = ScanProgress | FoundModel | PlaceScanned


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What was read of a file before."""

    model: ModelFile
    fingerprint: str


@dataclass(slots=True)
class ScanMemory:
    """What need not be read again.

    Attributes:
        models: by path, as they were when they were read.
        refusals: why files are no models that can be used, by path and state.
    """

    models: Mapping[Path, KnownFile] = field(default_factory=dict)
    refusals: dict[tuple[Path, FileState], ErrorCode] = field(default_factory=dict)


def scan(places: tuple[Place, ...], memory: ScanMemory) -> Iterator[Step]:
    """Look into places, one after the other.

    Each step takes a moment at most, so that the caller can stop between any two.

    Args:
        places: in the order of whose a file is that several of them have.
        memory: what is known; refusals are added to it.

    Yields:
        How far it is, each model, and at the end of each place what was found there. Nothing
        of a place that is not there, unless it is expected to be.
    """
    n_found = 0
    for place in places:
        yield ScanProgress(str(place.path), n_found)
        visit = _Visit(place, memory)
        for step in visit.steps():
            if isinstance(step, FoundModel):
                n_found += 1
                yield step
            elif step is None:
                yield ScanProgress(str(place.path), n_found)
        if visit.result is not None:
            yield visit.result


class _Visit:
    """Looks into one place."""

    def __init__(self, place: Place, memory: ScanMemory) -> None:
        self.result: PlaceScanned | None = None
        self._place = place
        self._memory = memory
        self._n_headers = 0
        self._n_models = 0
        self._n_unusable = 0

    def steps(self) -> Iterator[FoundModel | None]:
        """Give each model, and None in between."""
        place = self._place
        try:
            if _may_be_on_a_disk(place) and _is_empty(place.path):
                # What is left of a disk that is not connected.
                self.result = PlaceScanned(place.program, place.path, is_absent=True)
                return
            for found in files_in(place):
                yield None if found is None else self._look_at(found)
            self.result = PlaceScanned(place.program, place.path, self._n_models, self._n_unusable)
        except (OSError, RuntimeError, ValueError) as error:
            self.result = self._failed(error)

    def _failed(self, error: OSError | RuntimeError | ValueError) -> PlaceScanned | None:
        """Tell a folder that is not there from one that may not be read."""
        place, reason = self._place, getattr(error, "strerror", None) or ""
        is_absent = isinstance(error, FileNotFoundError | NotADirectoryError)
        if is_absent or getattr(error, "winerror", 0) == NOT_READY:
            is_told = place.is_expected
            return PlaceScanned(place.program, place.path, is_absent=True) if is_told else None
        _LOG.warning("a folder of %s cannot be read: %s", place.program, reason)
        failure = Failure(ErrorCode.FOLDER_UNREADABLE, Facts(path=str(place.path), reason=reason))
        return PlaceScanned(
            place.program, place.path, self._n_models, self._n_unusable, failure=failure
        )

    def _look_at(self, found: FoundFile) -> FoundModel | None:
        """Read a file, unless it is known or enough were read."""
        try:
            state = file_state(found.path)
        except (OSError, ValueError):
            return None
        known = self._memory.models.get(found.path)
        if known is not None and _state(known.model) == state:
            self._n_models += 1
            print_of_known = known.fingerprint or fingerprint_of(found.path)
            return self._as_found(found, known.model, print_of_known)
        refusal = self._memory.refusals.get((found.path, state))
        if refusal is None:
            if self._n_headers >= MAX_HEADERS:
                return None
            self._n_headers += 1
            try:
                model = inspect_model(found.path)
            except WorldError as error:
                refusal = self._memory.refusals[found.path, state] = error.code
            else:
                self._n_models += 1
                return self._as_found(found, model, fingerprint_of(found.path))
        self._n_unusable += refusal in _UNUSABLE
        return None

    def _as_found(self, found: FoundFile, model: ModelFile, fingerprint: str) -> FoundModel:
        name = found.name or model.display_name
        if found.path.stem == name:
            # Jan calls every file "model.gguf"; the folder has the name.
            name = found.path.parent.name if name == "model" else name
        origin = Origin(
            self._place.program,
            repo_id=found.repo_id or _repo_id(self._place, found.path),
            commit=found.commit,
            sha256=found.sha256,
        )
        return FoundModel(replace(model, display_name=name), origin, fingerprint)


def _may_be_on_a_disk(place: Place) -> bool:
    """Say whether a place is where the user wanted it, perhaps on a disk of its own."""
    is_named = place.program is Program.FOLDER and place.is_expected
    return is_named or place.program is Program.QUILLHOUSE


def _is_empty(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def files_in(place: Place) -> Iterator[FoundFile | None]:
    """Find the files of a place that may be models.

    Yields:
        A file, or None where there was none, so that the caller can stop.

    Raises:
        OSError: the folder cannot be listed.
    """
    budget, layout = EntryBudget(), place.layout
    if layout is Layout.ANY:
        yield from _in_stores_below(place.path, budget)
        layout = _layout_of(place.path)
    if layout is Layout.OLLAMA:
        yield from find_in_ollama(place.path, budget)
    elif layout is Layout.HUB_CACHE:
        yield from find_in_hub_cache(place.path, budget)
    else:
        for path in find_in_folders(place.path, place.depth, budget):
            yield None if path is None else FoundFile(path)


def _in_stores_below(folder: Path, budget: EntryBudget) -> Iterator[FoundFile | None]:
    """Find the files of a store whose program's whole folder was named: `~/.ollama`."""
    try:
        if is_ollama_store(folder / "models"):
            yield from find_in_ollama(folder / "models", budget)
        if is_hub_cache(folder / "hub"):
            yield from find_in_hub_cache(folder / "hub", budget)
    except OSError as error:
        _LOG.warning("a store in a folder cannot be read: %s", error.strerror)


def _layout_of(folder: Path) -> Layout:
    if is_ollama_store(folder):
        return Layout.OLLAMA
    return Layout.HUB_CACHE if is_hub_cache(folder) else Layout.FOLDERS


def _repo_id(place: Place, path: Path) -> str:
    """Give the repository that LM Studio's folders are named after."""
    parts = path.relative_to(place.path).parts if path.is_relative_to(place.path) else ()
    if place.program is not Program.LM_STUDIO or len(parts) != LM_STUDIO_DEPTH:
        return ""
    return f"{parts[0]}/{parts[1]}"


def _state(model: ModelFile) -> FileState:
    return FileState(model.size_bytes, model.modified_ns)
