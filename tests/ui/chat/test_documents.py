"""Documents in a chat: choosing them, and what an answer says of its sources."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import ShownTurn, TurnState
from app.core.document_events import (
    AnswerCited,
    CollectionList,
    EvidenceFound,
    IndexFailed,
    NewCollectionRequest,
)
from app.core.documents.collections import (
    CollectionState,
    CollectionSummary,
    IndexProgress,
    IndexStage,
)
from app.core.documents.evidence import (
    AnswerBasis,
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    DocumentPlace,
    Evidence,
    Verdict,
    wish_for,
)
from app.core.errors import ErrorCode, Facts, Failure
from app.ui.chat.composer_edit import ComposerEdit
from app.ui.chat.documents_menu import DocumentsMenu
from app.ui.chat.page import ChatPage
from app.ui.chat.quote_card import QuoteCard
from app.ui.messages import message_for
from app.ui.widgets.prose_view import ProseView
from tests.ui.chat import samples
from tests.ui.chat.samples import CITED, CITED_ANSWER, COLLECTION_ID, answer, question
from tests.ui.chat.seen import find, names, text_of, visible

ASKED = ChatDocuments((COLLECTION_ID,))


def show(page: ChatPage, *turns: ShownTurn, documents: ChatDocuments = ASKED) -> None:
    page.show_collections(CollectionList((samples.collection(),)))
    of = samples.conversation(documents=documents)
    page.show_conversation(samples.shown(question("q", "How much notice?"), *turns, of=of))


def prose(page: ChatPage) -> ProseView:
    return next(one for one in visible(page, ProseView) if "two months" in one.toPlainText())


def chip_at(view: ProseView, url: str) -> QTextCursor:
    cursor = QTextCursor(view.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        if cursor.charFormat().anchorHref() == url:
            # Into the middle of it.
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, n=3)
            return cursor
    raise AssertionError(f"no chip {url}")


# --- answers ---


def test_a_click_on_a_chip_opens_its_page_with_the_quote(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    view = prose(page)
    place = view.cursorRect(chip_at(view, "source:2")).center() + QPoint(2, 0)
    with qtbot.waitSignal(page.place_requested) as asked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    opened: DocumentPlace = asked.args[0]
    assert (opened.page, opened.quote) == (6, samples.SOURCES[1].quote)


def test_the_keyboard_reaches_every_chip(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    view = prose(page)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    opened: list[int] = []
    page.place_requested.connect(lambda place: opened.append(place.page))
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [4, 6, 4]


def test_a_chip_says_what_it_stands_for(page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    view = prose(page)
    note = chip_at(view, "source:1").charFormat().toolTip()
    assert "Source 1: lease.pdf, page 4" in note
    assert "Either party may end this agreement" in note
    doubt = chip_at(view, "source:3").charFormat().toolTip()
    assert "Similar, but ‘17 May’ is not in the source." in doubt


def test_what_is_not_borne_out_is_marked_and_the_marks_are_explained(page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    cursor = prose(page).document().find("Landlords are usually")
    assert cursor.charFormat().underlineStyle() is cursor.charFormat().UnderlineStyle.DotLine
    assert "2 of 4 sentences are in your documents" in text_of(page)
    assert "Dotted lines: not, or not quite, in your documents" in text_of(page)


def test_below_an_answer_stands_a_button_for_each_page(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    button = find(page, QAbstractButton, "Source 2: lease.pdf, page 6")
    with qtbot.waitSignal(page.place_requested) as asked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args[0].page == 6


def test_a_copied_answer_keeps_its_sources(page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    page.copy_last_answer()
    copied = QGuiApplication.clipboard().text()
    assert "after the landlord receives it. [1] It has" in copied
    assert "Landlords are usually glad to help.\n" in copied
    assert "Sources:\n[1] lease.pdf, page 4: “Either party" in copied
    assert "[3] letter from the landlord.docx" in copied


def test_selected_words_are_copied_with_their_numbers(page: ChatPage) -> None:
    show(page, answer("a", CITED_ANSWER, sources=CITED))
    prose(page).selectAll()
    assert "receives it. [1] It has to be" in prose(page).selected_text()


def test_offsets_count_what_was_thought_before_the_answer(page: ChatPage) -> None:
    thought = "<think>Two months? Let me see.</think>\n\n"
    sentences = tuple(
        replace(one, start=one.start + len(thought), end=one.end + len(thought))
        for one in CITED.sentences
    )
    show(page, answer("a", thought + CITED_ANSWER, sources=replace(CITED, sentences=sentences)))
    assert "receives it. [1] It has to be" in _with_chips(prose(page))


def _with_chips(view: ProseView) -> str:
    view.selectAll()
    return view.selected_text()


def test_chips_come_while_the_answer_is_written(page: ChatPage) -> None:
    show(page, answer("a", "", TurnState.WRITING))
    first_two = CITED_ANSWER[: CITED_ANSWER.index("\n\n- ")]
    page.append_answer(events.AnswerDelta("a", first_two[:100], 20))
    early = replace(CITED, sentences=CITED.sentences[:2], is_final=False)
    page.show_sources(AnswerCited("a", early))
    page.append_answer(events.AnswerDelta("a", first_two[100:], 20))
    assert "receives it. [1] It has" in _with_chips(prose(page))
    assert "sentences are in your documents" not in text_of(page)
    page.append_answer(events.AnswerDelta("a", CITED_ANSWER[len(first_two) :], 20))
    page.finish_answer(
        events.AnswerFinished("a", events.FinishReason.END_OF_TURN, "m", samples.MEASURED)
    )
    page.show_sources(AnswerCited("a", CITED))
    assert "31 July. [3]" in _with_chips(prose(page))
    assert "2 of 4 sentences are in your documents" in text_of(page)


def test_a_model_cannot_make_a_chip(qtbot: QtBot, page: ChatPage) -> None:
    text = "Two months [1]. [Look](source:1) or <source:2>, two months."
    show(page, answer("a", text, sources=replace(CITED, sentences=())))
    view = prose(page)
    cursor = QTextCursor(view.document())
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        assert not cursor.charFormat().isAnchor()
    assert "[1]" not in view.toPlainText()


def test_a_question_in_another_language_gets_an_answer_and_a_word_of_warning(
    page: ChatPage,
) -> None:
    sources = replace(samples.QUOTES, mode=AnswerMode.MODEL, verdict=Verdict.UNSURE)
    show(page, answer("a", "The rent is 900 euros.", sources=sources))
    assert "another language than your documents" in text_of(page)
    assert "I found nothing" not in text_of(page)


def test_nothing_found_is_said_plainly_with_the_closest_passages(
    qtbot: QtBot, page: ChatPage
) -> None:
    show(page, answer("a", "", sources=samples.NOT_FOUND))
    assert "I found nothing about this in your documents." in text_of(page)
    assert "12 files have not been read yet" in text_of(page)
    assert len(list(visible(page, QuoteCard))) == 3
    with qtbot.waitSignal(page.general_answer_requested) as asked:
        button = find(page, QAbstractButton, "Answer from general knowledge")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [events.TurnRequest(samples.CHAT_ID, "a")]


READ = "Let the model read these passages"
GENERAL = "Answer from general knowledge"


@pytest.mark.parametrize("mode", list(AnswerMode))
def test_the_model_can_be_let_read_the_closest_passages(
    qtbot: QtBot, page: ChatPage, mode: AnswerMode
) -> None:
    show(page, answer("a", "", sources=replace(samples.NOT_FOUND, mode=mode)))
    with qtbot.waitSignal(page.closest_answer_requested) as asked:
        qtbot.mouseClick(find(page, QAbstractButton, READ), Qt.MouseButton.LeftButton)
    assert asked.args == [events.TurnRequest(samples.CHAT_ID, "a")]


def test_the_keyboard_goes_from_the_passages_to_the_choices(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "", sources=samples.NOT_FOUND))
    card = list(visible(page, QuoteCard))[-1]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _ in range(2):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        seen.append(page.focusWidget().accessibleName())
    assert seen == [READ, GENERAL]
    find(page, QAbstractButton, READ).setFocus()
    with qtbot.waitSignal(page.closest_answer_requested):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Space)


def test_without_passages_there_is_nothing_to_read(page: ChatPage) -> None:
    show(page, answer("a", "", sources=replace(samples.NOT_FOUND, sources=())))
    assert READ not in names(page)
    assert GENERAL in names(page)


def test_while_an_answer_is_written_no_other_can_be_begun(page: ChatPage) -> None:
    refused = answer("a", "", sources=samples.NOT_FOUND)
    show(page, refused, question("r", "And now?"), answer("b", "", TurnState.WRITING))
    assert not find(page, QAbstractButton, READ).isEnabled()
    assert not find(page, QAbstractButton, GENERAL).isEnabled()
    show(page, refused)
    assert find(page, QAbstractButton, READ).isEnabled()


def test_an_answer_from_the_closest_passages_says_what_it_is_and_has_its_sources(
    page: ChatPage,
) -> None:
    show(page, answer("a", CITED_ANSWER, sources=samples.CLOSEST))
    assert "Nothing in your documents seemed to answer this. As you asked" in text_of(page)
    assert "Check each sentence against its source." in text_of(page)
    assert "I found nothing" not in text_of(page)
    assert "2 of 4 sentences are in your documents" in text_of(page)
    assert "Source 2: lease.pdf, page 6" in names(page)
    assert not {READ, GENERAL} & names(page)


def test_an_answer_that_it_is_not_there_looks_supported_by_nothing(page: ChatPage) -> None:
    show(page, answer("a", samples.DENIAL, sources=samples.DENIED))
    view = next(one for one in visible(page, ProseView) if "do not say" in one.toPlainText())
    cursor = view.document().find("passages do not say")
    assert cursor.charFormat().underlineStyle() is cursor.charFormat().UnderlineStyle.DotLine
    assert "Read them yourself before you rely on what it wrote." in text_of(page)
    assert "This was not found in your documents" in text_of(page)
    assert "The closest passages:" in text_of(page)
    assert "Your documents say:" not in text_of(page)
    assert len(list(visible(page, QuoteCard))) == 3
    assert not any(name.startswith("Source ") for name in names(page))
    assert READ not in names(page)
    assert GENERAL in names(page)


def test_nothing_is_said_of_passages_that_no_model_was_given(page: ChatPage) -> None:
    wish = AnswerSources(AnswerMode.MODEL, Verdict.CLOSEST, is_final=True)
    show(page, answer("a", "", TurnState.STOPPED, sources=wish))
    assert "closest passages" not in text_of(page)
    assert not {READ, GENERAL} & names(page)


@pytest.mark.parametrize(
    "sources",
    [replace(samples.CLOSEST, sentences=(), sources=()), replace(CITED, n_files_unread=3)],
)
def test_what_is_said_of_the_search_does_not_hide_what_is_waited_for(
    page: ChatPage, sources: AnswerSources
) -> None:
    page.show_engine_status(samples.engine_ready(None))
    page.show_evidence(EvidenceFound("a", Evidence(Verdict.FOUND)))
    early = replace(sources, sentences=(), is_final=False)
    show(page, answer("a", "", TurnState.WRITING, sources=early))
    assert "Choose a model to get the answer." in text_of(page)


def test_documents_still_being_read_are_no_reason_to_say_nothing_was_found(
    page: ChatPage,
) -> None:
    sources = AnswerSources(AnswerMode.MODEL, Verdict.NOTHING_READ, is_final=True)
    show(page, answer("a", "", sources=sources))
    assert "Your documents are still being read." in text_of(page)
    assert "Answer from general knowledge" not in names(page)


def test_quotes_are_cards_that_open_their_pages(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "> Either party [1]", sources=samples.QUOTES))
    cards = list(visible(page, QuoteCard))
    assert len(cards) == 3
    with qtbot.waitSignal(page.place_requested) as asked:
        cards[1].setFocus()
        qtbot.keyClick(cards[1], Qt.Key.Key_Space)
    assert asked.args[0].page == 6
    assert not any("Either party [1]" in one.toPlainText() for one in visible(page, ProseView))


@pytest.mark.parametrize(
    ("verdict", "n_unread", "said"),
    [
        (Verdict.EVERYTHING, 0, "Everything in these documents was read"),
        (Verdict.FOUND, 1, "1 file has not been read yet"),
        (Verdict.FOUND, 12, "12 files have not been read yet"),
    ],
)
def test_how_much_was_searched_is_told(
    page: ChatPage, verdict: Verdict, n_unread: int, said: str
) -> None:
    sources = replace(CITED, verdict=verdict, n_files_unread=n_unread)
    show(page, answer("a", CITED_ANSWER, sources=sources))
    assert said in text_of(page)


# --- waiting ---


def test_while_the_documents_are_searched_that_is_said(qtbot: QtBot, page: ChatPage) -> None:
    page.show_engine_status(samples.engine_ready(None))
    show(page, answer("a", "", TurnState.WRITING))
    qtbot.waitUntil(lambda: "Looking through your documents…" in text_of(page))
    page.show_evidence(EvidenceFound("a", Evidence(Verdict.FOUND)))
    assert "Choose a model to get the answer." in text_of(page)
    assert "Looking through" not in text_of(page)


def test_what_is_waited_for_is_what_this_answer_is_written_from(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_engine_status(samples.engine_ready(None))
    show(page, answer("a", "", sources=samples.NOT_FOUND))
    qtbot.mouseClick(find(page, QAbstractButton, GENERAL), Qt.MouseButton.LeftButton)
    general = wish_for(AnswerBasis.KNOWLEDGE)
    show(page, answer("b", "", TurnState.WRITING, sources=general))
    assert "Looking through" not in text_of(page)
    assert "Choose a model to get the answer." in text_of(page)
    # It did not fit, and the other way is tried.
    page.ask_to_forget(events.MemoryFull("b", samples.CHAT_ID, 900, 512, 2))
    show(page, answer("a", "", sources=samples.NOT_FOUND))
    qtbot.mouseClick(find(page, QAbstractButton, READ), Qt.MouseButton.LeftButton)
    closest = wish_for(AnswerBasis.CLOSEST)
    show(page, answer("c", "", TurnState.WRITING, sources=closest))
    qtbot.waitUntil(lambda: "Looking through your documents…" in text_of(page))


def test_a_general_answer_looks_like_one_in_a_chat_without_documents(page: ChatPage) -> None:
    text = "They do [1], mostly."
    show(page, answer("a", text))
    plain_words, plain_names = text_of(page), names(page)
    copied = page._chat.transcript.views[-1].copied_text()
    show(page, answer("a", text, sources=wish_for(AnswerBasis.KNOWLEDGE)))
    assert (text_of(page), names(page)) == (plain_words, plain_names)
    assert page._chat.transcript.views[-1].copied_text() == copied
    assert copied == text


def test_documents_that_are_gone_lead_to_the_page_of_documents(
    qtbot: QtBot, page: ChatPage
) -> None:
    show(page, answer("a", "", TurnState.WRITING))
    page.fail_answer(events.AnswerFailed("a", Failure(ErrorCode.COLLECTION_MISSING)))
    with qtbot.waitSignal(page.documents_page_requested):
        button = find(page, QAbstractButton, "Show documents")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# --- choosing ---


def menu(page: ChatPage) -> DocumentsMenu:
    find(page, QAbstractButton, "Ask documents").click()
    return page.findChildren(DocumentsMenu)[0]


def entry(page: ChatPage, text: str) -> QAction:
    return next(one for one in menu(page).actions() if one.text().startswith(text))


def chips(page: ChatPage) -> list[str]:
    bar = page.composer_area.documents.bar
    return [one.text() for one in visible(bar, QLabel) if one.text()]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_new_chat_is_sent_with_the_documents_chosen_for_it(qtbot: QtBot, page: ChatPage) -> None:
    page.show_collections(CollectionList((samples.collection(), samples.collection("w", "Work"))))
    entry(page, "Flat").trigger()
    entry(page, "Work").trigger()
    entry(page, "Quotes only").trigger()
    assert chips(page) == ["Flat", "Work"]
    page.composer_area.composer.add_text("How much notice?")
    with qtbot.waitSignal(page.send_requested) as sent:
        page.composer_area.composer.send()
    request: events.SendRequest = sent.args[0]
    assert request.documents == ChatDocuments((COLLECTION_ID, "w"), AnswerMode.QUOTES)
    page.settle_send(events.MessageStored(request.serial, samples.CHAT_ID))
    page.show_new_chat()
    assert chips(page) == []


def test_a_chat_that_has_begun_is_told_at_once(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "So."))
    with qtbot.waitSignal(page.documents_requested) as asked:
        button = find(page, QAbstractButton, "Do not ask Flat")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [events.ChatDocumentsRequest(samples.CHAT_ID, ChatDocuments())]
    page.composer_area.composer.add_text("And?")
    with qtbot.waitSignal(page.send_requested) as sent:
        page.composer_area.composer.send()
    assert sent.args[0].documents is None


def test_each_chat_keeps_its_own_choice(page: ChatPage) -> None:
    page.show_collections(CollectionList((samples.collection(), samples.collection("w", "Work"))))
    page.choose_collection("w")
    show(page, answer("a", "So."))
    page.show_collections(CollectionList((samples.collection(), samples.collection("w", "Work"))))
    assert chips(page) == ["Flat"]
    page.show_new_chat()
    assert chips(page) == ["Work"]


def test_a_chip_says_how_far_the_reading_is_and_what_is_gone(page: ChatPage) -> None:
    show(page, answer("a", "So."), documents=ChatDocuments((COLLECTION_ID, "gone")))
    reading = samples.collection(state=CollectionState.READING, n_searchable=12)
    page.show_collections(CollectionList((reading,)))
    assert chips(page) == ["Flat · reading 12 of 40", "Documents · removed"]
    page.show_index_progress(IndexProgress(COLLECTION_ID, IndexStage.READING, 13, 40))
    assert chips(page)[0] == "Flat · reading 13 of 40"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_attachments_of_chats_are_not_offered_in_others(page: ChatPage) -> None:
    attached = samples.collection("x", "letter.pdf", is_attachment=True)
    page.show_collections(CollectionList((samples.collection(), attached)))
    texts = [one.text() for one in menu(page).actions()]
    assert "Flat" in texts
    assert "letter.pdf" not in texts


def test_the_mode_can_be_changed_without_losing_the_keyboard(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "So."))
    button = find(page, QPushButton, "With the model")
    button.setFocus()
    with qtbot.waitSignal(page.documents_requested) as asked:
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked.args[0].documents.mode is AnswerMode.QUOTES
    assert page.focusWidget().accessibleName() == "Quotes only"


def test_whoever_clicks_on_a_chip_goes_on_typing(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "So."))
    page.focus_composer()
    for name in ("With the model", "Do not ask Flat"):
        qtbot.mouseClick(find(page, QAbstractButton, name), Qt.MouseButton.LeftButton)
        qtbot.keyClicks(page.focusWidget(), "x")
    assert page.composer_area.composer.text() == "xx"


# --- attaching ---


def test_files_become_documents_of_the_chat(qtbot: QtBot, page: ChatPage) -> None:
    show(page, answer("a", "So."), documents=ChatDocuments())
    heard: list[object] = []
    page.attach_requested.connect(heard.append)
    page.documents_requested.connect(heard.append)
    page.attach_paths([Path("/a/lease.pdf"), Path("/a/plan.png")])
    made, told = heard
    assert isinstance(made, NewCollectionRequest)
    assert made.is_attachment
    assert made.sources == (Path("/a/lease.pdf"), Path("/a/plan.png"))
    assert isinstance(told, events.ChatDocumentsRequest)
    assert told.documents.collection_ids == (made.collection_id,)
    assert chips(page) == ["lease.pdf and 1 more · being added"]


def paste(page: ChatPage, text: str) -> ComposerEdit:
    edit = next(iter(visible(page, ComposerEdit)))
    data = QMimeData()
    data.setText(text)
    edit.insertFromMimeData(data)
    return edit


def test_a_long_pasted_text_may_become_a_document(qtbot: QtBot, page: ChatPage) -> None:
    page.composer_area.composer.add_text("What does it say? ")
    long_text = "The lease \U0001f600\n" + "The tenant pays the rent. " * 100
    edit = paste(page, long_text)
    assert long_text in edit.toPlainText()
    with qtbot.waitSignal(page.attach_requested) as asked:
        button = find(page, QAbstractButton, "Attach as document")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args[0].pasted_text == long_text
    assert edit.toPlainText() == "What does it say? "
    assert chips(page)[0].startswith("The lease")
    assert "Attach as document" not in names(page)


def test_a_pasted_text_that_cannot_be_kept_is_in_the_message_again(
    qtbot: QtBot, page: ChatPage
) -> None:
    long_text = "The lease\n" + "The tenant pays the rent. " * 100
    edit = paste(page, long_text)
    with qtbot.waitSignal(page.attach_requested) as asked:
        find(page, QAbstractButton, "Attach as document").click()
    assert edit.toPlainText() == ""
    full = Failure(ErrorCode.DISK_FULL, Facts(path="/a"))
    page.show_index_failed(IndexFailed(full, asked.args[0].collection_id))
    assert edit.toPlainText() == long_text
    assert chips(page) == []
    assert "“The lease” could not be added" in text_of(page)
    assert message_for(full).what_to_do in text_of(page)


def test_files_that_cannot_be_kept_are_told_in_their_chat_alone(page: ChatPage) -> None:
    show(page, answer("a", "So."), documents=ChatDocuments())
    page.show_index_failed(IndexFailed(Failure(ErrorCode.DISK_FULL)))
    page.show_index_failed(IndexFailed(Failure(ErrorCode.DISK_FULL), "another"))
    assert "could not be added" not in text_of(page)
    page.attach_paths([Path("/a/lease.pdf")])
    (collection_id,) = page.composer_area.documents.chosen.collection_ids
    page.show_index_failed(IndexFailed(Failure(ErrorCode.DISK_FULL), collection_id))
    assert "“lease.pdf” could not be added" in text_of(page)
    assert chips(page) == []


def open_chat(page: ChatPage, key: str, documents: ChatDocuments = ChatDocuments()) -> None:
    of = samples.conversation(key, documents=documents)
    page.show_conversation(samples.shown(question("q", "How much notice?"), of=of))


def test_what_could_not_be_added_is_not_told_in_other_chats(page: ChatPage) -> None:
    def fail() -> None:
        page.attach_paths([Path("/a/lease.pdf")])
        (collection_id,) = page.composer_area.documents.chosen.collection_ids
        page.show_index_failed(IndexFailed(Failure(ErrorCode.DISK_FULL), collection_id))
        assert "“lease.pdf” could not be added" in text_of(page)

    page.show_collections(CollectionList(()))
    open_chat(page, "one")
    fail()
    open_chat(page, "other")
    assert "could not be added" not in text_of(page)
    fail()
    page.show_new_chat()
    assert "could not be added" not in text_of(page)
    fail()
    page.attach_paths([Path("/a/smaller.pdf")])
    assert "could not be added" not in text_of(page)


def test_a_pasted_text_that_cannot_be_kept_goes_back_to_its_own_chat(
    qtbot: QtBot, page: ChatPage
) -> None:
    page.show_collections(CollectionList(()))
    open_chat(page, "one")
    long_text = "The lease\n" + "The tenant pays the rent. " * 100
    edit = paste(page, long_text)
    with qtbot.waitSignal(page.attach_requested) as asked:
        find(page, QAbstractButton, "Attach as document").click()
    collection_id = asked.args[0].collection_id
    open_chat(page, "other")
    page.show_index_failed(IndexFailed(Failure(ErrorCode.DISK_FULL), collection_id))
    assert edit.toPlainText() == ""
    assert "could not be added" not in text_of(page)
    with qtbot.waitSignal(page.documents_requested) as left:
        open_chat(page, "one", ChatDocuments((collection_id,)))
    assert left.args == [events.ChatDocumentsRequest("one", ChatDocuments())]
    assert edit.toPlainText() == long_text
    assert "“The lease” could not be added" in text_of(page)
    open_chat(page, "other", ChatDocuments((collection_id,)))
    assert chips(page) == ["Documents · removed"]


def unread(*names: str, n_files: int) -> CollectionSummary:
    made = samples.collection("x", "Files", is_attachment=True, n_searchable=n_files - len(names))
    code = ErrorCode.DOCUMENT_NEEDS_PASSWORD
    skipped = tuple(Failure(code, Facts(file_name=name)) for name in names)
    return replace(made, n_files=n_files, n_skipped=len(names), skipped=skipped)


def test_an_attachment_that_cannot_be_read_is_told_where_it_was_dropped(page: ChatPage) -> None:
    here = ChatDocuments(("x",))
    show(page, answer("a", "So."), documents=here)
    page.show_collections(CollectionList((unread("plan.pdf", n_files=1),)))
    assert chips(page) == ["Files · could not be read"]
    assert "This file needs a password" in text_of(page)
    assert "plan.pdf is locked with a password" in text_of(page)
    page.show_collections(CollectionList((unread("plan.pdf", "b.pdf", n_files=5),)))
    assert chips(page) == ["Files · 2 of 5 could not be read"]
    assert "2 files could not be read" in text_of(page)
    assert "b.pdf: This file needs a password" in text_of(page)
    find(page, QAbstractButton, "Close this message").click()
    page.show_collections(CollectionList((unread("plan.pdf", "b.pdf", n_files=5),)))
    assert "2 files could not be read" not in text_of(page), "it was closed"
    page.show_collections(CollectionList((unread("plan.pdf", n_files=1),)))
    page.show_new_chat()
    assert "This file needs a password" not in text_of(page)


def test_a_chat_that_asks_documents_says_so_before_it_begins(page: ChatPage) -> None:
    page.show_collections(CollectionList((samples.collection(),)))
    edit = next(iter(visible(page, ComposerEdit)))
    assert edit.placeholderText() == "Ask anything"
    page.choose_collection(COLLECTION_ID)
    assert edit.placeholderText() == "Ask your documents"
    assert "What do you want to know?" in text_of(page)
    assert "Check the sources." in text_of(page)
    assert "Explain something" not in text_of(page)
    find(page, QAbstractButton, "Do not ask Flat").click()
    assert edit.placeholderText() == "Ask anything"
    assert "Explain something" in text_of(page)


def test_a_short_pasted_text_is_just_text(page: ChatPage) -> None:
    paste(page, "Just a sentence.")
    assert "Attach as document" not in names(page)


def test_dragged_files_are_not_typed_into_the_message(page: ChatPage) -> None:
    edit = next(iter(visible(page, ComposerEdit)))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a/lease.pdf")])
    assert not edit.canInsertFromMimeData(data)
    data.setUrls([QUrl("https://a.example/")])
    assert edit.canInsertFromMimeData(data)
