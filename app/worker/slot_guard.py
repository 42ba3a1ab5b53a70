"""The workers' last resort: what goes wrong in a slot becomes a value, not a dead thread."""

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from app.core.errors import AppError, BugError, Failure

_LOG = logging.getLogger(__name__)

P = ParamSpec("P")


class Reporting(Protocol):
    """A worker that says when a slot of its failed."""

    def report(self, failure: Failure) -> None:
        """Tell the window."""
        ...


W = TypeVar("W", bound=Reporting)


def guarded(slot: Callable[Concatenate[W, P], None]) -> Callable[Concatenate[W, P], None]:
    """Let a slot fail without harm: errors of ours are reported, all others as a bug."""

    @functools.wraps(slot)
    def run(worker: W, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            slot(worker, *args, **kwargs)
        except AppError as error:
            _LOG.warning("%s: %s %s", slot.__name__, error.code, error.detail)
            worker.report(Failure.of(error))
        except Exception as error:  # noqa: BLE001 - the workers' one last resort
            _LOG.exception("%s failed", slot.__name__)
            bug = BugError(f"{slot.__name__}: {error}", type(error).__name__)
            worker.report(Failure.of(bug))

    return cast("Callable[Concatenate[W, P], None]", run)
