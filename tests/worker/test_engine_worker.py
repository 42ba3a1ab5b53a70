"""The engine worker on its thread, with the real engine process and the starter model."""

import os
import signal as os_signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.core import events, json_lines
from app.core.conversation import Role
from app.core.errors import ErrorCode
from app.core.events import AnswerRequest, EngineState, FinishReason, LoadRequest, PromptTurn
from app.core.settings import SettingKey
from app.engine import protocol
from app.worker import chat_memory, child_process, engine_supervisor
from app.worker.engine_loss import EngineLoss, reason_of_loss
from tests.worker.engine_rig import BRIEF, Rig


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    assert rig.close()


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.is_running()]


def test_a_model_loads_and_answers(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    assert rig.window.loaded[0].memory_bytes > 50_000_000
    assert rig.window.loaded[0].device
    rig.window.ask("a", BRIEF)
    rig.until(lambda: "a" in rig.window.finished)
    finished = rig.window.finished["a"]
    assert finished.reason is FinishReason.MAX_TOKENS
    assert finished.measurement is not None
    assert finished.measurement.n_answer_tokens == 12
    assert finished.measurement.first_token_s > 0
    assert rig.window.texts["a"]


def test_a_question_asked_before_the_model_is_ready_is_answered_when_it_is(
    rig: Rig, starter_path: Path
) -> None:
    rig.window.ask("a", BRIEF)
    rig.load(starter_path)
    rig.until(lambda: "a" in rig.window.finished)


def test_answers_are_written_one_after_the_other(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    for answer_id in "abc":
        rig.window.ask(answer_id, BRIEF, chat=answer_id)
    rig.until(lambda: len(rig.window.finished) == 3)
    assert list(rig.window.finished) == ["a", "b", "c"]


def test_stop_ends_the_running_answer_and_a_waiting_one(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    rig.window.ask("running")
    rig.window.ask("waiting")
    rig.wait_for_text("running")
    rig.window.stop_requested.emit(events.StopRequest("waiting"))
    rig.until(lambda: "waiting" in rig.window.finished)
    assert "running" not in rig.window.finished
    rig.window.stop_requested.emit(events.StopRequest("running"))
    rig.until(lambda: "running" in rig.window.finished)
    reasons = {finished.reason for finished in rig.window.finished.values()}
    assert reasons == {FinishReason.STOPPED}
    assert "waiting" not in rig.window.texts


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on Windows")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGSEGV", "SIGABRT"])
def test_death_keeps_the_partial_answer_and_the_engine_is_ready_again_by_itself(
    rig: Rig, starter_path: Path, how: str
) -> None:
    rig.load(starter_path)
    rig.window.ask("a")
    rig.wait_for_text("a")
    os.kill(rig.worker.process_id, getattr(os_signal, how))
    rig.until(lambda: "a" in rig.window.failed)
    failure = rig.window.failed["a"].failure
    assert failure.code is ErrorCode.ENGINE_LOST
    assert str(int(getattr(os_signal, how))) in failure.facts.reason
    assert rig.window.texts["a"]
    rig.until(lambda: len(rig.window.loaded) == 2)
    rig.window.ask("b", BRIEF)
    rig.until(lambda: "b" in rig.window.finished)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on Windows")
def test_after_three_deaths_it_gives_up_until_asked(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    for n in range(1, 4):
        os.kill(rig.worker.process_id, os_signal.SIGKILL)
        rig.wait_for_troubles(n)
        if n < 3:
            rig.wait_for_loads(n + 1)
    rig.until(lambda: rig.window.state is EngineState.STOPPED)
    last = rig.window.troubles[-1]
    assert last.failure.code is ErrorCode.ENGINE_LOST_REPEATEDLY
    assert not last.is_restarting
    rig.window.open_requested.emit()
    rig.until(lambda: len(rig.window.loaded) == 4)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on Windows")
def test_stop_always_stops_an_engine_that_does_not_listen(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    rig.window.ask("a")
    rig.wait_for_text("a")
    os.kill(rig.worker.process_id, os_signal.SIGSTOP)
    rig.window.stop_requested.emit(events.StopRequest("a"))
    rig.until(lambda: "a" in rig.window.finished)
    assert rig.window.finished["a"].reason is FinishReason.STOPPED
    rig.until(lambda: len(rig.window.loaded) == 2)
    assert not rig.window.troubles


@pytest.fixture
def another_model(starter_path: Path, tmp_path: Path) -> Path:
    path = tmp_path / "another.gguf"
    path.symlink_to(starter_path)
    return path


def test_another_model_may_be_chosen_while_one_answers(
    rig: Rig, starter_path: Path, another_model: Path
) -> None:
    rig.load(starter_path)
    rig.window.ask("a")
    rig.wait_for_text("a")
    rig.load(another_model)
    assert rig.window.finished["a"].reason is FinishReason.STOPPED
    rig.window.ask("b", BRIEF)
    rig.until(lambda: "b" in rig.window.finished)


def test_a_file_that_is_no_model_is_refused_and_the_present_one_stays(
    rig: Rig, starter_path: Path, tmp_path: Path
) -> None:
    rig.load(starter_path)
    page = tmp_path / "page.gguf"
    page.write_text("<!DOCTYPE html><html>Not found</html>")
    rig.window.load_requested.emit(LoadRequest(page))
    rig.until(lambda: rig.window.failed_loads)
    assert rig.window.failed_loads[0].failure.code is ErrorCode.NOT_A_GGUF
    rig.window.ask("a", BRIEF)
    rig.until(lambda: "a" in rig.window.finished)


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory only hold on Linux")
def test_a_context_too_large_for_the_memory_steps_down_the_ladder(
    qtbot: QtBot, tmp_path: Path, starter_path: Path
) -> None:
    rig = Rig(qtbot, tmp_path, memory_limit_bytes=1_000_000_000)
    rig.load(starter_path)
    assert rig.close()
    loaded = rig.window.loaded[0]
    assert not loaded.stepped_down

    needs_bytes = loaded.memory_bytes
    rig = Rig(qtbot, tmp_path, memory_limit_bytes=600_000_000)
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.N_CTX: 8192}))
    rig.load(starter_path)
    assert rig.close()
    assert rig.window.loaded[0].stepped_down
    assert rig.window.loaded[0].memory_bytes < needs_bytes


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory only hold on Linux")
def test_a_model_that_does_not_fit_at_all_is_refused_with_numbers(
    qtbot: QtBot, tmp_path: Path, starter_path: Path
) -> None:
    rig = Rig(qtbot, tmp_path, memory_limit_bytes=400_000_000)
    rig.window.open_requested.emit()
    rig.window.load_requested.emit(LoadRequest(starter_path))
    rig.until(lambda: rig.window.failed_loads)
    assert rig.close()
    failure = rig.window.failed_loads[0].failure
    assert failure.code is ErrorCode.MEMORY_TOO_SMALL


def test_memory_is_saved_at_the_end_and_restored(
    qtbot: QtBot, tmp_path: Path, starter_path: Path
) -> None:
    story = "Once upon a time there was a ship. " * 60
    question = PromptTurn("q", Role.USER, story)
    rig = Rig(qtbot, tmp_path)
    rig.load(starter_path)
    rig.window.answer_requested.emit(AnswerRequest("a", "chat", (question,), BRIEF))
    rig.until(lambda: "a" in rig.window.finished)
    assert rig.close()
    assert rig.saved_states.total_bytes() > 1_000_000

    rig = Rig(qtbot, tmp_path)
    rig.load(starter_path)
    answer = PromptTurn("a", Role.ASSISTANT, "A tale.")
    more = PromptTurn("q2", Role.USER, "Go on.")
    request = AnswerRequest("b", "chat", (question, answer, more), BRIEF)
    rig.window.answer_requested.emit(request)
    rig.until(lambda: "b" in rig.window.finished)
    assert rig.close()
    measurement = rig.window.finished["b"].measurement
    assert measurement is not None
    assert measurement.n_reused_tokens > measurement.n_prompt_tokens * 0.8


def test_nothing_is_left_running_after_closing_in_the_middle_of_an_answer(
    qtbot: QtBot, tmp_path: Path, starter_path: Path
) -> None:
    rig = Rig(qtbot, tmp_path)
    rig.load(starter_path)
    rig.window.ask("a")
    rig.wait_for_text("a")
    assert children()
    assert rig.close()
    assert not children()


def test_a_template_that_never_ends_is_named_and_the_engine_comes_back(
    rig: Rig, starter_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A real template has the same length, so that no offset in the file changes.
    header = starter_path.read_bytes()[:4_000_000]
    place = header.index(b"{% for message in messages %}")
    length = header.index(b"{% endif %}", header.rindex(b"add_generation_prompt")) + 11 - place
    endless = b"{{ 9**(9**9) }}".ljust(length)
    evil = tmp_path / "evil.gguf"
    content = starter_path.read_bytes()
    evil.write_bytes(content[:place] + endless + content[place + length :])
    rig.load(starter_path)
    supervisor = rig.worker.findChild(engine_supervisor.EngineSupervisor)
    assert supervisor is not None
    monkeypatch.setattr(supervisor._template_timer, "interval", lambda: 1000)
    rig.window.load_requested.emit(LoadRequest(evil))
    rig.until(lambda: rig.window.failed_loads)
    failure = rig.window.failed_loads[0].failure
    assert failure.code is ErrorCode.CHAT_TEMPLATE_UNUSABLE


def test_deleting_a_chat_stops_its_answers_written_and_waiting(
    rig: Rig, starter_path: Path
) -> None:
    rig.load(starter_path)
    rig.window.ask("written", chat="gone")
    rig.window.ask("waiting", chat="gone")
    rig.window.ask("other", BRIEF, chat="kept")
    rig.wait_for_text("written")
    rig.window.deleted.emit(events.Deleted("gone"))
    rig.until(lambda: len(rig.window.finished) == 3)
    reasons = {key: one.reason for key, one in rig.window.finished.items()}
    assert reasons["written"] is reasons["waiting"] is FinishReason.STOPPED
    assert reasons["other"] is FinishReason.MAX_TOKENS
    assert "waiting" not in rig.window.texts


def test_without_a_place_for_its_memory_a_chat_is_answered_all_the_same(
    rig: Rig, starter_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "states").write_text("a file where the folder should be")
    rig.load(starter_path)
    rig.window.ask("a", BRIEF)
    rig.until(lambda: "a" in rig.window.finished)


def test_keeping_no_memory_removes_what_was_kept_at_once(rig: Rig, tmp_path: Path) -> None:
    kept = rig.saved_states.path_for("chat", "abc")
    kept.write_bytes(b"memory")
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.SAVED_STATE_LIMIT_MB: 0}))
    rig.until(lambda: not kept.exists())


def test_a_mistake_of_ours_fails_the_answer_and_not_the_worker(
    rig: Rig, starter_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.load(starter_path)
    with monkeypatch.context() as broken:
        broken.setattr(chat_memory.ChatMemory, "path_for", lambda *_: 1 / 0)
        rig.window.ask("a", BRIEF)
        rig.until(lambda: "a" in rig.window.failed)
    assert rig.window.failed["a"].failure.code is ErrorCode.BUG
    rig.window.ask("b", BRIEF)
    rig.until(lambda: "b" in rig.window.finished)


def test_an_engine_that_does_not_start_is_given_up(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = (sys.executable, ["-c", "input()"])
    monkeypatch.setattr(child_process, "child_command", lambda _role: silent)
    monkeypatch.setattr(engine_supervisor, "START_LIMIT_MS", 100)
    rig = Rig(qtbot, tmp_path)
    rig.window.open_requested.emit()
    rig.until(lambda: rig.window.troubles and not rig.window.troubles[-1].is_restarting)
    assert rig.window.troubles[-1].failure.code is ErrorCode.ENGINE_UNUSABLE
    assert rig.close()


def ask_with(rig: Rig, answer_id: str, text: str) -> None:
    turn = PromptTurn("q", Role.USER, text)
    rig.window.answer_requested.emit(AnswerRequest(answer_id, "chat", (turn,), BRIEF))


def test_half_a_character_in_a_question_does_no_harm(rig: Rig, starter_path: Path) -> None:
    rig.load(starter_path)
    ask_with(rig, "a", "hi \ud83d there")
    rig.until(lambda: "a" in rig.window.finished)


def test_a_question_longer_than_any_message_is_refused_and_the_next_is_answered(
    rig: Rig, starter_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.load(starter_path)
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 10_000)
    ask_with(rig, "a", "a" * 20_000)
    ask_with(rig, "b", "Hello")
    rig.until(lambda: "b" in rig.window.finished)
    failure = rig.window.failed["a"].failure
    assert failure.code is ErrorCode.PROMPT_TOO_LONG
    assert failure.facts.needed_tokens > 0
    assert not rig.window.troubles


def test_a_load_that_cannot_even_be_asked_for_has_failed(
    rig: Rig, starter_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.window.open_requested.emit()
    rig.until(lambda: rig.window.state is EngineState.READY)
    with monkeypatch.context() as broken:
        broken.setattr(json_lines, "MAX_LINE_BYTES", 10)
        rig.window.load_requested.emit(LoadRequest(starter_path))
        rig.until(lambda: rig.window.failed_loads)
    assert rig.window.failed_loads[0].path == starter_path
    rig.load(starter_path)


def test_an_engine_killed_because_it_did_not_stop_says_nothing_of_the_template() -> None:
    for was_stopped, code in (
        (True, ErrorCode.ENGINE_LOST),
        (False, ErrorCode.CHAT_TEMPLATE_UNUSABLE),
    ):
        loss = EngineLoss("signal 9", protocol.Phase.TEMPLATE, "", True, was_stopped)
        assert reason_of_loss(loss, None).code is code


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders on Windows")
def test_stop_stops_an_engine_that_saves_to_a_disk_that_hangs(
    rig: Rig, starter_path: Path
) -> None:
    rig.load(starter_path)
    rig.window.answer_requested.emit(
        AnswerRequest("a", "one", (PromptTurn("q", Role.USER, "A ship. " * 200),), BRIEF)
    )
    rig.until(lambda: "a" in rig.window.finished)
    # Nobody reads from the pipe, so that opening it for the half-written file takes for ever.
    loaded = rig.worker._models.loaded
    assert loaded is not None
    version = rig.worker._supervisor.engine_version
    state = Path(rig.worker._memory.path_for("one", loaded, version))
    os.mkfifo(state.with_suffix(".part"))
    rig.window.ask("b", BRIEF, chat="two")
    rig.until(lambda: rig.worker._supervisor._phase is protocol.Phase.SAVING)
    rig.window.stop_requested.emit(events.StopRequest("b"))
    rig.until(lambda: "b" in rig.window.finished)
    assert rig.window.finished["b"].reason is FinishReason.STOPPED
    assert not rig.window.failed


@pytest.mark.skipif(sys.platform == "win32", reason="the path of the abort is another there")
def test_a_saved_memory_cut_off_in_the_middle_only_costs_time(
    qtbot: QtBot, tmp_path: Path, starter_path: Path
) -> None:
    question = PromptTurn("q", Role.USER, "Once upon a time there was a ship. " * 60)
    for answer_id in ("a", "b"):
        rig = Rig(qtbot, tmp_path)
        rig.load(starter_path)
        rig.window.answer_requested.emit(AnswerRequest(answer_id, "chat", (question,), BRIEF))
        rig.wait_for_outcome(answer_id)
        assert rig.close()
        assert not rig.window.failed
        assert not rig.window.troubles
        (state,) = (tmp_path / "states").glob("*.state")
        os.truncate(state, state.stat().st_size // 2)
