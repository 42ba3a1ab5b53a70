"""Chats that ask documents, with a real database; the test plays window, search and engine."""

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import TurnState
from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    CitedSentence,
    Evidence,
    Source,
    Support,
    Verdict,
)
from app.core.errors import ErrorCode, Failure, WorldError
from app.core.events import AnswerRequest
from app.core.prompt import prompt_messages
from app.worker import document_answers
from app.worker.signal_types import signal_of
from tests.core.documents.support.labelled_answers import LEASE
from tests.worker.store_rig import StoreRig

FLAT = ChatDocuments(("flat",))
FOUND = Evidence(Verdict.FOUND, LEASE, n_files=2, n_files_unread=1)
NOTHING = Evidence(Verdict.NOT_FOUND, LEASE[:1], n_files=2)


class Documents(QObject):
    """Plays the search, the citations, and that part of the window."""

    found = signal_of(documents.EvidenceFound)
    failed = signal_of(documents.EvidenceFailed)
    stopped = signal_of(events.StopRequest)
    cited = signal_of(documents.AnswerCited)
    chosen = signal_of(events.ChatDocumentsRequest)
    general = signal_of(events.TurnRequest)
    closest = signal_of(events.TurnRequest)
    changed = signal_of(documents.IndexChanged)

    def __init__(self, rig: StoreRig) -> None:
        super().__init__()
        self._heard = rig.window.heard
        worker, answers = rig.conversations, rig.conversations.documents
        self.found.connect(answers.take_evidence)
        self.failed.connect(answers.refuse_evidence)
        self.stopped.connect(answers.stop_search)
        self.cited.connect(answers.take_citations)
        self.chosen.connect(worker.change_documents)
        self.general.connect(worker.answer_without_documents)
        self.closest.connect(worker.answer_from_closest)
        self.changed.connect(answers.take_index_changed)
        answers.evidence_requested.connect(self.hear)
        answers.evidence_chosen.connect(self.hear)
        answers.sources_changed.connect(self.hear)
        answers.documents_forgotten.connect(self.hear)
        answers.attachments_kept.connect(self.hear)
        answers.stop_requested.connect(self.hear)

    @Slot(object)
    def hear(self, fact: object) -> None:
        self._heard.append(fact)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[StoreRig]:
    rig = StoreRig(qtbot, tmp_path)
    yield rig
    assert rig.close()


@pytest.fixture
def restarted(rig: StoreRig, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], StoreRig]]:
    """Give what closes the program and starts it again with the chat that was on the screen."""
    rigs: list[StoreRig] = []

    def restart() -> StoreRig:
        chat = rig.shown().conversation.conversation_id
        assert rig.close()
        rigs.append(StoreRig(qtbot, tmp_path))
        rigs[-1].window.open_conversation_requested.emit(events.ConversationRequest(chat))
        return rigs[-1]

    yield restart
    assert all(one.close() for one in rigs)


@pytest.fixture
def library(rig: StoreRig) -> Documents:
    return Documents(rig)


def ask(
    rig: StoreRig,
    text: str = "How much is the rent?",
    conversation_id: str | None = None,
    chosen: ChatDocuments | None = FLAT,
) -> documents.EvidenceRequest:
    """Ask a chat about documents, and give what the search is asked."""
    n_before = len(rig.all(documents.EvidenceRequest))
    rig.window.send_requested.emit(events.SendRequest(conversation_id, text, documents=chosen))
    return rig.nth(documents.EvidenceRequest, n_before + 1)


def take(rig: StoreRig, library: Documents, request: documents.EvidenceRequest) -> AnswerRequest:
    """Let something be found, and give what the engine is asked."""
    n_before = len(rig.all(AnswerRequest))
    library.found.emit(documents.EvidenceFound(request.request_id, FOUND))
    return rig.nth(AnswerRequest, n_before + 1)


def last_sources(rig: StoreRig) -> AnswerSources:
    sources = rig.shown().turns[-1].turn.sources
    assert sources is not None
    return sources


def test_documents_are_searched_before_the_model_is_asked(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    assert request.collection_ids == ("flat",)
    assert (request.question, request.earlier_questions) == ("How much is the rent?", ())
    shown = rig.shown()
    assert shown.conversation.documents == FLAT
    assert shown.turns[-1].turn.state is TurnState.WRITING
    assert rig.all(AnswerRequest) == []
    asked = take(rig, library, request)
    assert asked.answer_id == request.request_id
    assert [one.label for one in asked.turns[-1].passages] == [
        "lease.pdf, page 4", "lease.pdf, page 6", "house_rules.docx, page 1"
    ]  # fmt: skip


def test_only_what_has_reached_the_model_is_kept_in_the_order_it_was_read(
    rig: StoreRig, library: Documents
) -> None:
    asked = take(rig, library, ask(rig))
    assert last_sources(rig).passages == ()
    started = events.AnswerStarted(asked.answer_id, asked.conversation_id, None, n_passages=2)
    rig.window.started.emit(started)
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "900 euros.", 1))
    rig.finish(asked.answer_id)
    sources = last_sources(rig)
    assert sources.passages == tuple(sorted(LEASE[:2], key=lambda one: one.order))
    assert (sources.n_files, sources.n_files_unread) == (2, 1)
    # The next question finds them in the prompt, and is searched with the earlier one.
    follow_up = ask(rig, "And the deposit?", asked.conversation_id, None)
    assert follow_up.earlier_questions == ("How much is the rent?",)
    second = take(rig, library, follow_up)
    assert len(second.turns[0].passages) == 2
    assert [one.label for one in second.turns[-1].passages] == ["house_rules.docx, page 1"]


def test_citations_are_shown_as_they_come_and_kept_with_what_the_model_has_read(
    rig: StoreRig, library: Documents, qtbot: QtBot
) -> None:
    asked = take(rig, library, ask(rig))
    rig.window.started.emit(
        events.AnswerStarted(asked.answer_id, asked.conversation_id, None, n_passages=1)
    )
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "900 euros.", 1))
    cited = AnswerSources(
        AnswerMode.MODEL,
        Verdict.FOUND,
        LEASE,
        (Source(1, LEASE[0].place, "The rent"),),
        (CitedSentence(0, 10, Support.SUPPORTED, (1,)),),
    )
    library.cited.emit(documents.AnswerCited(asked.answer_id, cited))
    shown = rig.nth(documents.AnswerCited)
    assert shown.sources.sentences == cited.sentences
    assert shown.sources.passages == LEASE[:1]
    rig.finish(asked.answer_id)
    final = AnswerSources(
        AnswerMode.MODEL, Verdict.FOUND, LEASE, cited.sources, cited.sentences, is_final=True
    )
    library.cited.emit(documents.AnswerCited(asked.answer_id, final))
    assert rig.nth(documents.AnswerCited, 2).sources.is_final
    rig.window.open_conversation_requested.emit(events.ConversationRequest(asked.conversation_id))
    sources = last_sources(rig)
    assert (sources.is_final, sources.sentences, sources.passages) == (
        True, cited.sentences, LEASE[:1]
    )  # fmt: skip


def test_citations_of_answers_that_nobody_writes_are_dropped(
    rig: StoreRig, library: Documents
) -> None:
    ask(rig)
    nothing = AnswerSources(AnswerMode.MODEL, Verdict.FOUND, is_final=True)
    library.cited.emit(documents.AnswerCited("run-1", nothing))
    rig.settle()
    assert rig.all(documents.AnswerCited) == []


@pytest.mark.parametrize("verdict", [Verdict.NOT_FOUND, Verdict.NOTHING_READ])
def test_where_nothing_was_found_no_model_is_asked(
    rig: StoreRig, library: Documents, verdict: Verdict
) -> None:
    request = ask(rig, "Do whales sing?")
    evidence = Evidence(verdict, LEASE[:1], n_files=1)
    library.found.emit(documents.EvidenceFound(request.request_id, evidence))
    shown = rig.shown_when(TurnState.COMPLETE)
    turn = shown.turns[-1].turn
    assert turn.text == ""
    assert turn.sources is not None
    assert turn.sources.verdict is verdict
    assert [one.place.path.name for one in turn.sources.sources] == ["lease.pdf"]
    assert rig.all(AnswerRequest) == []


def test_general_knowledge_is_another_version_of_the_answer(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig, "Do whales sing?")
    library.found.emit(documents.EvidenceFound(request.request_id, NOTHING))
    shown = rig.shown_when(TurnState.COMPLETE)
    chat = shown.conversation.conversation_id
    library.general.emit(events.TurnRequest(chat, request.request_id))
    asked = rig.nth(AnswerRequest)
    assert asked.turns[-1].passages == ()
    assert len(rig.all(documents.EvidenceRequest)) == 1
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "They do.", 1))
    rig.finish(asked.answer_id)
    last = rig.shown().turns[-1]
    assert last.sibling_ids == (request.request_id, asked.answer_id)
    assert last.turn.sources is not None
    assert not last.turn.sources.is_from_documents


@pytest.mark.parametrize("is_restarted", [False, True])
def test_another_answer_from_general_knowledge_is_from_it_again(
    rig: StoreRig,
    library: Documents,
    restarted: Callable[[], StoreRig],
    *,
    is_restarted: bool,
) -> None:
    refused = refuse(rig, library)
    chat = rig.shown().conversation.conversation_id
    library.general.emit(events.TurnRequest(chat, refused.request_id))
    asked = rig.nth(AnswerRequest)
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "They do.", 1))
    rig.finish(asked.answer_id)
    rig.settle()
    now = restarted() if is_restarted else rig
    reopened = Documents(now) if is_restarted else library
    n_searched, n_asked = len(now.all(documents.EvidenceRequest)), len(now.all(AnswerRequest))
    now.window.regenerate_requested.emit(events.TurnRequest(chat, asked.answer_id))
    again = now.nth(AnswerRequest, n_asked + 1)
    assert again.turns == asked.turns
    # The answer that says that there is nothing still asks the documents again.
    now.window.regenerate_requested.emit(events.TurnRequest(chat, refused.request_id))
    assert now.nth(documents.EvidenceRequest, n_searched + 1).question == "Do whales sing?"
    assert len(now.all(documents.EvidenceRequest)) == n_searched + 1
    assert reopened is not None


def test_a_general_answer_that_failed_is_tried_again_as_it_was_wanted(
    rig: StoreRig, library: Documents
) -> None:
    refused = refuse(rig, library)
    chat = rig.shown().conversation.conversation_id
    library.general.emit(events.TurnRequest(chat, refused.request_id))
    asked = rig.nth(AnswerRequest)
    failure = Failure(ErrorCode.ENGINE_LOST)
    rig.window.failed.emit(events.AnswerFailed(asked.answer_id, failure))
    rig.shown_when(TurnState.FAILED)
    rig.window.again_requested.emit(events.ConversationRequest(chat))
    assert rig.nth(AnswerRequest, 2).turns == asked.turns
    assert len(rig.all(documents.EvidenceRequest)) == 1


def refuse(
    rig: StoreRig, library: Documents, chosen: ChatDocuments = FLAT, evidence: Evidence = NOTHING
) -> documents.EvidenceRequest:
    """Ask something of which the search says that there is nothing about it."""
    request = ask(rig, "Do whales sing?", chosen=chosen)
    library.found.emit(documents.EvidenceFound(request.request_id, evidence))
    rig.shown_when(TurnState.COMPLETE)
    return request


def let_it_read(
    rig: StoreRig, library: Documents, refused: documents.EvidenceRequest
) -> documents.EvidenceRequest:
    """Want the model to read what came closest, and give what the search is asked."""
    n_before = len(rig.all(documents.EvidenceRequest))
    chat = rig.shown().conversation.conversation_id
    library.closest.emit(events.TurnRequest(chat, refused.request_id))
    return rig.nth(documents.EvidenceRequest, n_before + 1)


def find_nothing(
    rig: StoreRig, library: Documents, request: documents.EvidenceRequest
) -> AnswerRequest:
    """Let the search say again that there is nothing, and give what the engine is asked."""
    n_before = len(rig.all(AnswerRequest))
    library.found.emit(documents.EvidenceFound(request.request_id, NOTHING))
    return rig.nth(AnswerRequest, n_before + 1)


@pytest.mark.parametrize("mode", list(AnswerMode))
def test_the_closest_passages_are_read_as_another_version_of_the_answer(
    rig: StoreRig, library: Documents, qtbot: QtBot, tmp_path: Path, mode: AnswerMode
) -> None:
    refused = refuse(rig, library, ChatDocuments(("flat",), mode))
    request = let_it_read(rig, library, refused)
    assert (request.question, request.mode) == ("Do whales sing?", AnswerMode.MODEL)
    asked = find_nothing(rig, library, request)
    assert [one.label for one in asked.turns[-1].passages] == ["lease.pdf, page 4"]
    told = documents.EvidenceFound(
        asked.answer_id, replace(NOTHING, verdict=Verdict.CLOSEST, passages=LEASE[:1])
    )
    assert told in rig.window.heard, "whoever cites has the passages"
    answer(rig, asked, "They do.", 1)
    cited = AnswerSources(
        AnswerMode.MODEL,
        Verdict.CLOSEST,
        sentences=(CitedSentence(0, 8, Support.UNSUPPORTED),),
        is_final=True,
    )
    library.cited.emit(documents.AnswerCited(asked.answer_id, cited))
    chat = asked.conversation_id
    rig.settle()
    assert rig.close()
    # It is what it was after a restart, too, and the refusal is still there.
    again = StoreRig(qtbot, tmp_path)
    again.window.open_conversation_requested.emit(events.ConversationRequest(chat))
    last = again.shown().turns[-1]
    assert last.sibling_ids == (refused.request_id, asked.answer_id)
    sources = last.turn.sources
    assert sources is not None
    assert (sources.mode, sources.verdict) == (AnswerMode.MODEL, Verdict.CLOSEST)
    assert (sources.passages, sources.sentences) == (LEASE[:1], cited.sentences)
    assert [one.place.path.name for one in sources.quotes] == ["lease.pdf"]
    assert again.close()


def test_what_was_not_found_before_is_an_ordinary_answer_if_it_is_found_now(
    rig: StoreRig, library: Documents
) -> None:
    request = let_it_read(rig, library, refuse(rig, library))
    asked = take(rig, library, request)
    answer(rig, asked, "They do.", 1)
    assert last_sources(rig).verdict is Verdict.FOUND


def test_where_there_are_no_passages_no_model_reads_them(
    rig: StoreRig, library: Documents
) -> None:
    empty = Evidence(Verdict.NOT_FOUND, n_files=2)
    request = let_it_read(rig, library, refuse(rig, library, evidence=empty))
    library.found.emit(documents.EvidenceFound(request.request_id, empty))
    turn = rig.shown_when(TurnState.COMPLETE).turns[-1].turn
    assert (turn.turn_id, turn.text) == (request.request_id, "")
    assert last_sources(rig).verdict is Verdict.NOT_FOUND
    assert rig.all(AnswerRequest) == []


def test_another_answer_from_the_closest_passages_is_from_them_again(
    rig: StoreRig, library: Documents
) -> None:
    asked = find_nothing(rig, library, let_it_read(rig, library, refuse(rig, library)))
    answer(rig, asked, "They do.", 1)
    rig.window.regenerate_requested.emit(
        events.TurnRequest(asked.conversation_id, asked.answer_id)
    )
    again = find_nothing(rig, library, rig.nth(documents.EvidenceRequest, 3))
    assert again.turns == asked.turns
    assert last_sources(rig).verdict is Verdict.CLOSEST


def test_a_follow_up_keeps_the_closest_passages_that_were_read_and_is_judged_anew(
    rig: StoreRig, library: Documents
) -> None:
    asked = find_nothing(rig, library, let_it_read(rig, library, refuse(rig, library)))
    answer(rig, asked, "They do.", 1)
    follow_up = ask(rig, "And the deposit?", asked.conversation_id, None)
    library.found.emit(documents.EvidenceFound(follow_up.request_id, NOTHING))
    rig.shown_when(TurnState.COMPLETE)
    assert last_sources(rig).verdict is Verdict.NOT_FOUND
    second = take(rig, library, ask(rig, "And the rent?", asked.conversation_id, None))
    assert [turn.text for turn in second.turns] == [
        "Do whales sing?", "They do.", "And the rent?"
    ]  # fmt: skip
    assert [one.label for one in second.turns[0].passages] == ["lease.pdf, page 4"]


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Let the next call fail, as one that reads from a disk may at any time."""
    whole, is_over = getattr(owner, name), threading.Event()

    def run(*args: object, **kwargs: object) -> object:
        if is_over.is_set():
            return whole(*args, **kwargs)
        is_over.set()
        raise WorldError(ErrorCode.DATABASE_BUSY)

    monkeypatch.setattr(owner, name, run)


@pytest.mark.parametrize("place", ["before the search", "after it", "in between"])
def test_a_try_that_fails_here_can_be_tried_again(
    rig: StoreRig, library: Documents, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    refused = refuse(rig, library)
    chat = rig.shown().conversation.conversation_id
    if place == "before the search":
        fail_once(monkeypatch, rig.conversations._conversations, "branch_to")
        library.closest.emit(events.TurnRequest(chat, refused.request_id))
    else:
        request = let_it_read(rig, library, refused)
        if place == "after it":
            fail_once(monkeypatch, rig.conversations._settings, "values")
        else:
            fail_once(monkeypatch, document_answers, "closest_evidence")
        library.found.emit(documents.EvidenceFound(request.request_id, NOTHING))
    turn = rig.shown_when(TurnState.FAILED).turns[-1].turn
    n_before = len(rig.all(documents.EvidenceRequest))
    rig.window.regenerate_requested.emit(events.TurnRequest(chat, turn.turn_id))
    again = find_nothing(rig, library, rig.nth(documents.EvidenceRequest, n_before + 1))
    assert [one.label for one in again.turns[-1].passages] == ["lease.pdf, page 4"]


def test_a_try_during_which_the_window_is_closed_can_be_tried_again(
    rig: StoreRig, library: Documents, restarted: Callable[[], StoreRig]
) -> None:
    let_it_read(rig, library, refuse(rig, library))
    again = restarted()
    reopened = Documents(again)
    shown = again.shown_when(TurnState.INTERRUPTED)
    chat, turn = shown.conversation.conversation_id, shown.turns[-1].turn
    again.window.regenerate_requested.emit(events.TurnRequest(chat, turn.turn_id))
    asked = find_nothing(again, reopened, again.nth(documents.EvidenceRequest))
    assert [one.label for one in asked.turns[-1].passages] == ["lease.pdf, page 4"]


@pytest.mark.parametrize("ending", ["stopped", "failed", "engine lost"])
def test_a_try_that_came_to_nothing_can_be_tried_again(
    rig: StoreRig, library: Documents, ending: str
) -> None:
    request = let_it_read(rig, library, refuse(rig, library))
    failure = Failure(ErrorCode.DATABASE_BUSY)
    if ending == "stopped":
        library.stopped.emit(events.StopRequest(request.request_id))
    elif ending == "failed":
        library.failed.emit(documents.EvidenceFailed(request.request_id, failure))
    else:
        asked = find_nothing(rig, library, request)
        rig.window.failed.emit(events.AnswerFailed(asked.answer_id, failure))
    state = TurnState.STOPPED if ending == "stopped" else TurnState.FAILED
    shown = rig.shown_when(state)
    chat, turn = shown.conversation.conversation_id, shown.turns[-1].turn
    assert turn.sources is not None
    assert turn.sources.passages == (), "nothing has reached a model"
    rig.window.regenerate_requested.emit(events.TurnRequest(chat, turn.turn_id))
    again = find_nothing(rig, library, rig.nth(documents.EvidenceRequest, 3))
    assert [one.label for one in again.turns[-1].passages] == ["lease.pdf, page 4"]


@pytest.mark.parametrize("reads_closest", [True, False])
def test_what_no_longer_fits_is_answered_as_it_was_wanted_once_forgetting_is_allowed(
    rig: StoreRig, library: Documents, *, reads_closest: bool
) -> None:
    refused = refuse(rig, library)
    if reads_closest:
        asked = find_nothing(rig, library, let_it_read(rig, library, refused))
    else:
        chat = rig.shown().conversation.conversation_id
        library.general.emit(events.TurnRequest(chat, refused.request_id))
        asked = rig.nth(AnswerRequest)
    chat = asked.conversation_id
    rig.window.full.emit(events.MemoryFull(asked.answer_id, chat, 900, 512, 2))
    rig.window.forget_requested.emit(events.ConversationRequest(chat))
    if reads_closest:
        again = find_nothing(rig, library, rig.nth(documents.EvidenceRequest, 3))
    else:
        again = rig.nth(AnswerRequest, 2)
        assert len(rig.all(documents.EvidenceRequest)) == 1
    assert again.may_forget
    assert again.turns == asked.turns


def test_a_chat_that_lost_its_documents_says_so_instead_of_answering_without(
    rig: StoreRig, library: Documents
) -> None:
    refused = refuse(rig, library)
    chat = rig.shown().conversation.conversation_id
    library.chosen.emit(events.ChatDocumentsRequest(chat, ChatDocuments()))
    library.closest.emit(events.TurnRequest(chat, refused.request_id))
    turn = rig.shown_when(TurnState.FAILED).turns[-1].turn
    assert turn.error_code == ErrorCode.COLLECTION_MISSING.value
    assert rig.all(AnswerRequest) == []
    # Chosen again, it can be tried again.
    library.chosen.emit(events.ChatDocumentsRequest(chat, FLAT))
    rig.window.regenerate_requested.emit(events.TurnRequest(chat, turn.turn_id))
    assert find_nothing(rig, library, rig.nth(documents.EvidenceRequest, 2)).turns[-1].passages


def test_a_model_is_asked_where_it_cannot_be_told_whether_there_is_an_answer(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig, "Wie hoch ist die Miete?")
    unsure = Evidence(Verdict.UNSURE, LEASE, n_files=2)
    library.found.emit(documents.EvidenceFound(request.request_id, unsure))
    assert rig.nth(AnswerRequest, 1).answer_id == request.request_id
    assert last_sources(rig).verdict is Verdict.UNSURE


def test_quotes_need_no_model(rig: StoreRig, library: Documents) -> None:
    request = ask(rig, chosen=ChatDocuments(("flat",), AnswerMode.QUOTES))
    assert request.mode is AnswerMode.QUOTES
    library.found.emit(documents.EvidenceFound(request.request_id, FOUND))
    turn = rig.shown_when(TurnState.COMPLETE).turns[-1].turn
    assert turn.text.startswith("> The monthly rent is 900 euros")
    assert turn.sources is not None
    assert {one.support for one in turn.sources.sentences} == {Support.SUPPORTED}
    assert rig.all(AnswerRequest) == []


def test_a_search_can_be_stopped_and_what_it_finds_late_is_dropped(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    library.stopped.emit(events.StopRequest(request.request_id))
    rig.shown_when(TurnState.STOPPED)
    library.found.emit(documents.EvidenceFound(request.request_id, FOUND))
    rig.settle()
    assert rig.all(AnswerRequest) == []


def test_a_stop_just_after_the_engine_was_asked_is_told_again(
    rig: StoreRig, library: Documents
) -> None:
    asked = take(rig, library, ask(rig))
    library.stopped.emit(events.StopRequest(asked.answer_id))
    assert rig.nth(events.StopRequest).answer_id == asked.answer_id


def test_a_search_that_fails_leaves_a_question_that_can_be_answered_again(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    failure = Failure(ErrorCode.DATABASE_BUSY)
    library.failed.emit(documents.EvidenceFailed(request.request_id, failure))
    shown = rig.shown_when(TurnState.FAILED)
    assert shown.turns[-1].turn.error_code == ErrorCode.DATABASE_BUSY.value
    chat = shown.conversation.conversation_id
    rig.window.again_requested.emit(events.ConversationRequest(chat))
    assert rig.nth(documents.EvidenceRequest, 2).question == request.question


def test_another_answer_is_searched_for_anew(rig: StoreRig, library: Documents) -> None:
    asked = take(rig, library, ask(rig))
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "900.", 1))
    rig.finish(asked.answer_id)
    rig.window.regenerate_requested.emit(
        events.TurnRequest(asked.conversation_id, asked.answer_id)
    )
    again = rig.nth(documents.EvidenceRequest, 2)
    assert again.request_id != asked.answer_id
    assert (again.question, again.earlier_questions) == ("How much is the rent?", ())


def test_what_is_found_for_a_chat_that_was_deleted_meanwhile_is_not_answered(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    chat = rig.shown().conversation.conversation_id
    rig.window.delete_requested.emit(events.ConversationRequest(chat))
    library.found.emit(documents.EvidenceFound(request.request_id, FOUND))
    rig.settle()
    assert rig.all(AnswerRequest) == []
    rig.window.restore_requested.emit(events.ConversationRequest(chat))
    assert rig.shown().turns[-1].turn.state is TurnState.INTERRUPTED


def test_a_question_sent_while_another_is_searched_gets_its_own_passages(
    rig: StoreRig, library: Documents
) -> None:
    first = ask(rig)
    chat = rig.shown().conversation.conversation_id
    second = ask(rig, "And pets?", chat, None)
    asked = take(rig, library, first)
    assert [turn.text for turn in asked.turns] == ["How much is the rent?"]
    asked = take(rig, library, second)
    assert asked.answer_id == second.request_id
    assert asked.turns[-1].text == "And pets?"


def test_a_chat_without_documents_asks_the_model_at_once(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    library.found.emit(documents.EvidenceFound(request.request_id, NOTHING))
    chat = rig.shown_when(TurnState.COMPLETE).conversation.conversation_id
    library.chosen.emit(events.ChatDocumentsRequest(chat, ChatDocuments()))
    asked = rig.send("And in general?", chat)
    assert [turn.text for turn in asked.turns] == ["And in general?"]


def test_a_purged_chat_tells_which_collections_no_chat_asks_any_more(
    rig: StoreRig, library: Documents
) -> None:
    ask(rig, chosen=ChatDocuments(("flat", "dropped")))
    chat = rig.shown().conversation.conversation_id
    ask(rig, chosen=FLAT)
    rig.window.delete_requested.emit(events.ConversationRequest(chat))
    rig.settle()
    assert rig.all(documents.DocumentsForgotten) == []
    rig.window.purge_requested.emit(events.PurgeRequest((events.Deleted(chat),)))
    assert rig.nth(documents.DocumentsForgotten).collection_ids == ("dropped",)


def test_closing_during_a_search_leaves_an_answer_that_was_interrupted(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = StoreRig(qtbot, tmp_path)
    library = Documents(rig)
    ask(rig)
    chat = rig.shown().conversation.conversation_id
    assert rig.close()
    del library
    rig = StoreRig(qtbot, tmp_path)
    rig.window.open_conversation_requested.emit(events.ConversationRequest(chat))
    shown = rig.shown_when(TurnState.INTERRUPTED)
    assert shown.conversation.documents == FLAT
    assert rig.close()


def test_a_question_waits_for_a_file_that_is_being_read(rig: StoreRig, library: Documents) -> None:
    request = ask(rig)
    unread = Evidence(Verdict.NOTHING_READ, n_files=1, n_files_unread=1)
    library.found.emit(documents.EvidenceFound(request.request_id, unread))
    library.changed.emit(documents.IndexChanged(("another",)))
    library.changed.emit(documents.IndexChanged(FLAT.collection_ids))
    again = rig.nth(documents.EvidenceRequest, 2)
    assert again == request
    assert take(rig, library, again).answer_id == request.request_id


def test_it_is_waited_only_so_long_for_a_file_to_be_read(
    rig: StoreRig, library: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_answers, "READING_LIMIT_S", 0.05)
    request = ask(rig)
    unread = Evidence(Verdict.NOTHING_READ, n_files=1, n_files_unread=1)
    library.found.emit(documents.EvidenceFound(request.request_id, unread))
    assert rig.nth(documents.EvidenceRequest, 2) == request
    library.found.emit(documents.EvidenceFound(request.request_id, unread))
    rig.shown_when(TurnState.COMPLETE)
    assert last_sources(rig).verdict is Verdict.NOTHING_READ


def test_a_collection_that_was_removed_is_told_after_a_second_look(
    rig: StoreRig, library: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_answers, "LOOKING_LIMIT_S", 0.05)
    request = ask(rig)
    missing = documents.EvidenceFailed(request.request_id, Failure(ErrorCode.COLLECTION_MISSING))
    library.failed.emit(missing)
    assert rig.nth(documents.EvidenceRequest, 2) == request
    assert rig.shown().turns[-1].turn.state is TurnState.WRITING
    library.failed.emit(missing)
    shown = rig.shown_when(TurnState.FAILED)
    assert shown.turns[-1].turn.error_code == "collection_missing"


def test_what_a_model_will_be_asked_with_is_told_to_be_cited(
    rig: StoreRig, library: Documents
) -> None:
    request = ask(rig)
    take(rig, library, request)
    found = documents.EvidenceFound(request.request_id, FOUND)
    heard = rig.window.heard
    asked = next(i for i, one in enumerate(heard) if isinstance(one, AnswerRequest))
    assert heard.index(found) < asked


def test_a_question_that_waits_can_be_stopped(rig: StoreRig, library: Documents) -> None:
    request = ask(rig)
    library.found.emit(documents.EvidenceFound(request.request_id, Evidence(Verdict.NOTHING_READ)))
    library.stopped.emit(events.StopRequest(request.request_id))
    rig.shown_when(TurnState.STOPPED)


def answer(rig: StoreRig, asked: AnswerRequest, text: str, n_passages: int) -> None:
    """Let the engine read so many passages, and write."""
    started = events.AnswerStarted(
        asked.answer_id, asked.conversation_id, None, n_passages=n_passages
    )
    rig.window.started.emit(started)
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, text, 1))
    rig.finish(asked.answer_id)


def test_the_prompt_of_a_follow_up_begins_as_the_model_has_read_it(
    rig: StoreRig, library: Documents, qtbot: QtBot, tmp_path: Path
) -> None:
    asked = take(rig, library, ask(rig))
    answer(rig, asked, "900 euros.", 2)
    chat = asked.conversation_id
    second = take(rig, library, ask(rig, "And the deposit?", chat, None))
    answer(rig, second, "Three months.", 1)
    third = take(rig, library, ask(rig, "And pets?", chat, None))
    # Each has what its predecessor had, as far as the model has read it.
    read = prompt_messages(second.turns)
    assert prompt_messages(third.turns)[: len(read)] == read
    assert third.turns[-1].passages == ()
    rig.settle()
    # So it is after a restart, too.
    assert rig.close()
    again = StoreRig(qtbot, tmp_path)
    reopened = Documents(again)
    fourth = take(again, reopened, ask(again, "Why?", chat, None))
    assert prompt_messages(fourth.turns)[: len(read)] == read
    assert again.close()


def test_an_edited_question_is_searched_without_the_one_it_replaces(
    rig: StoreRig, library: Documents
) -> None:
    asked = take(rig, library, ask(rig))
    answer(rig, asked, "900 euros.", 3)
    question_id = asked.turns[-1].turn_id
    edit = events.SendRequest(asked.conversation_id, "Who pays?", edited_id=question_id)
    rig.window.send_requested.emit(edit)
    request = rig.nth(documents.EvidenceRequest, 2)
    assert (request.question, request.earlier_questions) == ("Who pays?", ())
    assert request.collection_ids == FLAT.collection_ids
    edited = take(rig, library, request)
    assert [turn.text for turn in edited.turns] == ["Who pays?"]
    assert len(edited.turns[-1].passages) == len(LEASE)


def test_a_question_that_no_longer_fits_is_searched_again_once_forgetting_is_allowed(
    rig: StoreRig, library: Documents
) -> None:
    asked = take(rig, library, ask(rig))
    chat = asked.conversation_id
    rig.window.full.emit(events.MemoryFull(asked.answer_id, chat, 900, 512, 2))
    assert rig.shown_texts() == ["How much is the rent?"]
    rig.window.forget_requested.emit(events.ConversationRequest(chat))
    again = take(rig, library, rig.nth(documents.EvidenceRequest, 2))
    assert again.may_forget
    assert again.turns == asked.turns


def test_the_engine_failing_keeps_what_was_written_and_what_it_rests_on(
    rig: StoreRig, library: Documents
) -> None:
    asked = take(rig, library, ask(rig))
    rig.window.started.emit(
        events.AnswerStarted(asked.answer_id, asked.conversation_id, None, n_passages=1)
    )
    rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "900 ", 1))
    failure = Failure(ErrorCode.ENGINE_LOST)
    rig.window.failed.emit(events.AnswerFailed(asked.answer_id, failure))
    turn = rig.shown_when(TurnState.INTERRUPTED).turns[-1].turn
    assert (turn.text, turn.error_code) == ("900 ", ErrorCode.ENGINE_LOST.value)
    assert turn.sources is not None
    assert turn.sources.passages == LEASE[:1]


def test_stopping_a_chat_that_asks_no_documents_is_the_engines_alone(
    rig: StoreRig, library: Documents
) -> None:
    asked = rig.send("Hello")
    library.stopped.emit(events.StopRequest(asked.answer_id))
    rig.settle()
    assert rig.all(events.StopRequest) == []
    rig.finish(asked.answer_id, events.FinishReason.STOPPED)
    assert rig.shown().turns[-1].turn.state is TurnState.STOPPED


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_kill_leaves_an_answer_that_was_interrupted(
    rig: StoreRig, library: Documents, qtbot: QtBot, tmp_path: Path, *, has_begun: bool
) -> None:
    request = ask(rig)
    if has_begun:
        asked = take(rig, library, request)
        rig.window.started.emit(
            events.AnswerStarted(asked.answer_id, asked.conversation_id, None, n_passages=1)
        )
        rig.window.grew.emit(events.AnswerDelta(asked.answer_id, "900 ", 1))
        nth_saved = "SELECT 1 FROM turn WHERE text = '900 ' AND sources LIKE '%lease.pdf%'"
        qtbot.waitUntil(lambda: has_row(rig.database_path, nth_saved), timeout=5000)
    rig.settle()
    chat = rig.shown().conversation.conversation_id
    # What is on the disk at this moment is what a kill would leave.
    left = tmp_path / "left"
    left.mkdir()
    for one in tmp_path.glob(rig.database_path.name + "*"):
        shutil.copy(one, left / one.name)
    again = StoreRig(qtbot, left)
    reopened = Documents(again)
    again.window.open_conversation_requested.emit(events.ConversationRequest(chat))
    turn = again.shown_when(TurnState.INTERRUPTED).turns[-1].turn
    assert turn.text == ("900 " if has_begun else "")
    if has_begun:
        assert turn.sources is not None
        assert turn.sources.passages == LEASE[:1]
    else:
        again.window.again_requested.emit(events.ConversationRequest(chat))
        assert again.nth(documents.EvidenceRequest).question == request.question
    assert reopened is not None
    assert again.close()


def has_row(path: Path, query: str) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchone() is not None
