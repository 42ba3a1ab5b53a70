"""Answers are matched while they are written: by words at once, by meaning at the end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import Role
from app.core.document_prompt import prompt_passages
from app.core.documents.answer_sentences import answer_sentences
from app.core.documents.embedding_model import EmbeddingModel, EmbeddingProfile, EmbedPurpose
from app.core.documents.evidence import Evidence, Support, Verdict
from app.core.documents.facts.fact_types import FactKind
from app.core.documents.facts.hard_facts import facts_of
from app.core.documents.support.citations import Citations
from app.core.errors import ErrorCode, Failure
from app.core.events import AnswerRequest, PromptTurn
from app.core.sampling import Sampling
from app.worker import citation_worker
from app.worker.citation_worker import MAX_EVIDENCE, CitationWorker
from tests.core.documents.support.labelled_answers import LEASE, MANUAL, MINUTES
from tests.worker.engine_rig import Rig

MODEL = EmbeddingModel("mini", "Mini", Path("mini.gguf"), EmbeddingProfile(), is_built_in=True)
FOUND = Evidence(Verdict.FOUND, LEASE, n_files=2, question="How much is the rent?")


class Listener(QObject):
    """Writes down what the worker says."""

    def __init__(self, worker: CitationWorker) -> None:
        super().__init__()
        self.cited: list[documents.AnswerCited] = []
        self.asked: list[documents.EmbedRequest] = []
        worker.answer_cited.connect(self.hear_cited)
        worker.embed_requested.connect(self.hear_asked)

    @Slot(object)
    def hear_cited(self, cited: documents.AnswerCited) -> None:
        self.cited.append(cited)

    @Slot(object)
    def hear_asked(self, request: documents.EmbedRequest) -> None:
        self.asked.append(request)


@pytest.fixture
def worker(qtbot: QtBot) -> CitationWorker:
    return CitationWorker()


@pytest.fixture
def heard(worker: CitationWorker) -> Listener:
    return Listener(worker)


def begin(worker: CitationWorker, answer_id: str = "a") -> None:
    worker.take_evidence(documents.EvidenceFound(answer_id, FOUND))
    worker.take_answer_started(events.AnswerStarted(answer_id, "chat", None, 3))


def write(worker: CitationWorker, text: str, answer_id: str = "a") -> None:
    for word in text.split(" "):
        worker.take_answer_delta(events.AnswerDelta(answer_id, word + " ", 1))


def finish(worker: CitationWorker, answer_id: str = "a") -> None:
    reason = events.FinishReason.END_OF_TURN
    worker.take_answer_finished(events.AnswerFinished(answer_id, reason, "Mini", None))


def test_sentences_are_matched_as_they_end_and_at_last_finally(
    worker: CitationWorker, heard: Listener
) -> None:
    begin(worker)
    write(worker, "The rent is 900 euros. The rent is 950 euros. Bicycles must be kept in the")
    n_told = [len(one.sources.sentences) for one in heard.cited]
    assert n_told == [1, 2]
    write(worker, "cellar")
    finish(worker)
    last = heard.cited[-1].sources
    assert last.is_final
    assert [one.is_final for one in (each.sources for each in heard.cited)] == [False, False, True]
    assert [one.support for one in last.sentences] == [
        Support.SUPPORTED, Support.WEAK, Support.SUPPORTED
    ]  # fmt: skip
    assert (last.n_files, last.verdict) == (2, Verdict.FOUND)


def test_an_answer_without_evidence_is_not_looked_at(
    worker: CitationWorker, heard: Listener
) -> None:
    worker.take_answer_started(events.AnswerStarted("other", "chat", None))
    write(worker, "The rent is 900 euros. Yes.", "other")
    finish(worker, "other")
    assert heard.cited == []


def test_where_nothing_was_found_nothing_is_matched(
    worker: CitationWorker, heard: Listener
) -> None:
    nothing = replace(FOUND, verdict=Verdict.NOT_FOUND)
    worker.take_evidence(documents.EvidenceFound("a", nothing))
    worker.take_answer_started(events.AnswerStarted("a", "chat", None))
    write(worker, "The rent is 900 euros. Yes.")
    finish(worker)
    assert heard.cited == []


def test_an_answer_that_breaks_off_is_matched_as_far_as_it_goes(
    worker: CitationWorker, heard: Listener
) -> None:
    begin(worker)
    write(worker, "The monthly rent is 900 euros")
    worker.take_answer_failed(events.AnswerFailed("a", Failure(ErrorCode.ENGINE_LOST)))
    (cited,) = heard.cited
    assert cited.sources.is_final
    assert [one.support for one in cited.sources.sentences] == [Support.SUPPORTED]


def vectors(request: documents.EmbedRequest, similar_to: str) -> documents.Embedded:
    """Vectors by which the first text is like one quote and like no other."""
    rows = np.zeros((len(request.texts), 2), np.float32)
    rows[:, 1] = 1
    rows[0] = (1, 0)
    for number, text in enumerate(request.texts):
        if text.startswith(similar_to):
            rows[number] = (0.95, 0.31)
    return documents.Embedded(request.request_id, 2, rows.tobytes())


def test_what_words_do_not_bear_out_is_compared_by_meaning_at_the_end(
    worker: CitationWorker, heard: Listener
) -> None:
    worker.take_embedding_models(documents.EmbeddingModels((MODEL,)))
    begin(worker)
    write(worker, "Leave your wheels and prams down in the cellar. The rent is 900 euros.")
    finish(worker)
    (request,) = heard.asked
    assert request.request_id.startswith("cite-")
    assert (request.model, request.purpose) == (MODEL, EmbedPurpose.QUERY)
    assert request.texts[0] == "Leave your wheels and prams down in the cellar."
    assert "The rent is 900 euros." not in request.texts
    before = heard.cited[-1].sources
    assert not before.is_final
    assert before.sentences[0].support is Support.UNSUPPORTED
    worker.take_embedded(vectors(request, "Bicycles"))
    last = heard.cited[-1].sources
    assert last.is_final
    # What is similar is shown as similar: no likeness is a proof.
    assert [one.support for one in last.sentences] == [Support.WEAK, Support.SUPPORTED]


def test_vectors_that_do_not_come_leave_what_words_say(
    worker: CitationWorker,
    heard: Listener,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker.take_embedding_models(documents.EmbeddingModels((MODEL,)))
    for answer_id in ("a", "b"):
        begin(worker, answer_id)
        write(worker, "Whales sing in the cellar of bicycles.", answer_id)
        finish(worker, answer_id)
    failed = documents.EmbedFailed(heard.asked[0].request_id, Failure(ErrorCode.ENGINE_LOST))
    worker.take_embed_failed(failed)
    assert (heard.cited[-1].answer_id, heard.cited[-1].sources.is_final) == ("a", True)
    worker._limit.setInterval(0)
    worker._limit.start()
    qtbot.waitUntil(lambda: heard.cited[-1].answer_id == "b", timeout=2000)
    assert heard.cited[-1].sources.is_final
    assert citation_worker.MEANING_LIMIT_MS <= 2000
    n_before = len(heard.cited)
    worker.take_embedded(vectors(heard.asked[1], "Bicycles"))
    assert len(heard.cited) == n_before


def test_a_model_that_does_not_know_the_language_is_not_asked(
    worker: CitationWorker, heard: Listener
) -> None:
    german = replace(MODEL, profile=EmbeddingProfile(languages=("de",)))
    worker.take_embedding_models(documents.EmbeddingModels((german,)))
    begin(worker)
    write(worker, "Whales sing in the cellar of bicycles.")
    finish(worker)
    assert heard.asked == []
    assert heard.cited[-1].sources.is_final


def test_vectors_that_make_no_sense_leave_an_answer_as_its_words_were_matched(
    worker: CitationWorker, heard: Listener
) -> None:
    worker.take_embedding_models(documents.EmbeddingModels((MODEL,)))
    begin(worker)
    write(worker, "Whales sing in the cellar of bicycles.")
    finish(worker)
    (request,) = heard.asked
    worker.take_embedded(documents.Embedded(request.request_id, 3, b"\0\0\0\0"))
    assert heard.cited[-1].sources.is_final
    assert not worker._meanings


def test_an_answer_that_cannot_be_matched_is_told_to_be_final(
    worker: CitationWorker, heard: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(worker)
    write(worker, "The rent is 900 euros")

    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(Citations, "cite", fail)
    finish(worker)
    assert [one.sources.is_final for one in heard.cited] == [True]


def test_what_is_found_for_answers_that_never_begin_does_not_pile_up(
    worker: CitationWorker,
) -> None:
    for n in range(MAX_EVIDENCE * 2):
        worker.take_evidence(documents.EvidenceFound(f"a{n}", FOUND))
    assert len(worker._evidence) == MAX_EVIDENCE


def test_whatever_the_starter_model_writes_no_unsupported_number_is_marked_as_supported(
    qtbot: QtBot,
    tmp_path: Path,
    starter_path: Path,
    worker: CitationWorker,
    heard: Listener,
) -> None:
    rig = Rig(qtbot, tmp_path)
    rig.load(starter_path)
    questions = (
        ("How much is the monthly rent?", LEASE),
        ("How often must the filter be replaced?", MANUAL),
        ("What is the budget for 2027?", MINUTES),
        ("How many bedrooms does the flat have?", LEASE),
        ("When does the pump explode?", MANUAL),
    )
    n_numbers = 0
    for number, (question, passages) in enumerate(questions):
        answer_id = f"a{number}"
        evidence = Evidence(Verdict.FOUND, passages, question=question)
        worker.take_evidence(documents.EvidenceFound(answer_id, evidence))
        turn = PromptTurn("q", Role.USER, question, prompt_passages(passages))
        sampling = Sampling(temperature=0, max_tokens=60)
        rig.window.answer_requested.emit(AnswerRequest(answer_id, answer_id, (turn,), sampling))
        rig.wait_for_outcome(answer_id)
        text = rig.window.texts[answer_id]
        worker.take_answer_started(events.AnswerStarted(answer_id, answer_id, None, 3))
        worker.take_answer_delta(events.AnswerDelta(answer_id, text, 1))
        finish(worker, answer_id)
        last = heard.cited[-1]
        assert last.answer_id == answer_id
        assert len(last.sources.sentences) == len(answer_sentences(text, is_ended=True))
        everything = "\n".join(f"{one.place.path.name}\n{one.text}" for one in passages)
        for sentence in last.sources.sentences:
            numbers = [
                fact
                for fact in facts_of(text[sentence.start : sentence.end])
                if fact.kind is FactKind.NUMBER and fact.surface[0].isdecimal()
            ]
            n_numbers += len(numbers)
            if sentence.support is Support.SUPPORTED:
                known = facts_of(everything)
                pages = {str(one.place.page) for one in passages}
                assert all(one.stands_in(known) or one.surface in pages for one in numbers)
                assert sentence.numbers
    assert n_numbers > 0
    assert rig.close()
