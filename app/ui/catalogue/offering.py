"""One model that can be had, as a card and its page show it. No widgets."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from app.core.candidate import (
    Candidate,
    Gate,
    RemoteVersion,
    as_model_versions,
    judged_path,
)
from app.core.download import Download, DownloadState
from app.core.fit.choice import FitState, Verdict
from app.core.model import ModelFile
from app.core.model_versions import ModelVersions
from app.core.prospects import Prospect
from app.ui.catalogue.shelf import Entry, ModelState, Remote
from app.ui.widgets.text_safety import visible_text

LONGEST_NAME_CHARS = 120
LONGEST_TEXT_CHARS = 400
USUAL_QUANTIZATION = "Q4_K_M"
"""Taken where nothing is known of this computer."""


class CardAction(Enum):
    """What the button of a card does."""

    DOWNLOAD = "download"
    USE = "use"
    WHY = "why"
    DETAILS = "details"
    FOLLOW = "follow"
    """Show the page of downloads, where it is now."""


@dataclass(frozen=True, eq=False)
class Offering:
    """A candidate with what it means here.

    Attributes:
        version: the one that is spoken of: chosen by the user, or best; None if there is none.
        verdict: on that version; None while nothing can be said.
        download: of that version, while it is in the queue; None if it is not.
        installed: the file of that version on this computer; None if it is not here.
        scale_bytes: what the whole width of every bar stands for.
        is_recommended: the best here for what it is listed under.
        is_unfit: this engine cannot run it.
    """

    candidate: Candidate
    version: RemoteVersion | None = None
    prospect: Prospect | None = None
    verdict: Verdict | None = None
    download: Download | None = None
    installed: ModelFile | None = None
    scale_bytes: int = 1
    is_recommended: bool = False
    is_unfit: bool = False

    @property
    def key(self) -> str:
        """What names it."""
        return self.candidate.repo_id

    @cached_property
    def versions(self) -> ModelVersions:
        """All versions as models that can be judged; made when asked for, which takes 1 ms."""
        return as_model_versions(self.candidate)

    @property
    def is_gated(self) -> bool:
        """Whether its publisher wants to be asked."""
        return self.candidate.gate is not Gate.NONE

    @property
    def size_bytes(self) -> int:
        """Of the version; 0 while it is not known."""
        return self.version.size_bytes if self.version is not None else 0

    @property
    def is_size_about(self) -> bool:
        """Whether the size has not been read from the Hub."""
        return self.version is None or self._is_about(self.version)

    def _is_about(self, version: RemoteVersion) -> bool:
        is_verified = all(one.is_verified for one in version.files)
        return "size" in self.candidate.unverified or not is_verified

    @property
    def is_judged(self) -> bool:
        """Whether it can be said what it takes, now or soon."""
        if self.is_unfit:
            return False
        is_shaped = self.candidate.shape is not None and self.size_bytes > 0
        return self.verdict is not None or is_shaped

    @property
    def is_too_big(self) -> bool:
        """Whether it does not fit into this computer."""
        return self.verdict is not None and self.verdict.state is FitState.TOO_BIG

    @property
    def action(self) -> CardAction:
        """What can be done next."""
        if self.installed is not None:
            return CardAction.USE
        if self.download is not None and self.download.state is not DownloadState.DONE:
            return CardAction.FOLLOW
        if self.is_too_big:
            return CardAction.WHY
        if self.is_unfit or self.is_gated or not self.size_bytes:
            return CardAction.DETAILS
        return CardAction.DOWNLOAD

    def as_entry(self) -> Entry | None:
        """Give it as the cards for models on this computer take it; None without versions."""
        model = self.model
        if model is None:
            return None
        return Entry(
            self.versions,
            model,
            ModelState.READY,
            self.verdict,
            self.prospect,
            scale_bytes=self.scale_bytes,
            remote={
                judged_path(self.candidate, one): Remote(len(one.files), self._is_about(one))
                for one in self.candidate.versions
            },
        )

    @property
    def model(self) -> ModelFile | None:
        """The version as a model that can be judged."""
        if self.version is None:
            return None
        return self.versions.find(judged_path(self.candidate, self.version))


def made_safe(candidate: Candidate) -> Candidate:
    """Give a candidate whose texts neither hide, nor reorder, nor flood.

    The repository and its files keep their names: they are what is asked for.
    """
    return replace(
        candidate,
        name=_plain(candidate.name, LONGEST_NAME_CHARS) or _plain(candidate.repo_id),
        publisher=_plain(candidate.publisher),
        sentence=_plain(candidate.sentence, LONGEST_TEXT_CHARS),
        licence_id=_plain(candidate.licence_id),
        licence_name=_plain(candidate.licence_name),
        languages=tuple(_plain(one) for one in candidate.languages[:300]),
        base_models=tuple(_plain(one) for one in candidate.base_models[:20]),
    )


def _plain(text: str, longest_chars: int = LONGEST_NAME_CHARS) -> str:
    """Give a text in one line that is not too long."""
    line = " ".join(visible_text(text[: 4 * longest_chars]).split())
    return line if len(line) <= longest_chars else f"{line[: longest_chars - 1]}…"
