"""Garbage is searched for in the window's thread, whoever made it."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

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
def as_before() -> Iterator[None]:
    died_in.clear()
    yield
    kept.clear()
    gc.unfreeze()
    gc.enable()


def make_many_objects() -> None:
    kept.extend([] for _ in range(200_000))


def test_a_worker_that_makes_many_objects_destroys_none_of_the_window(
    qtbot: QtBot, qapp: QObject
) -> None:
    collector = GarbageCollector(qapp)
    collector.start()
    Cyclic()
    worker = threading.Thread(target=make_many_objects)
    worker.start()
    worker.join()
    assert died_in == []
    qtbot.waitUntil(lambda: bool(died_in))
    assert died_in == [threading.get_ident()]
    collector.deleteLater()


def test_without_it_the_worker_would() -> None:
    gc.enable()
    Cyclic()
    worker = threading.Thread(target=make_many_objects)
    worker.start()
    worker.join()
    assert died_in
    assert died_in != [threading.get_ident()]
