"""The chat page as its user meets it: sending, waiting, reading, deciding."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGraphicsOpacityEffect,
    QTextBrowser,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import ShownTurn, TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import ConversationRequest, EngineState, FinishReason, TurnRequest
from app.core.placement import Placement, StepDown
from app.core.settings import DEFAULTS, SettingKey
from app.ui.chat.page import ChatPage, LinkRequest
from app.ui.chat.user_bubble import UserBubble
from app.ui.document_messages import DOCUMENT_MESSAGES
from app.ui.hub_messages import HUB_MESSAGES
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.widgets.answer_view import LinkActivated
from tests.ui.chat import samples
from tests.ui.chat.samples import CHAT_ID, MEASURED, SMOL, STARTER, answer, question, shown
from tests.ui.chat.seen import find, find_last, message_field, names, text_of, visible


def press(qtbot: QtBot, page: ChatPage, name: str) -> None:
    qtbot.mouseClick(find(page, QAbstractButton, name), Qt.MouseButton.LeftButton)


def type_and_send(qtbot: QtBot, page: ChatPage, text: str) -> None:
    qtbot.keyClicks(message_field(page), text)
    qtbot.keyClick(message_field(page), Qt.Key.Key_Return)


def delta(text: str, answer_id: str = "a") -> events.AnswerDelta:
    return events.AnswerDelta(answer_id, text, 1)


def finished(reason: FinishReason = FinishReason.END_OF_TURN) -> events.AnswerFinished:
    return events.AnswerFinished("a", reason, "Starter", MEASURED)


def store(page: ChatPage, *turns: ShownTurn, serial: int = 1) -> None:
    """Say that a message is on disk, and show its chat, as the store does."""
    page.settle_send(events.MessageStored(serial, CHAT_ID))
    page.show_conversation(shown(*turns))


WRITING = (question("q", "Why?"), answer("a", "", TurnState.WRITING))


# --- sending ---


def test_a_message_stays_in_the_field_until_it_is_seen_stored(
    qtbot: QtBot, page: ChatPage
) -> None:
    with qtbot.waitSignal(page.send_requested) as sent:
        type_and_send(qtbot, page, "Why?")
    assert sent.args == [events.SendRequest(None, "Why?", serial=1)]
    assert message_field(page).toPlainText() == "Why?"
    store(page, *WRITING)
    assert message_field(page).toPlainText() == ""
    assert page.conversation_id == CHAT_ID
    assert "Why?" in text_of(page)


def test_news_of_the_chat_before_the_message_was_stored_does_not_clear_it(
    qtbot: QtBot, page: ChatPage
) -> None:
    before = shown(question("q", "Same"), answer("a", "Yes."))
    page.show_conversation(before)
    type_and_send(qtbot, page, "Same")
    page.show_conversation(before)
    assert message_field(page).toPlainText() == "Same"
    assert not page.settle_send(events.MessageStored(99, CHAT_ID))
    assert message_field(page).toPlainText() == "Same"
    after = (*before.turns, question("q2", "Same"), answer("a2", "", TurnState.WRITING))
    store(page, *after)
    assert message_field(page).toPlainText() == ""


def test_a_message_that_could_not_be_stored_is_still_there_and_can_be_sent_again(
    qtbot: QtBot, page: ChatPage
) -> None:
    type_and_send(qtbot, page, "Why?")
    failure = Failure(ErrorCode.DISK_FULL, Facts(path="/home", available_bytes=1000))
    with qtbot.waitSignal(page.draft_changed) as kept:
        page.refuse_send(events.SendFailed(events.SendRequest(None, "Why?"), failure))
    assert kept.args == [events.DraftRequest(None, "Why?")]
    assert "Your message was not sent" in text_of(page)
    assert message_field(page).toPlainText() == "Why?"
    with qtbot.waitSignal(page.send_requested) as again:
        press(qtbot, page, "Send again")
    assert again.args == [events.SendRequest(None, "Why?", serial=2)]
    assert "Your message was not sent" not in text_of(page)


def test_an_example_is_put_into_the_field_and_not_sent(qtbot: QtBot, page: ChatPage) -> None:
    example = next(name for name in names(page) if name.startswith("Translate"))
    with qtbot.assertNotEmitted(page.send_requested):
        press(qtbot, page, example)
    assert "pharmacy" in message_field(page).toPlainText()


def test_the_setting_says_whether_enter_sends(qtbot: QtBot, page: ChatPage) -> None:
    page.apply_settings(events.SettingsChanged({**DEFAULTS, SettingKey.ENTER_SENDS: False}))
    with qtbot.assertNotEmitted(page.send_requested):
        type_and_send(qtbot, page, "Why?")


def test_without_a_model_a_message_is_sent_and_a_model_asked_for(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_engine_status(samples.engine_ready(None))
    with qtbot.waitSignal(page.send_requested):
        type_and_send(qtbot, page, "Why?")
    page.show_conversation(shown(*WRITING))
    assert "Choose a model to get the answer." in text_of(page)
    assert "Choose a model" in names(page)


# --- drafts ---


def test_each_chat_keeps_what_was_typed_in_it(qtbot: QtBot, page: ChatPage) -> None:
    field = message_field(page)
    qtbot.keyClicks(field, "for a new chat")
    with qtbot.waitSignal(page.draft_changed) as kept:
        page.show_conversation(shown(of=samples.conversation("one", draft="stored")))
    assert kept.args == [events.DraftRequest(None, "for a new chat")]
    assert field.toPlainText() == "stored"
    qtbot.keyClicks(field, " and more")
    page.show_new_chat()
    assert field.toPlainText() == "for a new chat"
    page.show_conversation(shown(of=samples.conversation("one", draft="stored")))
    assert field.toPlainText() == "stored and more"


def test_news_of_the_chat_on_the_screen_leave_the_typed_text_alone(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*WRITING))
    qtbot.keyClicks(message_field(page), "next question")
    page.show_conversation(shown(question("q", "Why?"), answer("a", "So.")))
    assert message_field(page).toPlainText() == "next question"


def test_what_was_typed_before_the_store_was_open_is_not_overwritten(
    qtbot: QtBot, page: ChatPage
) -> None:
    qtbot.keyClicks(message_field(page), "early")
    page.show_new_chat("stored draft")
    assert message_field(page).toPlainText() == "early"


def test_the_stored_draft_of_a_chat_not_begun_comes_back(page: ChatPage) -> None:
    page.show_new_chat("stored draft")
    assert message_field(page).toPlainText() == "stored draft"


def test_a_sent_message_does_not_come_back_as_a_draft(qtbot: QtBot, page: ChatPage) -> None:
    with qtbot.waitSignal(page.draft_changed):
        qtbot.keyClicks(message_field(page), "Wh")
    type_and_send(qtbot, page, "y?")
    store(page, *WRITING)
    page.show_new_chat()
    assert message_field(page).toPlainText() == ""


# --- editing ---


@pytest.fixture
def talked(qtbot: QtBot, page: ChatPage) -> ChatPage:
    """A chat of two questions and their answers, and something half typed."""
    turns = (
        question("q", "Frist?"),
        answer("a", "Yes."),
        question("r", "And?"),
        answer("b", "No."),
    )
    page.show_conversation(shown(*turns))
    qtbot.keyClicks(message_field(page), "half typed")
    return page


def edit(qtbot: QtBot, page: ChatPage, place: int = 0) -> None:
    buttons = sorted(
        (one for one in visible(page, QAbstractButton) if one.accessibleName() == "Edit"),
        key=lambda one: one.mapTo(page, one.rect().topLeft()).y(),
    )
    qtbot.mouseClick(buttons[place], Qt.MouseButton.LeftButton)


def test_an_edited_message_is_sent_as_another_version_of_it(
    qtbot: QtBot, talked: ChatPage
) -> None:
    edit(qtbot, talked)
    field = message_field(talked)
    assert field.toPlainText() == "Frist?"
    assert field.hasFocus()
    assert "You are editing a message" in text_of(talked)
    field.setPlainText("First?")
    with qtbot.waitSignal(talked.send_requested) as sent:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent.args == [events.SendRequest(samples.CHAT_ID, "First?", "q", 1)]
    store(talked, question("s", "First?"), answer("c", "", TurnState.WRITING))
    assert field.toPlainText() == "half typed"
    assert "You are editing a message" not in text_of(talked)


@pytest.mark.parametrize("way", ["button", "key"])
def test_editing_can_be_given_up_and_what_was_typed_before_comes_back(
    qtbot: QtBot, talked: ChatPage, way: str
) -> None:
    edit(qtbot, talked)
    edit(qtbot, talked, place=1)
    field = message_field(talked)
    assert field.toPlainText() == "And?"
    with qtbot.assertNotEmitted(talked.send_requested):
        if way == "button":
            press(qtbot, talked, "Cancel")
        else:
            talked.stop()
    assert field.toPlainText() == "half typed"
    assert "You are editing a message" not in text_of(talked)


def test_editing_goes_on_where_its_chat_was_left(qtbot: QtBot, talked: ChatPage) -> None:
    edit(qtbot, talked)
    field = message_field(talked)
    field.setPlainText("First, but")
    talked.show_new_chat()
    assert field.toPlainText() == ""
    assert "You are editing a message" not in text_of(talked)
    talked.show_conversation(shown(question("q", "Frist?"), answer("a", "Yes.")))
    assert field.toPlainText() == "First, but"
    assert "You are editing a message" in text_of(talked)
    press(qtbot, talked, "Cancel")
    assert field.toPlainText() == "half typed"


def test_what_is_being_edited_when_the_window_closes_is_kept_with_the_draft(
    qtbot: QtBot, talked: ChatPage
) -> None:
    edit(qtbot, talked)
    message_field(talked).setPlainText("First, but")
    with qtbot.waitSignal(talked.draft_changed) as kept:
        talked.keep_draft_now()
    assert kept.args == [events.DraftRequest(CHAT_ID, "half typed\nFirst, but")]


def test_a_message_being_edited_is_no_draft(qtbot: QtBot, talked: ChatPage) -> None:
    with qtbot.waitSignal(talked.draft_changed) as kept:
        edit(qtbot, talked)
    assert kept.args == [events.DraftRequest(CHAT_ID, "half typed")]
    with qtbot.assertNotEmitted(talked.draft_changed, wait=700):
        qtbot.keyClicks(message_field(talked), " more")


def test_an_edited_message_that_was_not_stored_can_be_sent_again(
    qtbot: QtBot, talked: ChatPage
) -> None:
    edit(qtbot, talked)
    message_field(talked).setPlainText("First?")
    with qtbot.waitSignal(talked.send_requested) as sent:
        qtbot.keyClick(message_field(talked), Qt.Key.Key_Return)
    failure = Failure(ErrorCode.DISK_FULL, Facts(path="/data", available_bytes=12))
    talked.refuse_send(events.SendFailed(sent.args[0], failure))
    with qtbot.waitSignal(talked.send_requested) as again:
        press(qtbot, talked, "Send again")
    assert again.args == [replace(sent.args[0], serial=2)]


def test_nothing_is_edited_while_an_answer_is_written(page: ChatPage) -> None:
    page.show_conversation(shown(*WRITING))
    assert not find(page, QAbstractButton, "Edit").isEnabled()


# --- answers ---


def test_words_come_onto_the_screen_and_stop_becomes_send_at_the_end(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*WRITING))
    page.append_answer(delta("Because "))
    page.append_answer(delta("of that."))
    assert "Because of that." in text_of(page)
    with qtbot.waitSignal(page.stop_requested) as stopped:
        press(qtbot, page, "Stop")
    assert stopped.args == [events.StopRequest("a")]
    page.finish_answer(finished(FinishReason.STOPPED))
    assert "Stop" not in names(page)
    assert "Stopped" in text_of(page)
    assert "first word after 0.4 s" in text_of(page)


def test_words_that_came_while_another_chat_was_shown_are_there_on_return(
    page: ChatPage,
) -> None:
    page.show_conversation(shown(*WRITING))
    page.append_answer(delta("One "))
    page.show_conversation(shown(of=samples.conversation("other")))
    page.append_answer(delta("two"))
    assert "One" not in text_of(page)
    page.show_conversation(shown(*WRITING))
    page.append_answer(delta(" three"))
    assert "One two three" in text_of(page)


def test_words_that_the_store_knew_first_are_not_shown_twice(page: ChatPage) -> None:
    page.show_conversation(shown(*WRITING))
    page.append_answer(delta("One "))
    page.show_conversation(shown(WRITING[0], answer("a", "One two ", TurnState.WRITING)))
    page.append_answer(delta("two "))
    page.append_answer(delta("three"))
    assert "One two three" in text_of(page)


def test_reading_a_long_chat_is_told_after_a_moment_and_ends_with_the_first_word(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*WRITING))
    page.show_reading(events.ReadingProgress("a", 1000, 4000, 12.4))
    assert "Reading" not in text_of(page)
    qtbot.waitUntil(lambda: "Reading" in text_of(page))
    assert "tokens, 12 s left" in text_of(page)
    page.append_answer(delta("So."))
    assert "Reading" not in text_of(page)


def test_an_answer_that_failed_says_why_and_can_be_tried_again(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*WRITING))
    facts = Facts(needed_tokens=9000, limit_tokens=8192)
    page.fail_answer(events.AnswerFailed("a", Failure(ErrorCode.PROMPT_TOO_LONG, facts)))
    assert "9" in text_of(page)
    assert "tokens (pieces of words)" in text_of(page)
    with qtbot.waitSignal(page.regenerate_requested) as again:
        press(qtbot, page, "Try again")
    assert again.args == [TurnRequest(CHAT_ID, "a")]


@pytest.mark.parametrize(
    ("code", "words", "asked"),
    [
        (ErrorCode.PROMPT_TOO_LONG, "Start a new chat", "new_chat_requested"),
        (ErrorCode.CHAT_TEMPLATE_UNUSABLE, "Open a model file…", "open_file_requested"),
        (ErrorCode.MEMORY_TOO_SMALL, "Choose another model", "models_requested"),
    ],
)
def test_an_answer_that_asking_again_does_not_help_offers_what_does(
    qtbot: QtBot, page: ChatPage, code: ErrorCode, words: str, asked: str
) -> None:
    page.show_conversation(shown(*WRITING))
    page.fail_answer(events.AnswerFailed("a", Failure(code, Facts("mine.gguf"))))
    with qtbot.waitSignal(getattr(page, asked)):
        press(qtbot, page, words)


OF_MODELS = [code for code in ErrorCode if code not in {*HUB_MESSAGES, *DOCUMENT_MESSAGES}]


@pytest.mark.parametrize("code", OF_MODELS)
def test_every_reason_for_a_failed_load_has_its_button(
    qtbot: QtBot, page: ChatPage, code: ErrorCode
) -> None:
    action = message_for(Failure(code)).action
    assert action is not None
    asked = {
        Action.CHOOSE_MODEL_FILE: page.open_file_requested,
        Action.SHOW_MODELS: page.models_requested,
        Action.NEW_CHAT: page.new_chat_requested,
        Action.OPEN_DATA_FOLDER: page.data_folder_requested,
        Action.TRY_AGAIN: page.load_requested,
    }
    page.show_load_failed(events.LoadFailed(SMOL.path, Failure(code)))
    with qtbot.waitSignal(asked[action]):
        press(qtbot, page, action_words(action))


def test_when_the_engine_dies_the_text_so_far_stays(page: ChatPage) -> None:
    page.show_conversation(shown(*WRITING))
    page.append_answer(delta("Half an ans"))
    page.fail_answer(events.AnswerFailed("a", Failure(ErrorCode.ENGINE_LOST)))
    assert "Half an ans" in text_of(page)
    assert "The engine stopped here. The text so far is kept." in text_of(page)


def test_a_message_without_an_answer_offers_to_get_one(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(question("q", "Why?")))
    with qtbot.waitSignal(page.answer_again_requested) as asked:
        press(qtbot, page, "Get an answer")
    assert asked.args == [ConversationRequest(CHAT_ID)]


def test_the_other_versions_of_an_answer_can_be_shown(qtbot: QtBot, page: ChatPage) -> None:
    second = answer("b", "So.", siblings=("a", "b", "c"))
    page.show_conversation(shown(question("q", "Why?"), second))
    assert "2 of 3" in text_of(page)
    with qtbot.waitSignal(page.sibling_requested) as wanted:
        press(qtbot, page, "Next version")
    assert wanted.args == [TurnRequest(CHAT_ID, "c")]
    with qtbot.waitSignal(page.sibling_requested) as wanted:
        press(qtbot, page, "Previous version")
    assert wanted.args == [TurnRequest(CHAT_ID, "a")]


def test_deleting_a_message_stops_the_answer_that_is_written_to_it(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*WRITING))
    signals = [page.stop_requested, page.delete_turn_requested]
    with qtbot.waitSignals(signals, order="strict"):
        press(qtbot, page, "Delete")


def test_the_newest_answer_is_copied_without_what_the_model_thought(
    qtbot: QtBot, page: ChatPage
) -> None:
    text = "<think>hm</think>Because **so**."
    page.show_conversation(shown(question("q", "Why?"), answer("a", text)))
    page.copy_last_answer()
    assert QGuiApplication.clipboard().text() == "Because **so**."
    assert "Copied" in names(page)


def test_a_link_is_asked_about_and_not_followed(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(question("q", "Why?"), answer("a", "[here](https://a.example)")))
    view = page._chat.transcript.last_answer()
    assert view is not None
    with qtbot.waitSignal(page.link_requested) as asked:
        view.link_activated.emit(LinkActivated("https://a.example"))
    assert asked.args == [LinkRequest("https://a.example")]


# --- what the model remembers ---

FULL = events.MemoryFull("a", CHAT_ID, 9000, 8192, 6)


def test_before_the_model_forgets_anything_the_user_is_asked(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(*WRITING))
    page.show_conversation(shown(question("q", "Why?")))
    page.ask_to_forget(FULL)
    assert "forget the oldest messages (6 in all)" in text_of(page)
    assert "Get an answer" not in names(page)
    with qtbot.waitSignal(page.forget_requested) as agreed:
        press(qtbot, page, "Forget the oldest and go on")
    assert agreed.args == [ConversationRequest(CHAT_ID)]
    assert "forget the oldest" not in text_of(page)


def test_instead_of_forgetting_a_new_chat_can_be_begun(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(question("q", "Why?")))
    page.ask_to_forget(FULL)
    with qtbot.waitSignal(page.new_chat_requested):
        press(qtbot, page, "Start a new chat")


def test_the_question_about_forgetting_stays_with_its_chat(page: ChatPage) -> None:
    page.show_conversation(shown(question("q", "Why?")))
    page.ask_to_forget(FULL)
    page.show_conversation(shown(question("p", "And?"), of=samples.conversation("other")))
    assert "forget the oldest" not in text_of(page)
    assert "Get an answer" in names(page)


def test_the_header_says_how_full_the_memory_is_and_how_fast_the_model_writes(
    page: ChatPage,
) -> None:
    page.show_conversation(shown(question("q", "Why?"), answer("a", "word " * 37)))
    assert "Memory 12 % full" in text_of(page)
    assert "10 words per second" in text_of(page)


# --- models and the engine ---


def test_the_starter_is_called_tiny_and_often_wrong(page: ChatPage) -> None:
    assert "often wrong" not in text_of(page)
    page.show_engine_status(samples.engine_ready(STARTER))
    assert "Tiny, often wrong" in text_of(page)
    assert "use a larger model for real work" in text_of(page)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_of_many_models_the_menu_offers_those_used_last(qtbot: QtBot, page: ChatPage) -> None:
    many = tuple(
        replace(SMOL, path=Path(f"/models/{n}.gguf"), display_name=f"Model {n}") for n in range(30)
    )
    twins = tuple(
        replace(SMOL, path=Path(f"/models/{q}.gguf"), quantization=q) for q in ("Q4_K_M", "Q8_0")
    )
    page.show_library(events.Library((*twins, *many)))
    press(qtbot, page, "Model: SmolLM3 3B")
    menu = page._header._menu
    names = [action.text().partition("\t")[0] for action in menu.actions()]
    assert names[:3] == ["SmolLM3 3B (Q4_K_M)", "SmolLM3 3B (Q8_0)", "Model 0"]
    assert "Model 6" not in names
    assert names[-1] == "All models"
    menu.close()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_another_model_is_chosen_from_the_menu(qtbot: QtBot, page: ChatPage) -> None:
    press(qtbot, page, "Model: SmolLM3 3B")
    menu = page._header._menu
    entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert entries["SmolLM3 3B"].isChecked()
    with qtbot.waitSignal(page.load_requested) as wanted:
        entries["Starter"].trigger()
    assert wanted.args == [events.LoadRequest(STARTER.path)]
    with qtbot.waitSignal(page.open_file_requested):
        entries["Open a model file…"].trigger()
    with qtbot.waitSignal(page.models_requested):
        entries["All models"].trigger()
    menu.close()


def test_loading_a_model_is_told_with_its_progress_and_can_be_cancelled(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_engine_status(events.EngineStatus(EngineState.BUSY, SMOL, is_loading=True))
    page.show_load_progress(events.LoadProgress(SMOL, 0.4))
    assert "Getting the model ready… 40 %" in text_of(page)
    with qtbot.waitSignal(page.cancel_load_requested):
        press(qtbot, page, "Stop getting this model ready")
    page.show_engine_status(samples.engine_ready())
    assert "Getting the model ready" not in text_of(page)


def test_why_a_model_failed_can_be_read_after_the_one_before_has_come_back(
    page: ChatPage,
) -> None:
    failure = Failure(ErrorCode.MODEL_DAMAGED, Facts("mine.gguf"))
    page.show_load_failed(events.LoadFailed(SMOL.path, failure))
    loaded = events.LoadedModel(SMOL, Placement(2048), (), 0, 1.0, "CPU")
    page.show_loaded(replace(loaded, is_returning=True))
    assert "mine.gguf contradicts itself" in text_of(page)
    page.show_loaded(loaded)
    assert "mine.gguf contradicts itself" not in text_of(page)


def test_a_model_that_does_not_fit_says_so_with_numbers_and_a_way_out(
    qtbot: QtBot, page: ChatPage
) -> None:
    facts = Facts("big.gguf", needed_bytes=9_000_000_000, available_bytes=4_000_000_000)
    failure = Failure(ErrorCode.MEMORY_TOO_SMALL, facts)
    page.show_load_failed(events.LoadFailed(SMOL.path, failure))
    assert "8.4 GB" in text_of(page)
    with qtbot.waitSignal(page.models_requested):
        press(qtbot, page, "Choose another model")


def test_a_model_made_to_fit_says_what_was_given_up_and_can_be_loaded_again(
    qtbot: QtBot, page: ChatPage
) -> None:
    steps = (StepDown.SMALLER_CONTEXT, StepDown.SMALLER_CONTEXT, StepDown.SMALLER_KV)
    page.show_loaded(events.LoadedModel(SMOL, Placement(2048), steps, 0, 1.0, "CPU"))
    assert text_of(page).count("It remembers less") == 1
    with qtbot.waitSignal(page.load_requested) as again:
        press(qtbot, page, "Load again")
    assert again.args == [events.LoadRequest(SMOL.path)]


def test_an_engine_that_was_given_up_is_started_by_the_user(qtbot: QtBot, page: ChatPage) -> None:
    failure = Failure(ErrorCode.ENGINE_LOST_REPEATEDLY)
    page.show_trouble(events.EngineTrouble(failure, is_restarting=False))
    with qtbot.waitSignal(page.engine_requested):
        press(qtbot, page, "Try again")


@pytest.mark.parametrize("state", [EngineState.READY, EngineState.BUSY])
def test_the_word_about_a_lost_engine_goes_when_it_is_back(
    page: ChatPage, state: EngineState
) -> None:
    page.show_trouble(events.EngineTrouble(Failure(ErrorCode.ENGINE_LOST), is_restarting=True))
    assert "stopped unexpectedly" in text_of(page)
    page.show_engine_status(events.EngineStatus(state, SMOL))
    assert "stopped unexpectedly" not in text_of(page)


# --- keyboard ---


def test_tab_goes_through_the_page_as_it_is_read_and_comes_back(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(question("q", "Why?"), answer("a", "So.")))
    visited = []
    for _ in range(12):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        visited.append(page.focusWidget().accessibleName())
        if visited[-1] == "Message":
            break
    assert visited[:2] == ["Ask documents", "Model: SmolLM3 3B"]
    assert visited[-1] == "Message"
    order = [name for name in visited if name in {"Your message", "Copy", "Try again", "Delete"}]
    assert order == ["Your message", "Copy", "Delete", "Copy", "Try again", "Delete"]


def test_the_buttons_of_a_message_show_when_the_keyboard_reaches_them(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(question("q", "Why?"), answer("a", "So.")))
    row = page._chat.transcript.views[0]._actions
    effect = row.graphicsEffect()
    assert isinstance(effect, QGraphicsOpacityEffect)
    assert effect.opacity() == 0.0
    copy = find(row, QAbstractButton, "Copy")
    copy.setFocus(Qt.FocusReason.TabFocusReason)
    assert effect.opacity() == 1.0
    with qtbot.waitSignal(row.copy_requested):
        qtbot.keyClick(copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "Why?"
    find_last(page, QAbstractButton, "Copy").setFocus(Qt.FocusReason.TabFocusReason)
    assert effect.opacity() == 0.0


def test_a_long_message_is_folded_and_can_be_opened(qtbot: QtBot, page: ChatPage) -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    page.show_conversation(shown(question("q", text), answer("a", "So.")))
    assert "line 39" not in text_of(page)
    fold = next(one for one in page.findChildren(QAbstractButton) if one.text() == "Show all")
    fold.click()
    assert "line 39" in text_of(page)


def test_an_answer_behind_another_leads_to_the_chat_that_comes_first(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.start_answer(events.AnswerStarted("z", "other chat", None))
    page.show_conversation(shown(*WRITING))
    with qtbot.waitSignal(page.conversation_requested) as wanted:
        press(qtbot, page, "Show it")
    assert wanted.args == [ConversationRequest("other chat")]


def test_a_chat_can_be_renamed_and_deleted_from_its_header(qtbot: QtBot, page: ChatPage) -> None:
    assert "More for this chat" not in names(page)
    page.show_conversation(shown(*WRITING))
    button = find(page, QToolButton, "More for this chat")
    rename, delete = button.menu().actions()
    with qtbot.waitSignal(page.rename_requested) as asked:
        rename.trigger()
    assert asked.args == [ConversationRequest(CHAT_ID)]
    with qtbot.waitSignal(page.delete_requested) as asked:
        delete.trigger()
    assert asked.args == [ConversationRequest(CHAT_ID)]


def test_unfolding_a_long_message_does_not_move_it(qtbot: QtBot, page: ChatPage) -> None:
    long = "\n".join(f"Line {n} of a long letter" for n in range(200))
    page.show_conversation(shown(question("q", long), answer("a", "So.")))
    bubble = page.findChildren(UserBubble)[0]
    before = bubble.mapTo(page, bubble.rect().topLeft()).y()
    unfold = next(one for one in visible(page, QAbstractButton) if one.text() == "Show all")
    qtbot.mouseClick(unfold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Line 150" in text_of(page))
    QApplication.processEvents()
    assert bubble.mapTo(page, bubble.rect().topLeft()).y() == before


def test_a_failed_load_is_not_spoken_of_once_another_model_is_chosen(page: ChatPage) -> None:
    page.show_load_failed(events.LoadFailed(SMOL.path, Failure(ErrorCode.MODEL_DAMAGED)))
    assert "The model file is damaged" in text_of(page)
    page.drop_load_notice()
    assert "The model file is damaged" not in text_of(page)


def hold(page: ChatPage, name: str) -> QAbstractButton:
    """Bring the keyboard to the lowest button of a name."""
    held = find_last(page, QAbstractButton, name)
    held.setFocus(Qt.FocusReason.TabFocusReason)
    assert held.hasFocus()
    return held


def focused_name(page: ChatPage) -> str:
    return str(page.focusWidget().accessibleName())


FOUR_TURNS = (
    question("q", "First?"),
    answer("a", "Yes."),
    question("r", "Second?"),
    answer("b", "No."),
)


def test_after_a_turn_is_deleted_the_keyboard_is_at_the_same_button_above(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_conversation(shown(*FOUR_TURNS))
    qtbot.keyClick(hold(page, "Delete"), Qt.Key.Key_Space)
    page.show_conversation(shown(*FOUR_TURNS[:3]))
    assert page.focusWidget() is find_last(page, QAbstractButton, "Delete")


def test_after_the_last_turn_is_deleted_the_user_can_type(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(FOUR_TURNS[0]))
    qtbot.keyClick(hold(page, "Delete"), Qt.Key.Key_Space)
    page.show_conversation(shown())
    assert message_field(page).hasFocus()


def test_after_try_again_the_user_can_type_the_next_message(qtbot: QtBot, page: ChatPage) -> None:
    page.show_conversation(shown(*FOUR_TURNS))
    qtbot.keyClick(hold(page, "Try again"), Qt.Key.Key_Space)
    again = answer("c", "", TurnState.WRITING, siblings=("b", "c"))
    page.show_conversation(shown(*FOUR_TURNS[:3], again))
    assert message_field(page).hasFocus()


def test_going_through_versions_keeps_the_keyboard_there(qtbot: QtBot, page: ChatPage) -> None:
    versions = ("b", "c", "d")
    page.show_conversation(shown(*FOUR_TURNS[:3], answer("b", "No.", siblings=versions)))
    hold(page, "Next version")
    page.show_conversation(shown(*FOUR_TURNS[:3], answer("c", "Well.", siblings=versions)))
    assert focused_name(page) == "Next version"
    page.show_conversation(shown(*FOUR_TURNS[:3], answer("d", "Yes.", siblings=versions)))
    assert focused_name(page) == "Previous version"


def test_news_of_the_chat_leave_the_keyboard_where_it_is(page: ChatPage) -> None:
    page.show_conversation(shown(*FOUR_TURNS))
    held = hold(page, "Copy")
    page.show_conversation(shown(*FOUR_TURNS, question("s", "Third?")))
    assert page.focusWidget() is held


@pytest.fixture
def in_answer(page: ChatPage) -> QTextBrowser:
    """The keyboard is at the beginning of an answer that is higher than the page."""
    text = "\n\n".join(f"Paragraph {number} of a long answer." for number in range(60))
    page.show_conversation(shown(question("q", "Why?"), answer("a", text)))
    bar = page._chat.transcript.verticalScrollBar()
    while bar.value() > 0:
        bar.setValue(0)  # What is above is built when the reader comes near.
    answers = [one for one in visible(page, QTextBrowser) if one.accessibleName() == "Answer"]
    first = min(answers, key=lambda one: one.mapTo(page, one.rect().topLeft()).y())
    first.setFocus(Qt.FocusReason.TabFocusReason)
    return first


@pytest.mark.parametrize("key", [Qt.Key.Key_PageDown, Qt.Key.Key_Space])
def test_the_keys_for_pages_scroll_the_chat_from_inside_an_answer(
    qtbot: QtBot, page: ChatPage, in_answer: QTextBrowser, key: Qt.Key
) -> None:
    bar = page._chat.transcript.verticalScrollBar()
    qtbot.keyClick(in_answer, key)
    assert bar.value() == bar.pageStep()
    if key == Qt.Key.Key_Space:
        qtbot.keyClick(in_answer, key, Qt.KeyboardModifier.ShiftModifier)
    else:
        qtbot.keyClick(in_answer, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_the_cursor_in_an_answer_stays_on_the_screen(
    qtbot: QtBot, page: ChatPage, in_answer: QTextBrowser
) -> None:
    transcript = page._chat.transcript
    for _ in range(20):
        qtbot.keyClick(in_answer, Qt.Key.Key_Down)
    place = in_answer.viewport().mapTo(transcript, in_answer.cursorRect().center())
    assert in_answer.cursorRect().top() > transcript.height() // 2
    assert transcript.rect().contains(place)
    qtbot.keyClick(in_answer, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    place = in_answer.viewport().mapTo(transcript, in_answer.cursorRect().center())
    assert transcript.rect().contains(place)
