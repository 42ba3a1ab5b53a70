"""Loading models: what fails, what is cancelled, and which model then answers."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import ErrorCode
from app.core.settings import SettingKey
from tests.worker.engine_rig import BRIEF, Rig

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="no such signals on Windows")


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    assert rig.close()


@pytest.fixture
def other_model(starter_path: Path, tmp_path: Path) -> Path:
    path = tmp_path / "other.gguf"
    path.symlink_to(starter_path)
    return path


@pytest.fixture
def unloadable(starter_path: Path, tmp_path: Path) -> Path:
    """A file whose header is sound, but of which the engine can make nothing."""
    content = bytearray(starter_path.read_bytes())
    place = content.index(b"blk.0.attn_q.weight")
    content[place : place + 19] = b"blk.0.attn_x.weight"
    path = tmp_path / "unloadable.gguf"
    path.write_bytes(content)
    return path


def answers(rig: Rig, answer_id: str) -> None:
    rig.window.ask(answer_id, BRIEF)
    rig.until(lambda: answer_id in rig.window.finished)


def test_a_model_that_is_in_use_is_not_loaded_again(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    rig.window.load_requested.emit(events.LoadRequest(starter_path))
    answers(rig, "a")
    assert len(rig.window.loaded) == 1


def test_other_settings_do_load_it_again(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.N_CTX: 2048}))
    rig.window.reload_requested.emit()
    rig.wait_for_loads(2)
    assert rig.window.loaded[1].placement.n_ctx == 2048


def test_when_the_engine_cannot_load_a_model_the_one_before_answers(
    rig: Rig, starter_path: Path, unloadable: Path
) -> None:
    rig.load(starter_path)
    rig.window.load_requested.emit(events.LoadRequest(unloadable))
    rig.wait_for_loads(2)
    assert rig.window.failed_loads[0].failure.code is ErrorCode.MODEL_DAMAGED
    assert rig.window.loaded[1].model.path == starter_path
    assert rig.window.loaded[1].is_returning
    answers(rig, "a")


def test_when_the_first_model_fails_the_starter_answers(
    qtbot: QtBot, tmp_path: Path, starter_path: Path, unloadable: Path
) -> None:
    for broken in (unloadable, tmp_path / "gone.gguf"):
        rig = Rig(qtbot, tmp_path, starter_path=starter_path)
        rig.window.load_requested.emit(events.LoadRequest(broken))
        rig.wait_for_loads(1)
        answers(rig, "a")
        assert rig.close()
        assert rig.window.failed_loads[0].path == broken
        assert rig.window.loaded[0].model.path == starter_path


@needs_signals
@pytest.mark.parametrize("hears", [True, False])
def test_a_load_can_be_cancelled_even_when_the_engine_does_not_listen(
    rig: Rig, starter_path: Path, other_model: Path, *, hears: bool
) -> None:
    rig.load(starter_path)
    rig.kill_engine("SIGSTOP")
    rig.window.load_requested.emit(events.LoadRequest(other_model))
    rig.window.cancel_requested.emit()
    if hears:
        rig.until(lambda: rig.window.loading_paths[-1:] == [other_model])
        rig.kill_engine("SIGCONT")
    rig.wait_for_loads(2)
    assert [one.path for one in rig.window.cancelled_loads] == [other_model]
    assert not rig.window.failed_loads
    assert not rig.window.troubles
    assert rig.window.loaded[1].model.path == starter_path
    answers(rig, "a")


@needs_signals
def test_while_one_model_loads_another_can_be_chosen(
    rig: Rig, starter_path: Path, other_model: Path
) -> None:
    rig.window.open_requested.emit()
    rig.until(lambda: rig.window.state is events.EngineState.READY)
    rig.kill_engine("SIGSTOP")
    rig.window.load_requested.emit(events.LoadRequest(starter_path))
    rig.window.load_requested.emit(events.LoadRequest(other_model))
    rig.wait_for_loads(1)
    assert rig.window.loaded[0].model.path == other_model
    assert not rig.window.failed_loads


def test_the_model_to_begin_with_does_not_replace_one_that_was_chosen_meanwhile(
    rig: Rig, starter_path: Path, other_model: Path
) -> None:
    rig.window.load_requested.emit(events.LoadRequest(other_model))
    rig.window.first_load_requested.emit(events.LoadRequest(starter_path))
    rig.window.open_requested.emit()
    answers(rig, "a")
    assert [one.model.path for one in rig.window.loaded] == [other_model]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_model_whose_name_is_no_text_answers(
    rig: Rig, starter_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"mod\xe8le.gguf")
    path.symlink_to(starter_path)
    rig.load(path)
    answers(rig, "a")


@needs_signals
@pytest.mark.parametrize("change", ["cut off", "gone", "no model"])
def test_a_file_that_changed_meanwhile_is_looked_at_before_it_is_loaded_again(
    rig: Rig, starter_path: Path, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "copy.gguf"
    path.write_bytes(starter_path.read_bytes())
    rig.load(path)
    code = ErrorCode.NOT_A_GGUF
    if change == "cut off":
        os.truncate(path, 45_000_000)
        code = ErrorCode.MODEL_TRUNCATED
    elif change == "gone":
        path.unlink()
        code = ErrorCode.FILE_MISSING
    else:
        path.write_text("<html>")
    rig.kill_engine("SIGKILL")
    rig.until(lambda: rig.window.failed_loads)
    failure = rig.window.failed_loads[0].failure
    assert failure.code is code
    if change == "cut off":
        assert failure.facts.needed_bytes > failure.facts.available_bytes > 0
    assert len(rig.window.troubles) == 1
