"""Garbage is searched for in the window's thread, whoever made it, and when nobody feels it."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.shell import garbage
from app.shell.garbage import GarbageCollector

died_in: list[int] = []
kept: list[list[object]] = []


class Cyclic(QObject):
    """Found by the search for garbage alone."""

    def __init__(self) -> None:
        super().__init__()
        self.myself = self

    def __del__(self) -> None:
        died_in.append(threading.get_ident())


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(garbage, "INTERVAL_MS", 10)
    monkeypatch.setattr(garbage, "STILL_S", 0.1)
    monkeypatch.setattr(garbage, "SETTLED_S", 0.0)
    died_in.clear()
    yield
    kept.clear()
    gc.unfreeze()
    gc.enable()


def settled(qtbot: QtBot, qapp: QObject) -> GarbageCollector:
    collector = GarbageCollector(qapp)
    collector.start()
    qtbot.waitUntil(lambda: collector._is_settled)
    return collector


def end(collector: GarbageCollector) -> None:
    """At once: its timer must not fire in the next test."""
    collector._timer.stop()
    collector.deleteLater()


def make_many_objects() -> None:
    kept.extend([] for _ in range(200_000))


def test_a_worker_that_makes_many_objects_destroys_none_of_the_window(
    qtbot: QtBot, qapp: QObject
) -> None:
    collector = settled(qtbot, qapp)
    Cyclic()
    worker = threading.Thread(target=make_many_objects)
    worker.start()
    worker.join()
    assert died_in == []
    qtbot.waitUntil(lambda: bool(died_in))
    assert died_in == [threading.get_ident()]
    end(collector)


def searches() -> list[int]:
    return [one["collections"] for one in gc.get_stats()]


def test_what_takes_long_waits_until_the_user_stops_typing(qtbot: QtBot, qapp: QObject) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    collector = settled(qtbot, qapp)
    qtbot.keyClick(field, "a")
    Cyclic()
    make_many_objects()
    before = searches()
    for _ in range(40):
        qtbot.keyClick(field, "a", delay=10)
    assert len(field.toPlainText()) == 41
    assert (searches(), died_in) == (before, [])
    qtbot.waitUntil(lambda: bool(died_in))
    end(collector)


def test_what_takes_no_time_is_done_while_the_user_works(
    qtbot: QtBot, qapp: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "STILL_S", 3600.0)
    collector = settled(qtbot, qapp)
    Cyclic()
    kept.extend([] for _ in range(garbage.AFFORDABLE // 2))
    qtbot.waitUntil(lambda: bool(died_in))
    end(collector)


def test_memory_does_not_wait_for_ever(
    qtbot: QtBot, qapp: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "STILL_S", 3600.0)
    monkeypatch.setattr(garbage, "MANY", 50_000)
    collector = settled(qtbot, qapp)
    Cyclic()
    make_many_objects()
    qtbot.waitUntil(lambda: bool(died_in))
    end(collector)


def test_what_the_window_has_made_by_then_is_passed_over_once_it_has_settled(
    qtbot: QtBot, qapp: QObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "SETTLED_S", 0.5)
    collector = GarbageCollector(qapp)
    collector.start()
    before = gc.get_freeze_count()
    Cyclic()
    make_many_objects()
    searched = searches()
    assert gc.get_freeze_count() <= before
    qtbot.waitUntil(lambda: gc.get_freeze_count() >= before + 150_000)
    assert searches() == searched
    kept.clear()
    Cyclic()
    kept.extend([] for _ in range(2_000))
    qtbot.waitUntil(lambda: bool(died_in))
    assert len(died_in) == 1
    end(collector)


@pytest.mark.parametrize("generation", [1, 2])
def test_garbage_that_has_grown_old_is_found(
    qtbot: QtBot, qapp: QObject, monkeypatch: pytest.MonkeyPatch, generation: int
) -> None:
    name = {1: "SEARCHES_BEFORE_MIDDLE", 2: "SEARCHES_BEFORE_FULL"}[generation]
    monkeypatch.setattr(garbage, name, 3)
    collector = settled(qtbot, qapp)
    old = Cyclic()
    gc.collect(generation - 1)
    del old
    before = searches()

    def is_found() -> bool:
        make_garbage_due()
        return bool(died_in)

    qtbot.waitUntil(is_found)
    assert searches()[generation] == before[generation] + 1
    end(collector)


def make_garbage_due() -> None:
    kept.extend([] for _ in range(1_000))


def test_without_it_the_worker_would() -> None:
    gc.enable()
    Cyclic()
    worker = threading.Thread(target=make_many_objects)
    worker.start()
    worker.join()
    assert died_in
    assert died_in != [threading.get_ident()]
