"""What a new user does in the first hour, with the real window, engine and store."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.core.events import FinishReason
from tests.journeys.user import User

LONG = "Write the longest story you can about a lighthouse, with many chapters."


def answers(user: User) -> list[object]:
    """Listen for answers that end."""
    ended: list[object] = []
    user.shell.engine.answer_finished.connect(ended.append)
    return ended


def has_items(found: list[object], count: int) -> bool:
    return len(found) == count


def test_ask_stop_ask_again_close_and_go_on(user: User) -> None:
    ended = answers(user)
    user.waits_for_the_model()
    user.sees("often wrong")
    user.sends("What is a lighthouse?")
    user.sees("What is a lighthouse?")
    user.until(lambda: len(ended) == 1)
    user.sees("words per second")

    user.sends(LONG)
    user.until(lambda: user.button("Stop"))
    user.presses(Qt.Key.Key_Escape)
    user.until(lambda: len(ended) == 2)
    assert ended[1].reason is FinishReason.STOPPED  # type: ignore[attr-defined]
    user.sees("Stopped")

    user.sends("And who lives there?")
    user.until(lambda: len(ended) == 3)
    title = "What is a lighthouse?"
    user.closes()

    user.starts_again()
    user.sees(title)
    ended = answers(user)
    user.searches("lighthouse")
    user.sees(title)


def test_a_message_sent_before_the_model_is_ready_is_answered(user: User) -> None:
    ended = answers(user)
    user.sends("Hello")
    user.sees("Hello")
    user.until(lambda: len(ended) == 1)


def test_copy_try_again_and_go_between_the_versions(user: User) -> None:
    ended = answers(user)
    user.sends("Name a colour.")
    user.until(lambda: len(ended) == 1)
    user.clicks("Copy")
    assert QApplication.clipboard().text()
    user.clicks("Try again")
    user.until(lambda: len(ended) == 2)
    user.sees("2 of 2")
    user.clicks("Previous version")
    user.sees("1 of 2")


def test_delete_a_chat_and_undo(user: User) -> None:
    ended = answers(user)
    user.sends("A chat to delete")
    user.until(lambda: len(ended) == 1)
    user.shell.window.chat_list.setFocus()
    from app.core.events import ConversationRequest  # noqa: PLC0415 - what the Delete key sends

    conversation_id = user.shell.window.chat_page.conversation_id
    assert conversation_id is not None
    request = ConversationRequest(conversation_id)
    user.shell.window.chat_list.delete_requested.emit(request)
    user.sees("Chat deleted: A chat to delete")
    user.clicks("Undo")
    user.until(lambda: user.shell.window.chat_page.conversation_id == conversation_id)
    user.sees("A chat to delete")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_the_engine_dies_and_nothing_is_lost(user: User) -> None:
    grown: list[object] = []
    user.shell.engine.answer_grew.connect(grown.append)
    ended = answers(user)
    user.waits_for_the_model()
    user.sends(LONG)
    user.until(lambda: len(grown) > 3)
    os.kill(user.shell.engine.process_id, signal.SIGKILL)
    user.sees("The engine stopped")
    first_words = str(grown[0].text).strip()  # type: ignore[attr-defined]
    assert first_words in user.screen()
    user.sends("Are you there?")
    user.until(lambda: len(ended) == 1)


NO_MODELS = (
    (b"<!DOCTYPE html><html>Not found</html>", "is a web page, not a model"),
    (b"", "is an empty file"),
    (b"GGUF" + b"\x03\0\0\0" + b"\0" * 4, "should have"),
    (b"PK\x03\x04" + b"x" * 100, "is a compressed archive"),
)


def test_a_file_that_is_no_model_gets_a_sentence_and_the_chat_goes_on(
    user: User, tmp_path: Path
) -> None:
    ended = answers(user)
    user.waits_for_the_model()
    path = tmp_path / "model from the net.gguf"
    for number, (content, words) in enumerate(NO_MODELS, 1):
        path.write_bytes(content)
        user.drops(path, on=user.window)
        user.sees(words)
        user.sends("Are you still there?")
        user.until(partial(has_items, ended, number))


def test_half_a_model_says_how_much_is_missing(
    user: User, tmp_path: Path, starter_path: Path
) -> None:
    user.waits_for_the_model()
    half = tmp_path / "half.gguf"
    half.write_bytes(starter_path.read_bytes()[: 70 * 1_000_000])
    user.shell.window.open_paths([half])
    user.sees("should have 138 MB but has only 67 MB")


def test_a_good_model_elsewhere_on_disk_is_used_in_place(
    user: User, tmp_path: Path, starter_path: Path
) -> None:
    ended = answers(user)
    user.waits_for_the_model()
    mine = tmp_path / "Mein Modell é 🦙.gguf"
    mine.write_bytes(starter_path.read_bytes())
    loaded: list[object] = []
    user.shell.engine.model_loaded.connect(loaded.append)
    user.drops(mine, on=user.composer())
    user.until(lambda: [one for one in loaded if one.model.path == mine])  # type: ignore[attr-defined]
    user.sends("Hello")
    user.until(lambda: len(ended) == 1)
    user.closes()
    user.starts_again()
    user.shell.engine.model_loaded.connect(loaded.append)
    user.until(lambda: loaded[-1].model.path == mine)  # type: ignore[attr-defined]
