"""What all models known here mean for this computer."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.fit.choice import (
    FitState,
    Ranking,
    Verdict,
    ranked,
    recommend_model,
    verdict_on,
)
from app.core.fit_events import Outlook
from app.core.model import ModelFile
from app.core.model_versions import ModelVersions


@dataclass(frozen=True, slots=True)
class Prospect:
    """One model on this computer.

    Attributes:
        versions: its files.
        ranking: those that can be judged, best first.
    """

    versions: ModelVersions
    ranking: Ranking

    def of(self, path: Path) -> Verdict | None:
        """Give the verdict on one file; None if nothing can be said about it."""
        return next((one for one in self.ranking.verdicts if one.model.path == path), None)

    @property
    def best(self) -> Verdict | None:
        """The version to take; None if nothing can be said about any."""
        verdicts = self.ranking.verdicts
        return self.ranking.recommended or (verdicts[0] if verdicts else None)


def prospect_of(
    versions: ModelVersions, outlook: Outlook, missing: Iterable[Path] = ()
) -> Prospect:
    """Judge all versions of a model; files that are missing or cannot be read are left out."""
    steps = prospect_steps(versions, outlook, missing)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            prospect: Prospect = end.value
            return prospect


def prospect_steps(
    versions: ModelVersions, outlook: Outlook, missing: Iterable[Path] = ()
) -> Generator[None, None, Prospect]:
    """Judge all versions of a model as `prospect_of` does, one with each step.

    A step takes up to 20 ms where layers are divided between graphics and processor.
    """
    gone = frozenset(missing)
    judged = []
    for model in versions.models:
        if model.path not in gone and is_judged(model):
            judged.append(live_verdict(model, outlook))
            yield
    ranking = ranked(judged)
    verdicts = {one.model.path: _as_wished(one, outlook) for one in ranking.verdicts}
    chosen = ranking.recommended
    return Prospect(
        versions,
        Ranking(tuple(verdicts.values()), verdicts[chosen.model.path] if chosen else None),
    )


def is_judged(model: ModelFile) -> bool:
    """Whether enough of a model's build is known to say anything about it."""
    return bool(model.shape.layers)


def live_verdict(model: ModelFile, outlook: Outlook, n_ctx: int = 0) -> Verdict:
    """Judge one file with a context length of `n_ctx` tokens; 0 takes what the settings want."""
    wishes = replace(outlook.wishes, n_ctx=n_ctx or outlook.wishes.n_ctx)
    return verdict_on(model, outlook.computer, outlook.knowledge, wishes)


def recommended_here(prospects: Sequence[Prospect], starter: Path | None = None) -> str:
    """Give the key of the model to take on this computer; empty if none can be recommended.

    Args:
        prospects: of all models.
        starter: the model that comes along only to try everything; never recommended.
    """
    best = [one.best for one in prospects if one.best is not None]
    chosen = recommend_model(one for one in best if one.model.path != starter)
    if chosen is None:
        return ""
    return next(one.versions.key for one in prospects if one.of(chosen.model.path) is not None)


def _as_wished(verdict: Verdict, outlook: Outlook) -> Verdict:
    """Take the context length into account that the user wants for this very file."""
    n_ctx = outlook.n_ctx_by_path.get(verdict.model.path, 0)
    if not n_ctx:
        return verdict
    wished = live_verdict(verdict.model, outlook, n_ctx)
    is_as_good = wished.state is not FitState.TOO_BIG or verdict.state is FitState.TOO_BIG
    return replace(wished, reason=verdict.reason) if is_as_good else wished
