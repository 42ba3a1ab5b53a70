"""What the page of models knows, and what each card has to say about it. No widgets."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from app.core import events
from app.core.fit.choice import Verdict
from app.core.fit.offers import Offer, offers_of
from app.core.fit.portions import missing_now_bytes
from app.core.fit_events import Outlook
from app.core.model import ModelFile
from app.core.model_versions import ModelVersions, group_versions
from app.core.origin import listed_paths
from app.core.prospects import Prospect, prospect_steps, recommended_here
from app.ui.catalogue.bar_pictures import offers_scale_bytes


class ModelState(Enum):
    """What a card says about its model."""

    READY = "ready"
    LOADING = "loading"
    IN_USE = "in_use"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Remote:
    """How a version can be had that is not on this computer.

    Attributes:
        n_files: that it comes in.
        is_size_about: nobody has read its size from the Hub.
    """

    n_files: int = 1
    is_size_about: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One model, as its card shows it.

    Attributes:
        model: the version that the card speaks of: chosen by the user, or in use, or best.
        verdict: on that version; None while nothing is known of it or of this computer.
        prospect: all versions on this computer; None while it is not known.
        missing: versions whose files are gone.
        scale_bytes: what the whole width of every bar stands for.
        loaded: how the model was loaded, while it is in use.
        remote: how versions that are not on this computer can be had.
    """

    versions: ModelVersions
    model: ModelFile
    state: ModelState
    verdict: Verdict | None = None
    prospect: Prospect | None = None
    missing: frozenset[Path] = frozenset()
    scale_bytes: int = 1
    loaded: events.LoadedModel | None = None
    is_starter: bool = False
    is_recommended: bool = False
    remote: Mapping[Path, Remote] = field(default_factory=dict)

    @property
    def is_doubtful(self) -> bool:
        """Whether there is something to be read before it is loaded: it does not fit now."""
        one = self.verdict
        return one is not None and missing_now_bytes(one.need, one.placement, one.budget) > 0

    @property
    def offers(self) -> dict[Offer, Verdict]:
        """The versions to offer first."""
        return offers_of(self.prospect.ranking) if self.prospect is not None else {}


class Shelf:
    """Brings together library, engine and outlook.

    Attributes:
        outlook: None until this computer has been looked at.
    """

    def __init__(self) -> None:
        self.outlook: Outlook | None = None
        self._library = events.Library(())
        self._status = events.EngineStatus(events.EngineState.STOPPED)
        self._loaded: events.LoadedModel | None = None
        self._versions: tuple[ModelVersions, ...] = ()
        self._missing: frozenset[Path] = frozenset()
        self._listed_as: dict[Path, Path] = {}
        self._prospects: dict[str, Prospect] = {}
        self._recommended = ""
        self._chosen: dict[str, Path] = {}
        self._steps: Iterator[None] = iter(())

    def take_library(self, library: events.Library) -> None:
        """Know other model files."""
        self._library = library
        self._versions = group_versions((*library.models, *library.missing))
        self._missing = frozenset(model.path for model in library.missing)
        self._listed_as = listed_paths(library.origins)
        self._steps = self._judging()

    def take_outlook(self, outlook: Outlook) -> None:
        """Know another state of this computer."""
        self.outlook = outlook
        self._steps = self._judging()

    def judge(self, limit_s: float) -> bool:
        """Go on judging the models for about `limit_s` seconds; False once that is done."""
        began_s = time.perf_counter()
        return any(time.perf_counter() - began_s > limit_s for _ in self._steps)

    def take_status(self, status: events.EngineStatus) -> None:
        """Know what the engine does."""
        before, self._status = self._status, status
        if status.model is None:
            return
        path = status.model.path
        if before.model is None or before.model.path != path:
            self._chosen.pop(self.key_of(path), None)

    def take_loaded(self, loaded: events.LoadedModel) -> None:
        """Know how the model in use was loaded."""
        self._loaded = loaded

    def choose(self, key: str, path: Path) -> None:
        """Speak of this version of a model until another of its versions is in use."""
        self._chosen[key] = path

    def leave(self, key: str) -> None:
        """Speak of the version in use again, if one of this model is."""
        if any(one.key == key and self._present(one) for one in self._versions):
            self._chosen.pop(key, None)

    def entries(self) -> tuple[Entry, ...]:
        """Give what each card shows, last used first."""
        scale = self._scale_bytes()
        return tuple(self._entry(versions, scale) for versions in self._versions)

    def key_of(self, path: Path) -> str:
        """Name the model that a file, or its copy, is a version of; empty if it is not known."""
        known = (one.key for one in self._versions if self._find(one, path) is not None)
        return next(known, "")

    def _find(self, versions: ModelVersions, path: Path) -> ModelFile | None:
        """Give the version that a file is, or is a copy of that is not listed itself."""
        return versions.find(path) or versions.find(self._listed_as.get(path, path))

    def _judging(self) -> Iterator[None]:
        """Judge all models, one file with each step; what was said before holds until the end."""
        if self.outlook is None:
            return
        prospects = {}
        for versions in self._versions:
            steps = prospect_steps(versions, self.outlook, self._missing)
            prospects[versions.key] = yield from steps
        starter = self._library.starter.path if self._library.starter else None
        self._prospects = prospects
        self._recommended = recommended_here(tuple(prospects.values()), starter)

    def _prospect(self, versions: ModelVersions) -> Prospect | None:
        """Give what was said last of a model, unless its files are others now."""
        prospect = self._prospects.get(versions.key)
        is_same = prospect is not None and _paths(prospect.versions) == _paths(versions)
        return prospect if is_same else None

    def _entry(self, versions: ModelVersions, scale_bytes: int) -> Entry:
        prospect = self._prospect(versions)
        model, state = self._preferred(versions, prospect), ModelState.READY
        present = self._present(versions)
        if present is not None and (present[0] is model or self._wanted(versions) is None):
            model, state = present
        if state is ModelState.READY and model.path in self._missing:
            state = ModelState.MISSING
        starter = self._library.starter
        return Entry(
            versions,
            model,
            state,
            prospect.of(model.path) if prospect is not None else None,
            prospect,
            self._missing,
            scale_bytes,
            self._loaded if self._is_loaded(versions, model, state) else None,
            is_starter=starter is not None and versions.find(starter.path) is not None,
            is_recommended=versions.key == self._recommended,
        )

    def _is_loaded(self, versions: ModelVersions, model: ModelFile, state: ModelState) -> bool:
        loaded = self._loaded
        is_shown = loaded is not None and self._find(versions, loaded.model.path) is model
        return state is ModelState.IN_USE and is_shown

    def _present(self, versions: ModelVersions) -> tuple[ModelFile, ModelState] | None:
        """Give the version that is in use or being loaded."""
        present = self._status.model
        model = self._find(versions, present.path) if present is not None else None
        if model is None:
            return None
        return model, ModelState.LOADING if self._status.is_loading else ModelState.IN_USE

    def _wanted(self, versions: ModelVersions) -> ModelFile | None:
        """Give the version that the user has chosen to speak of."""
        wanted = versions.find(self._chosen.get(versions.key, Path()))
        return wanted if wanted is not None and wanted.path not in self._missing else None

    def _preferred(self, versions: ModelVersions, prospect: Prospect | None) -> ModelFile:
        if (wanted := self._wanted(versions)) is not None:
            return wanted
        if prospect is not None and prospect.best is not None:
            return prospect.best.model
        there = (one for one in versions.models if one.path not in self._missing)
        return next(there, versions.models[0])

    def _scale_bytes(self) -> int:
        """Give one scale for the bars of all cards."""
        entries = (self._entry(versions, 1) for versions in self._versions)
        return offers_scale_bytes(one.verdict for one in entries if one.verdict is not None)


def _paths(versions: ModelVersions) -> set[Path]:
    return {model.path for model in versions.models}
