"""Questions on the Documents page: tried out, and put to every file."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.document_events import (
    CollectionList,
    CsvRequest,
    CsvWritten,
    EvidenceFailed,
    EvidenceFound,
    FileAnswersAdvanced,
    FileAnswersFailed,
    PathRequest,
    RunRequest,
)
from app.core.documents.evidence import AnswerMode, DocumentPlace, Evidence, Verdict
from app.core.documents.text import PageUnit
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import EngineState, Library
from app.ui.documents.marked_label import MarkedLabel
from app.ui.documents.marked_words import excerpt, marked_ranges
from app.ui.documents.page import DocumentsPage
from app.ui.documents.passage_card import PassageCard
from app.ui.documents.place_words import numbers_text, place_text
from app.ui.messages import message_for
from tests.fit_samples import SMOL as MODEL
from tests.ui.documents import gallery, samples
from tests.ui.documents.seen import LEFT, button, field, names, rows, table, texts, visible


def shown_markup(page: DocumentsPage) -> str:
    return "\n".join(one.text() for one in visible(page, MarkedLabel))


# --- trying ---


def test_trying_shows_what_would_be_read(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.tried(page)
    assert "These 3 passages would be read, best first." in texts(page)
    assert all(word in texts(page) for word in ("Strong", "Fair", "Weak"))
    marked = re.findall(r"<b[^>]*>(.*?)</b>", shown_markup(page))
    assert set(marked) == {"notice", "Notice", "given", "writing"}
    with qtbot.waitSignal(page.place_requested) as asked:
        qtbot.mouseClick(button(page, "Open lease.pdf, page 4"), LEFT)
    assert asked.args == [samples.PASSAGES[0].place]
    assert "Open house rules.odt" in names(page), "a text without pages has no page"


def test_the_question_is_asked_of_this_collection_alone(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    gallery.tab(page, 1)
    question = field(page, "A question to try")
    qtbot.keyClicks(question, "Who pays?")
    with qtbot.waitSignal(page.try_requested) as asked:
        qtbot.keyClick(question, Qt.Key.Key_Return)
    (request,) = asked.args or []
    assert request.request_id.startswith("try-")
    assert (request.collection_ids, request.question) == (("flat",), "Who pays?")
    qtbot.waitUntil(lambda: "Looking…" in texts(page))
    late = EvidenceFound("try-0", samples.FOUND)
    page.show_evidence(late)
    assert not visible(page, PassageCard), "an answer to another question"
    failure = Failure(ErrorCode.COLLECTION_MISSING, Facts())
    page.show_evidence_failed(EvidenceFailed(request.request_id, failure))
    assert "These documents were removed" in texts(page)
    assert "Looking…" not in texts(page)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (
            samples.NOT_FOUND,
            "answers this. These passages come closest.",
        ),
        (samples.NOT_FOUND, "Not read yet: 12 files."),
        (Evidence(Verdict.NOTHING_READ, n_files=3), "No document has been read so far."),
        (replace(samples.FOUND, has_vectors=False), "Only words were looked for"),
        (replace(samples.FOUND, verdict=Verdict.EVERYTHING), "all of it would be read"),
    ],
)
def test_the_verdict_is_a_sentence(page: DocumentsPage, evidence: Evidence, words: str) -> None:
    gallery.tried(page, evidence)
    assert words in texts(page)


def test_where_nothing_was_found_no_passage_is_called_good(page: DocumentsPage) -> None:
    gallery.tried(page, samples.NOT_FOUND)
    assert len(visible(page, PassageCard)) == 2
    assert "Strong" not in texts(page)
    assert "Fair" not in texts(page)


def test_a_document_cannot_write_markup_into_the_window(page: DocumentsPage) -> None:
    bad = replace(
        samples.PASSAGES[0], text='<img src="x"> notice & <a href="y">z</a> \u202egnirts'
    )
    gallery.tried(page, replace(samples.FOUND, passages=(bad,), quotes=()))
    markup = shown_markup(page)
    assert "<img" not in markup
    assert "<a " not in markup
    assert "\u202e" not in markup
    assert "&lt;img" in markup


# --- every file ---


def test_a_question_to_every_file_becomes_a_table(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.every_file(page)
    assert "4 of 40 files, about 3 minutes left" in texts(page)
    assert [one.value() for one in visible(page, QProgressBar)] == [4]
    assert rows(page) == [
        ["electricity.pdf", "Ends on 31 December 2026", "page 1", "In the source"],
        ["internet.pdf", "Ends on 1 May 2026", "page 2", "Not confirmed"],
        [
            "lease.pdf",
            "Runs until notice is given, three months to the end of a month",
            "page 3",
            "In the source",
        ],
        ["recipe.md", "Says nothing about it", "", ""],
    ]
    with qtbot.waitSignal(page.cancel_run_requested) as asked:
        button(page, "Cancel").click()
    (cancelled,) = asked.args or []
    assert "Stopped after 4 of 40 files" in texts(page)
    with qtbot.waitSignal(page.run_requested) as asked:
        button(page, "Go on").click()
    (request,) = asked.args or []
    assert (request.run_id, request.collection_id) == (cancelled.run_id, "flat")


def test_quotes_only_is_asked_for(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    gallery.tab(page, 2)
    button(page, "Quotes only").click()
    qtbot.keyClicks(field(page, "A question to every file"), "End date?")
    with qtbot.waitSignal(page.run_requested) as asked:
        button(page, "Ask all files").click()
    (request,) = asked.args or []
    assert (request.mode, request.question) == (AnswerMode.QUOTES, "End date?")
    assert "0 of 214 files" in texts(page)


def test_a_place_opens_with_mouse_and_keyboard(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.every_file_done(page)
    assert "“This contract ends on 1 may 2026”" in texts(page)
    source = samples.ROWS[1].source
    assert source is not None
    place: DocumentPlace = source.place
    view = table(page)
    with qtbot.waitSignal(page.place_requested) as asked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [place]
    with qtbot.waitSignal(page.place_requested) as asked:
        spot = view.visualRect(view.model().index(1, 2)).center()
        qtbot.mouseClick(view.viewport(), LEFT, pos=spot)
    assert asked.args == [place]
    with qtbot.waitSignal(page.place_requested) as asked:
        button(page, "Open internet.pdf, page 2").click()
    assert asked.args == [place]
    with qtbot.assertNotEmitted(page.place_requested):
        spot = view.visualRect(view.model().index(3, 2)).center()
        qtbot.mouseClick(view.viewport(), LEFT, pos=spot)


def test_the_table_is_exported_where_the_user_says(
    page: DocumentsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.every_file_done(page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/home/ada/ends", ""))
    with qtbot.waitSignal(page.csv_requested) as asked:
        button(page, "Export as CSV…").click()
    (request,) = asked.args or []
    assert isinstance(request, CsvRequest)
    assert request.path == Path("/home/ada/ends.csv")
    page.show_csv_written(CsvWritten(request.path))
    assert "Saved as ends.csv." in texts(page)
    with qtbot.waitSignal(page.show_in_folder_requested) as asked:
        button(page, "Show in folder").click()
    assert asked.args == [PathRequest(request.path)]
    full = Failure(ErrorCode.DISK_FULL, Facts(path="/home/ada"))
    page.show_csv_written(CsvWritten(request.path, full))
    assert "Saved as" not in texts(page)


def test_earlier_questions_come_back_and_are_forgotten(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.every_file(page)
    assert "4 files asked · 3 answers" in texts(page)
    button(page, "Show “Who signed it, and when?”").click()
    assert "Export as CSV…" in names(page)
    assert "Show “When does this contract end?”" in names(page)
    with qtbot.waitSignal(page.forget_run_requested):
        button(page, "Forget “When does this contract end?”").click()
    assert "Earlier questions" not in texts(page)


def test_a_run_that_stops_says_why_and_goes_on(page: DocumentsPage, qtbot: QtBot) -> None:
    gallery.opened(page)
    page.show_answers(FileAnswersAdvanced(replace(samples.RUN, is_running=False)))
    gallery.tab(page, 2)
    button(page, "Show “When does this contract end?”").click()
    assert "Stopped after 4 of 40 files" in texts(page), "it does not go on by itself"
    page.show_run_failed(FileAnswersFailed("run", Failure(ErrorCode.ENGINE_LOST, Facts())))
    assert "Go on" in names(page)
    more = (*samples.ROWS, samples.answer(9, "z.pdf", "Never ends"))
    page.show_answers(FileAnswersAdvanced(replace(samples.RUN, rows=more)))
    assert "5 of 40 files" in texts(page)
    assert "Cancel" in names(page)
    with qtbot.waitSignal(page.cancel_run_requested) as asked:
        button(page, "Cancel").click()
    assert asked.args == [RunRequest("run")]


def test_a_run_that_goes_on_since_the_start_is_shown(page: DocumentsPage) -> None:
    gallery.opened(page)
    gallery.tab(page, 2)
    page.show_answers(FileAnswersAdvanced(samples.EARLIER))
    page.show_answers(FileAnswersAdvanced(samples.RUN))
    assert "4 of 40 files" in texts(page)
    assert "Stopped" not in texts(page)
    assert "Cancel" in names(page)


# --- the model that answers ---


def with_engine(page: DocumentsPage, status: events.EngineStatus) -> None:
    page.show_library(Library((MODEL,)))
    page.show_engine_status(status)
    gallery.every_file(page)


def test_a_run_without_a_model_says_so_and_loads_the_last_one(
    page: DocumentsPage, qtbot: QtBot
) -> None:
    with_engine(page, events.EngineStatus(EngineState.READY))
    assert "No model is loaded" in texts(page)
    with qtbot.waitSignal(page.load_requested) as asked:
        button(page, "Load SmolLM3 3B").click()
    assert asked.args == [events.LoadRequest(MODEL.path)]
    page.show_engine_status(events.EngineStatus(EngineState.BUSY, MODEL, is_loading=True))
    page.show_load_progress(events.LoadProgress(MODEL, 0.4))
    assert "No model is loaded" not in texts(page)
    assert "Getting the model ready… 40 %" in texts(page)
    page.show_engine_status(events.EngineStatus(EngineState.READY, MODEL))
    assert "Getting the model ready" not in texts(page)
    assert "4 of 40 files, about 3 minutes left" in texts(page)


def test_a_model_that_does_not_load_is_no_end(page: DocumentsPage, qtbot: QtBot) -> None:
    with_engine(page, events.EngineStatus(EngineState.READY))
    button(page, "Load SmolLM3 3B").click()
    page.show_engine_status(events.EngineStatus(EngineState.BUSY, MODEL, is_loading=True))
    failure = Failure(ErrorCode.FILE_MISSING, Facts("smol.gguf", "/models/smol.gguf"))
    page.show_engine_status(events.EngineStatus(EngineState.READY))
    page.show_load_failed(events.LoadFailed(MODEL.path, failure))
    assert "No model is loaded" in texts(page)
    assert message_for(failure).title in texts(page)
    with qtbot.waitSignal(page.models_requested):
        button(page, "Choose a model").click()


def test_why_a_model_did_not_load_is_told_later_but_not_for_ever(page: DocumentsPage) -> None:
    failure = Failure(ErrorCode.FILE_MISSING, Facts("smol.gguf", "/models/smol.gguf"))
    page.show_engine_status(events.EngineStatus(EngineState.READY))
    page.show_load_failed(events.LoadFailed(MODEL.path, failure))
    with_engine(page, events.EngineStatus(EngineState.READY))
    assert message_for(failure).title in texts(page)
    assert "The files are asked as soon as a model is loaded." in texts(page)
    page.show_engine_status(events.EngineStatus(EngineState.READY, MODEL))
    page.show_engine_status(events.EngineStatus(EngineState.READY))
    assert "No model is loaded" in texts(page)
    assert message_for(failure).title not in texts(page)


def test_an_engine_that_stays_away_can_be_started_again(page: DocumentsPage, qtbot: QtBot) -> None:
    with_engine(page, events.EngineStatus(EngineState.STOPPED))
    lost = Failure(ErrorCode.ENGINE_LOST, Facts())
    page.show_trouble(events.EngineTrouble(lost, is_restarting=False))
    assert "The engine does not start" in texts(page)
    with qtbot.waitSignal(page.engine_requested):
        button(page, "Try again").click()


def test_quotes_and_ended_runs_need_no_model(page: DocumentsPage) -> None:
    page.show_engine_status(events.EngineStatus(EngineState.READY))
    gallery.every_file(page, replace(samples.RUN, mode=AnswerMode.QUOTES))
    assert "No model is loaded" not in texts(page)
    gallery.every_file(page, samples.ENDED)
    assert "No model is loaded" not in texts(page)


def test_files_that_cannot_be_asked_are_counted(page: DocumentsPage) -> None:
    gallery.every_file(page)
    assert "could not be read" not in texts(page)
    some = replace(samples.READY, n_searchable=208, n_skipped=4)
    page.show_collections(CollectionList((some,)))
    assert "4 files could not be read and are left out · not read yet: 2 files" in texts(page)


# --- words ---


@pytest.mark.parametrize(
    ("unit", "label", "words"),
    [
        (PageUnit.PAGE, "", "a.x, page 4"),
        (PageUnit.PAGE, "iv", "a.x, page iv"),
        (PageUnit.SLIDE, "", "a.x, slide 4"),
        (PageUnit.SHEET, "Costs 2026", "a.x, Costs 2026"),
        (PageUnit.WHOLE, "", "a.x"),
    ],
)
def test_a_place_is_named_as_its_format_names_it(unit: PageUnit, label: str, words: str) -> None:
    assert place_text(replace(samples.place("a.x", unit=unit), label=label)) == words


def test_runs_of_pages_are_shortened() -> None:
    assert numbers_text((3, 7, 8, 9, 12, 13)) == "3, 7 to 9, 12, 13"
    assert numbers_text(tuple(range(1, 40, 2))).endswith("…")


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        ("Der Mietvertrag endet", "Wann endet der Mietvertrag?", ["Mietvertrag", "endet"]),
        ("It was signed by us.", "Who signs it?", ["signed"]),
        ("租赁合同于五月到期", "合同什么时候到期", ["合同", "到期"]),
        ("No word of it", "Something else", []),
        ("Room 12 and 120", "12", ["12"]),
    ],
)
def test_words_that_were_asked_for_are_marked(text: str, question: str, marked: list[str]) -> None:
    assert [text[first:last] for first, last in marked_ranges(text, question)] == marked


@given(st.text(), st.text())
def test_marks_lie_in_the_text_and_apart(text: str, question: str) -> None:
    place = 0
    for first, last in marked_ranges(text, question):
        assert place <= first < last <= len(text)
        place = last + 1


@given(st.text(max_size=300), st.text(max_size=20), st.integers(50, 100))
def test_an_excerpt_is_short_and_from_the_text(text: str, question: str, most: int) -> None:
    shown = excerpt(text, "", question, most)
    assert len(shown) <= most + 4
    assert shown.strip("… ").strip() in text


def test_an_excerpt_holds_what_answers_best() -> None:
    text = "Nothing here. " * 80 + "The deposit is 900 euros. " + "Nothing there. " * 80
    assert "The deposit is 900 euros." in excerpt(text, "The deposit is 900 euros.", "", 200)
    assert "deposit" in excerpt(text, "", "How much deposit?", 200)
