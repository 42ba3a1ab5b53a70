"""What a slot's failure becomes."""

import logging

import pytest

from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.worker.slot_guard import guarded, guarded_by

SECRET = "what the user wrote"


class Worker:
    """Fails as it is told."""

    def __init__(self) -> None:
        self.reported: list[Failure] = []
        self.refused: list[tuple[Failure, str]] = []

    def report(self, failure: Failure) -> None:
        self.reported.append(failure)

    def refuse(self, failure: Failure, text: str) -> None:
        self.refused.append((failure, text))

    @guarded
    def slot(self, error: BaseException | None) -> None:
        """Do something."""
        if error is not None:
            raise error

    @guarded_by(refuse)
    def send(self, text: str) -> None:
        raise ValueError(text)


def test_what_goes_well_is_not_reported() -> None:
    worker = Worker()
    worker.slot(None)
    assert worker.reported == []
    assert Worker.slot.__name__ == "slot"
    assert Worker.slot.__doc__ == "Do something."


def test_an_error_of_the_world_is_reported_as_it_is() -> None:
    worker = Worker()
    worker.slot(WorldError(ErrorCode.DISK_FULL, Facts(available_bytes=7), "detail"))
    assert worker.reported == [Failure(ErrorCode.DISK_FULL, Facts(available_bytes=7), "detail")]


def test_anything_else_is_a_bug_and_its_message_goes_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    worker = Worker()
    with caplog.at_level(logging.DEBUG):
        worker.slot(KeyError(SECRET))
    (failure,) = worker.reported
    assert failure.code is ErrorCode.BUG
    assert failure.facts.reason == "KeyError"
    assert "test_slot_guard.py" in failure.detail
    assert "raise error" in caplog.text
    assert SECRET not in caplog.text + failure.detail


def test_a_slot_with_an_answer_of_its_own_gives_that(caplog: pytest.LogCaptureFixture) -> None:
    worker = Worker()
    worker.send(SECRET)
    ((failure, text),) = worker.refused
    assert failure.code is ErrorCode.BUG
    assert text == SECRET
    assert worker.reported == []
    assert SECRET not in caplog.text


def test_the_end_of_the_program_is_not_held_up() -> None:
    with pytest.raises(KeyboardInterrupt):
        Worker().slot(KeyboardInterrupt())
