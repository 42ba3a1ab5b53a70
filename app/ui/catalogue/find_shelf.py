"""What the view of models to be found knows, and the rows that come of it. No widgets."""

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path

from app.core import events
from app.core import hub_events as hub
from app.core.candidate import (
    Candidate,
    RemoteVersion,
    as_model_versions,
    judged_path,
)
from app.core.catalogue import SearchText, closeness, query_words, search_text
from app.core.download import Download, DownloadState
from app.core.fit.budget import budget_of
from app.core.fit.portions import capacity_bytes
from app.core.fit_events import Outlook
from app.core.gguf_name import parse_gguf_name
from app.core.model import ModelFile
from app.core.origin import Origin
from app.core.prospects import Prospect, prospect_steps
from app.ui.catalogue.bar_pictures import MOST_OVERFLOW
from app.ui.catalogue.offering import USUAL_QUANTIZATION, Offering, made_safe

Judging = Generator[None, None, Prospect]


class FindShelf:
    """Brings together catalogue, what the Hub found, this computer, and downloads.

    Attributes:
        outlook: None until this computer has been looked at.
        catalogue: keys of the bundled catalogue, in the order of its file.
        found: keys of what the Hub found for the search shown, in its order.
    """

    def __init__(self) -> None:
        self.outlook: Outlook | None = None
        self.catalogue: tuple[str, ...] = ()
        self.found: tuple[str, ...] = ()
        self._candidates: dict[str, Candidate] = {}
        self._texts: dict[str, SearchText] = {}
        self._prospects: dict[str, Prospect] = {}
        self._chosen: dict[str, Path] = {}
        self._downloads: dict[tuple[str, str], Download] = {}
        self._installed: dict[str, list[tuple[ModelFile, Origin]]] = {}
        self._offerings: dict[str, Offering] = {}
        self._to_judge: dict[str, None] = {}
        self._judged: tuple[str, Judging] | None = None
        self._recommended: frozenset[str] = frozenset()
        self._unfit: set[str] = set()

    # --- what is known ---

    def take_catalogue(self, shown: hub.CatalogueShown) -> None:
        """Know the bundled catalogue; what was read from the Hub meanwhile stays."""
        for candidate in shown.candidates:
            if candidate.repo_id not in self._candidates:
                self._take(made_safe(candidate))
        self.catalogue = tuple(one.repo_id for one in shown.candidates)

    def take_found(self, candidates: Sequence[Candidate], *, is_first_page: bool) -> None:
        """Know what the Hub found; what is known better already stays as it is."""
        for candidate in candidates:
            if candidate.repo_id not in self._candidates:
                self._take(made_safe(candidate))
        keys = [one.repo_id for one in candidates]
        before = () if is_first_page else self.found
        self.found = tuple(dict.fromkeys((*before, *keys)))

    def drop_found(self) -> None:
        """Forget what the Hub found."""
        self.found = ()

    def take_read(self, candidate: Candidate, *, is_unfit: bool = False) -> None:
        """Know what the Hub says of a model now; one that cannot run here is not judged."""
        key = candidate.repo_id
        (self._unfit.add if is_unfit else self._unfit.discard)(key)
        self._take(made_safe(candidate))
        if is_unfit:
            self._to_judge.pop(key, None)
            self._prospects.pop(key, None)

    def take_outlook(self, outlook: Outlook) -> None:
        """Know another state of this computer; what was said before holds until the end."""
        self.outlook = outlook
        self._judged = None
        self._to_judge = dict.fromkeys(key for key in self._candidates if key not in self._unfit)
        self._offerings.clear()

    def take_library(self, library: events.Library) -> None:
        """Know which models are on this computer."""
        installed: dict[str, list[tuple[ModelFile, Origin]]] = {}
        for model in library.models:
            origin = library.origins.get(model.path)
            for name in (origin.repo_id, origin.sha256) if origin is not None else ():
                if name and origin is not None:
                    installed.setdefault(name, []).append((model, origin))
        self._installed = installed
        self._offerings.clear()

    def take_downloads(self, changed: hub.DownloadsChanged) -> frozenset[str]:
        """Know how far downloads are; give the keys of models that changed by it."""
        now = {
            (one.spec.repo_id, name): one
            for one in changed.downloads
            for name in (one.spec.quantization, *(file.path for file in one.spec.files[:1]))
        }
        before = self._downloads
        keys = {key for key, _ in before.keys() | now.keys() if _of(key, before) != _of(key, now)}
        self._downloads = now
        for key in keys:
            self._offerings.pop(key, None)
        return frozenset(keys & self._candidates.keys())

    def choose(self, key: str, path: Path) -> None:
        """Speak of this version of a model from now on."""
        self._chosen[key] = path
        self._offerings.pop(key, None)

    def recommend(self, keys: frozenset[str]) -> None:
        """Mark these as recommended."""
        for key in keys ^ self._recommended:
            self._offerings.pop(key, None)
        self._recommended = keys

    def _take(self, candidate: Candidate) -> None:
        key = candidate.repo_id
        self._candidates[key] = candidate
        self._texts.pop(key, None)
        self._offerings.pop(key, None)
        self._to_judge[key] = None
        if self._judged is not None and self._judged[0] == key:
            self._judged = None

    # --- judging ---

    @property
    def is_judging(self) -> bool:
        """Whether there is something left to judge."""
        return self.outlook is not None and bool(self._to_judge or self._judged)

    def prioritise(self, keys: Iterable[str]) -> None:
        """Judge these first."""
        first = {key: None for key in keys if key in self._to_judge}
        self._to_judge = {**first, **self._to_judge}

    def judge(self, limit_s: float) -> frozenset[str]:
        """Go on judging for about `limit_s` seconds; give the keys that have a verdict now."""
        done: set[str] = set()
        began_s = time.perf_counter()
        while self.is_judging and time.perf_counter() - began_s < limit_s:
            key, steps = self._judged or self._next_judged()
            self._judged = key, steps
            try:
                next(steps)
            except StopIteration as end:
                self._judged = None
                self._prospects[key] = end.value
                # So that the first letter of a search does not have to make them all.
                self._text(self._candidates[key])
                self._offerings.pop(key, None)
                done.add(key)
        return frozenset(done)

    def _next_judged(self) -> tuple[str, Judging]:
        key = next(iter(self._to_judge))
        del self._to_judge[key]
        assert self.outlook is not None  # noqa: S101 - nothing is judged before
        return key, prospect_steps(as_model_versions(self._candidates[key]), self.outlook)

    # --- what is shown ---

    @property
    def prospects(self) -> Mapping[str, Prospect]:
        """What was said of models, by key."""
        return self._prospects

    def candidate(self, key: str) -> Candidate | None:
        """Give a model by its key."""
        return self._candidates.get(key)

    def search(self, among: Sequence[Candidate], query: str) -> tuple[Candidate, ...]:
        """Find models by words, the closest first, without asking the Hub."""
        words = query_words(query)
        found = [(closeness(self._text(one), words), one) for one in among]
        found = [pair for pair in found if pair[0]]
        return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))

    def _text(self, candidate: Candidate) -> SearchText:
        text = self._texts.get(candidate.repo_id)
        if text is None:
            text = search_text(candidate)
            self._texts[candidate.repo_id] = text
        return text

    def key_of(self, path: Path) -> str:
        """Name the model that a version of this path belongs to; empty if it is not known."""
        for key, one in self._candidates.items():
            if any(judged_path(one, version) == path for version in one.versions):
                return key
        return ""

    def is_here(self, key: str) -> bool:
        """Whether a version of a model is on this computer."""
        candidate = self._candidates.get(key)
        if candidate is None:
            return False
        return any(self._file_of(candidate, one) is not None for one in candidate.versions)

    def offering(self, key: str) -> Offering | None:
        """Give what a card and the page of a model show."""
        known = self._offerings.get(key)
        candidate = self._candidates.get(key)
        if known is not None or candidate is None:
            return known
        prospect = self._prospects.get(key)
        version = self._version(candidate, prospect)
        path = judged_path(candidate, version) if version is not None else None
        made = Offering(
            candidate,
            version,
            prospect,
            prospect.of(path) if prospect is not None and path is not None else None,
            self._download_of(candidate, version),
            self._file_of(candidate, version) if version is not None else None,
            self._scale_bytes(),
            is_recommended=key in self._recommended and key not in self._unfit,
            is_unfit=key in self._unfit,
        )
        self._offerings[key] = made
        return made

    def _version(self, candidate: Candidate, prospect: Prospect | None) -> RemoteVersion | None:
        """Choose what to speak of: as chosen, what is here or coming, the best, the usual."""
        versions = candidate.versions
        chosen = self._chosen.get(candidate.repo_id)
        best = prospect.best if prospect is not None else None
        wanted = chosen, best.model.path if best is not None else None
        if chosen is None:
            for one in versions:
                if self._file_of(candidate, one) or self._download_of(candidate, one):
                    return one
        for path in wanted:
            for one in versions:
                if path is not None and judged_path(candidate, one) == path:
                    return one
        usual = (one for one in versions if one.quantization == USUAL_QUANTIZATION)
        return next(usual, versions[0] if versions else None)

    def _download_of(self, candidate: Candidate, version: RemoteVersion | None) -> Download | None:
        if version is None:
            return None
        found = self._downloads.get((candidate.repo_id, version.files[0].path))
        if found is None and version.quantization and "file_names" in candidate.unverified:
            # Its file has another name than our list supposes.
            found = self._downloads.get((candidate.repo_id, version.quantization))
        return found

    def _file_of(self, candidate: Candidate, version: RemoteVersion) -> ModelFile | None:
        """Give the file of a version on this computer: by its hash, or where it comes from."""
        first = version.files[0]
        for model, origin in self._installed.get(first.sha256, ()) if first.sha256 else ():
            if origin.sha256 == first.sha256:
                return model
        for model, _ in self._installed.get(candidate.repo_id, ()):
            # Of "UD-Q4_K_XL" the header only says "Q4_K_M", which the repository has too.
            named = parse_gguf_name(model.path.name).quantization or model.quantization
            is_same = named == version.quantization and version.quantization
            if model.path.name == first.name or is_same:
                return model
        return None

    def _scale_bytes(self) -> int:
        """Give one scale for all bars: what fits, and some of what does not."""
        if self.outlook is None:
            return 1
        budget = budget_of(self.outlook.computer, self.outlook.wishes.keep_free_bytes)
        return max(1, round(MOST_OVERFLOW * capacity_bytes(budget)))


def _of(key: str, downloads: Mapping[tuple[str, str], Download]) -> list[object]:
    """Give what a card shows of the downloads of a model."""
    return [
        (path, one.state, int(one.fraction * 100))
        for (repo_id, path), one in downloads.items()
        if repo_id == key and one.state is not DownloadState.DONE
    ]
