"""Who comes first: answers and the battery before vectors, and answers before reading."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.computer import Power
from app.core.document_events import EmbedRequest
from app.core.documents.collections import CollectionState, IndexProgress
from app.core.events import EngineState, EngineStatus
from app.core.settings import SettingKey
from app.worker import index_embedding, index_pace, index_reading
from app.worker.index_pace import REST_FACTOR, Stretches
from tests.worker.index_rig import Rig, running_rig, write

BATCH_S = 0.3
"""How long the model of the test takes for a batch."""
PLUGGED_IN = Power(is_on_battery=False, battery_percent=80)
ON_BATTERY = Power(is_on_battery=True, battery_percent=80)
NEARLY_EMPTY = Power(is_on_battery=True, battery_percent=10)
BUSY, READY = EngineStatus(EngineState.BUSY), EngineStatus(EngineState.READY)


class Socket:
    """Where the power comes from."""

    def __init__(self) -> None:
        self.power = PLUGGED_IN

    def look(self) -> Power:
        return self.power


@pytest.fixture
def socket(monkeypatch: pytest.MonkeyPatch) -> Socket:
    socket = Socket()
    monkeypatch.setattr(index_pace, "read_power", socket.look)
    monkeypatch.setattr(index_pace, "POWER_MS", 20)
    monkeypatch.setattr(index_embedding, "BATCH_CHUNKS", 1)
    return socket


@pytest.fixture
def rig(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, socket: Socket
) -> Iterator[Rig]:
    yield from running_rig(tmp_path, qtbot, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    for number in range(6):
        write(folder / f"{number}.txt", f"Paper {number} is about something of its own.")
    return folder


def next_request(rig: Rig) -> tuple[EmbedRequest, float]:
    """Answer the last request after `BATCH_S`; give the next, and how long it took to come."""
    n_before = len(rig.window.requests)
    began_s = time.monotonic()
    rig.until(lambda: time.monotonic() - began_s >= BATCH_S)
    rig.window.answer(rig.window.requests[-1])
    answered_s = time.monotonic()
    rig.until(lambda: len(rig.window.requests) > n_before)
    return rig.window.requests[-1], time.monotonic() - answered_s


def reasons(rig: Rig) -> list[str]:
    return [one.waits_for for one in rig.window.heard if isinstance(one, IndexProgress)]


def test_on_a_battery_half_of_the_time_is_rest_and_at_the_socket_none(
    rig: Rig, socket: Socket, folder: Path
) -> None:
    rig.window.answers = False
    socket.power = ON_BATTERY
    rig.until(lambda: rig.worker._pace.is_half_speed)
    rig.create(folder)
    rig.until(lambda: bool(rig.window.requests))
    _, rest_s = next_request(rig)
    assert rest_s >= 0.9 * BATCH_S  # Timers of Qt may be early by a twentieth.
    rig.until(lambda: "battery" in reasons(rig))
    socket.power = PLUGGED_IN
    rig.until(lambda: not rig.worker._pace.is_half_speed)
    _, rest_s = next_request(rig)
    assert rest_s < BATCH_S
    # Who asks for it in the settings has it at full speed on a battery, too.
    socket.power = ON_BATTERY
    rig.until(lambda: rig.worker._pace.is_half_speed)
    chosen = events.SettingsChanged({SettingKey.INDEX_ON_BATTERY: True})
    rig.window.settings_changed.emit(chosen)
    rig.until(lambda: not rig.worker._pace.is_half_speed)
    _, rest_s = next_request(rig)
    assert rest_s < BATCH_S


def test_a_battery_that_is_nearly_empty_is_left_alone(
    rig: Rig, socket: Socket, folder: Path
) -> None:
    socket.power = NEARLY_EMPTY
    rig.until(lambda: rig.worker._pace.is_held)
    rig.create(folder)
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.UNDERSTANDING)
    assert rig.window.summaries["flat"].n_searchable == 6
    assert rig.window.requests == []
    socket.power = PLUGGED_IN
    rig.until_ready(6)


def test_vectors_wait_in_the_middle_for_an_answer_and_go_on_after_it(
    rig: Rig, folder: Path
) -> None:
    rig.window.answers = False
    rig.create(folder)
    rig.until(lambda: bool(rig.window.requests))
    next_request(rig)
    n_requests = len(rig.window.requests)
    rig.window.engine_changed.emit(BUSY)
    rig.until(lambda: "chat" in reasons(rig))
    rig.window.answer(rig.window.requests[-1])
    rig.until(lambda: rig.rows("SELECT count(*) FROM vector") == [(n_requests,)])
    assert len(rig.window.requests) == n_requests
    rig.window.answers = True
    rig.window.engine_changed.emit(READY)
    rig.until_ready(6)
    # None was made twice.
    texts = [text for one in rig.window.requests for text in one.texts]
    assert len(texts) == len(set(texts))


def test_reading_rests_while_an_answer_is_written_and_goes_on_at_once_after_it(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_pace, "REST_FACTOR", 1e6)
    monkeypatch.setattr(index_pace, "LONGEST_REST_S", 1e3)
    for path in folder.iterdir():
        write(path, "\f".join(f"Page {number} of {path.stem}." for number in range(10)))
    rig.window.engine_changed.emit(BUSY)
    rig.until(lambda: rig.worker._pace.is_chatting)
    rig.create(folder)
    rig.until(lambda: rig.worker._reading._stretches.is_resting)
    # In the midst of a document; the rest begins with the first page.
    assert len(rig.reader.read_names) == 1
    assert rig.rows("SELECT count(*) FROM content") == [(0,)]
    rig.window.engine_changed.emit(READY)
    rig.until_ready(6)


def test_slow_work_rests_many_times_as_long_as_it_lasts(qtbot: QtBot) -> None:
    owner = QObject()
    stretches = Stretches(owner)
    stretches.set_slow(is_slow=True)
    stretches.begin()
    began_s = time.monotonic()
    qtbot.waitUntil(lambda: time.monotonic() - began_s >= 0.02)
    with qtbot.waitSignal(stretches.rest_ended):
        assert stretches.end()
        worked_s = time.monotonic() - began_s
        assert stretches.is_resting
    assert time.monotonic() - began_s >= (1 + 0.9 * REST_FACTOR) * worked_s
    stretches.set_slow(is_slow=False)
    assert not stretches.end()
    assert not stretches.is_resting


def test_what_reads_begins_when_documents_are_expected_and_ends_after_a_rest(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not rig.reader.is_prepared
    rig.worker._reading._idle.setInterval(50)
    rig.window.documents_expected.emit()
    rig.until(lambda: rig.reader.is_prepared)
    rig.until(lambda: rig.reader.is_closed)
    assert index_reading.IDLE_MS >= 60_000
