"""Which model is loaded, which is being loaded, which comes next, and which comes back."""

import time
from dataclasses import dataclass, replace
from enum import Enum

from app.core.errors import ErrorCode, Failure
from app.core.model import ModelFile
from app.worker.load_plan import LoadPlan

ESTIMATED_AFTER_S = 1.0
"""Seconds of loading after which the time left can be told from the time taken."""

_LOWER = {
    ErrorCode.MEMORY_TOO_SMALL: LoadPlan.lower,
    ErrorCode.DEVICE_MISSING: LoadPlan.without_devices,
}
"""What to try next after a failure that is not the file's fault."""


class FailedLoad(Enum):
    """What a load that did not succeed means for the user."""

    REPORTED = "reported"
    """It failed, and the user has to know."""
    CANCELLED = "cancelled"
    """The user did not want it any more."""
    SUPERSEDED = "superseded"
    """Another model, or a smaller try with the same one, is coming; nobody wants to hear of it."""


@dataclass(slots=True)
class ModelTurns:
    """At most one model is loaded or being loaded; another may be wanted next.

    Attributes:
        wanted: loaded as soon as the engine is free.
        loading: being loaded.
        loaded: ready to answer.
        is_returning: `loading` or `loaded` has come back because another load failed.
    """

    wanted: LoadPlan | None = None
    loading: LoadPlan | None = None
    loaded: LoadPlan | None = None
    is_returning: bool = False
    _previous: LoadPlan | None = None
    _wants_previous: bool = False
    _is_cancelled: bool = False
    _began_s: float = 0.0

    @property
    def present(self) -> LoadPlan | None:
        """What is being loaded, or else what is loaded."""
        return self.loading or self.loaded

    @property
    def chosen(self) -> LoadPlan | None:
        """What there will be when all goes well."""
        return self.wanted or self.present

    @property
    def is_loading(self) -> bool:
        """Whether a model is on its way."""
        return self.loading is not None or self.wanted is not None

    def want(self, plan: LoadPlan) -> None:
        """Load this next, whatever was wanted before."""
        self.wanted, self._wants_previous = plan, False

    def begin(self) -> LoadPlan | None:
        """Begin to load what is wanted; None if nothing is."""
        if self.wanted is None:
            return None
        self._previous = self.loaded or self._previous
        self.is_returning, self._wants_previous = self._wants_previous, False
        self.loading, self.loaded, self.wanted = self.wanted, None, None
        self._is_cancelled = False
        self._began_s = time.monotonic()
        return self.loading

    def know_again(self, model: ModelFile) -> LoadPlan | None:
        """Note what the file being loaded is now; give the plan with that."""
        if self.loading is not None:
            self.loading = replace(self.loading, model=model)
        return self.loading

    def succeed(self) -> None:
        """Note that the model being loaded is ready."""
        self.loaded, self.loading, self._previous = self.loading, None, None

    def cancel(self) -> None:
        """Give up what is wanted and what is being loaded; what was loaded before comes back."""
        self.wanted = None
        self._is_cancelled = self.loading is not None

    def fail(self, failure: Failure) -> FailedLoad:
        """Note that the load has failed, and want what comes next.

        When memory was too small that is a smaller try, when a graphics card has gone one
        without it, else what was loaded before.
        """
        plan, self.loading = self.loading, None
        if self.wanted is not None:
            return FailedLoad.SUPERSEDED
        if self._is_cancelled:
            self._want_previous()
            return FailedLoad.CANCELLED
        if plan is not None and failure.code in _LOWER:
            lower = _LOWER[failure.code](plan)
            self.wanted, self._wants_previous = lower, self.is_returning
            if self.wanted is not None:
                return FailedLoad.SUPERSEDED
        self._want_previous()
        return FailedLoad.REPORTED

    def lose(self) -> None:
        """Note that the loaded model has gone with the engine; it is loaded again."""
        if self.wanted is None:
            self.wanted, self._wants_previous = self.loaded, self.is_returning
        self.loaded = None

    def seconds_left(self, fraction: float) -> float | None:
        """Estimate the rest of the load, in seconds, from the part done (0.0 to 1.0)."""
        took_s = time.monotonic() - self._began_s
        if fraction <= 0.0 or took_s < ESTIMATED_AFTER_S:
            return None
        return took_s * (1.0 - fraction) / fraction

    def _want_previous(self) -> None:
        self.wanted, self._previous = self._previous, None
        self._wants_previous = self.wanted is not None
