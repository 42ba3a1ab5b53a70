"""Jobs away from the owner's thread: where results arrive, and what happens at the end."""

import threading
import time

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.worker import background_jobs
from app.worker.background_jobs import BackgroundJobs


def never(outcome: object) -> None:
    pytest.fail(f"{outcome} was not to be told")


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_results_arrive_in_the_thread_of_the_owner(qtbot: QtBot, owner: QObject) -> None:
    jobs = BackgroundJobs("test", 1, owner)
    places: list[threading.Thread] = []
    taken: list[tuple[int, threading.Thread]] = []

    def work() -> int:
        places.append(threading.current_thread())
        return 7

    jobs.run(work, lambda n: taken.append((n, threading.current_thread())), never)
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == [(7, threading.current_thread())]
    assert places[0] is not threading.current_thread()
    jobs.close()


def test_failures_arrive_whatever_they_are(qtbot: QtBot, owner: QObject) -> None:
    jobs = BackgroundJobs("test", 2, owner)
    failures: list[Failure] = []

    def miss() -> None:
        raise WorldError(ErrorCode.OFFLINE, Facts(host="h"))

    def err() -> None:
        raise ZeroDivisionError

    for work in (miss, err):
        jobs.run(work, never, failures.append)
    qtbot.waitUntil(lambda: len(failures) == 2)
    assert {one.code for one in failures} == {ErrorCode.OFFLINE, ErrorCode.BUG}
    jobs.close()


def test_more_jobs_than_threads_wait_their_turn(qtbot: QtBot, owner: QObject) -> None:
    jobs = BackgroundJobs("test", 2, owner)
    gate, begun, done = threading.Event(), [0], list[int]()
    lock = threading.Lock()

    def work(number: int) -> int:
        with lock:
            begun[0] += 1
        gate.wait(10)
        return number

    for number in range(4):
        jobs.run(lambda number=number: work(number), done.append, never)  # type: ignore[misc]
    qtbot.waitUntil(lambda: begun[0] == 2)
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 4)
    assert sorted(done) == [0, 1, 2, 3]
    jobs.close()


def test_the_end_does_not_wait_for_a_job_that_hangs(qtbot: QtBot, owner: QObject) -> None:
    jobs = BackgroundJobs("test", 1, owner)
    gate, has_begun = threading.Event(), threading.Event()

    def hang() -> None:
        has_begun.set()
        gate.wait(10)

    n_before = len(background_jobs._ABANDONED)
    jobs.run(hang, never, never)
    jobs.run(lambda: never(None), never, never)
    assert has_begun.wait(10)
    began_s = time.monotonic()
    jobs.close()
    assert time.monotonic() - began_s < 2.0
    assert len(background_jobs._ABANDONED) == n_before + 1
    gate.set()
    jobs._threads[0].join(10)
    qtbot.wait(1)  # Nothing of it is told any more.
