"""The workers' last resort: what goes wrong in a slot becomes a value, not a dead thread."""

import functools
import logging
import traceback
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from app.core.errors import AppError, BugError, Failure

_LOG = logging.getLogger(__name__)

P = ParamSpec("P")


class Reporting(Protocol):
    """A worker that says when a slot of its failed."""

    def report(self, failure: Failure) -> None:
        """Tell the window."""
        ...


T = TypeVar("T")
W = TypeVar("W")
RW = TypeVar("RW", bound=Reporting)

Slot = Callable[Concatenate[W, P], None]
"""A slot as a method: its worker, then what the signal carries."""


def guarded(slot: Slot[RW, P]) -> Slot[RW, P]:
    """Let a slot fail without harm: errors of ours are reported, all others as a bug."""

    @functools.wraps(slot)
    def run(worker: RW, /, *args: P.args, **kwargs: P.kwargs) -> None:
        failure = _failure_of(slot, worker, *args, **kwargs)
        if failure is not None:
            worker.report(failure)

    return run


def guarded_by(
    refuse: Callable[Concatenate[W, Failure, P], None],
) -> Callable[[Slot[W, P]], Slot[W, P]]:
    """Let a slot fail as `guarded` does, with an answer of its own.

    Args:
        refuse: method of the same worker, called with the failure and what the slot was given.
    """

    def decorate(slot: Slot[W, P]) -> Slot[W, P]:
        @functools.wraps(slot)
        def run(worker: W, /, *args: P.args, **kwargs: P.kwargs) -> None:
            failure = _failure_of(slot, worker, *args, **kwargs)
            if failure is not None:
                refuse(worker, failure, *args, **kwargs)

        return run

    return decorate


def outcome_of(action: Callable[[], T], name: str) -> T | Failure:
    """Do something that may fail in any way, and give its result or why there is none.

    Args:
        action: what to do.
        name: of it, for the log.
    """
    try:
        return action()
    except AppError as error:
        _LOG.warning("%s: %s %s", name, error.code, error.detail)
        return Failure.of(error)
    except Exception as error:  # noqa: BLE001 - the workers' one last resort
        # The message may quote what the user wrote, so only type and place are kept.
        kind = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}"
        trace = "".join(traceback.format_list(frames))
        _LOG.error("%s failed: %s\n%s", name, kind, trace)
        return Failure.of(BugError(f"{name}: {kind} at {place}", kind))


def _failure_of(slot: Slot[W, P], worker: W, *args: P.args, **kwargs: P.kwargs) -> Failure | None:
    name = getattr(slot, "__name__", "slot")
    return outcome_of(functools.partial(slot, worker, *args, **kwargs), name)
