"""Matches answers with the passages they were written from, while they are written.

Words, numbers and names are compared as each sentence ends. When the answer has ended, those
sentences that are not borne out by words are compared by meaning too, to find what is similar.
"""

import itertools
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from app.core import document_events as documents
from app.core import events
from app.core.documents.answer_sentences import answer_sentences
from app.core.documents.embedding_model import EmbeddingModel, EmbedPurpose
from app.core.documents.evidence import (
    ANSWERED,
    AnswerMode,
    AnswerSources,
    CitedSentence,
    Evidence,
    Support,
    Verdict,
)
from app.core.documents.support.citations import Citations
from app.core.documents.support.comparison import Similarities
from app.core.errors import Failure
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

MEANING_LIMIT_MS = 2000
"""After that an answer stays as its words were matched."""
MAX_MEANT = 200
"""Sentences compared by meaning at once: a second or two of computing."""
MAX_EVIDENCE = 32
"""What was found for so many answers is kept until they begin; few wait for the engine at once."""
CITE_ID = "cite-"
ALL_LANGUAGES = "*"
_ENDS = frozenset(".!?。！？؟।\n|")  # noqa: RUF001 - Chinese marks
"""Characters without which no sentence ends."""


@dataclass(slots=True)
class _Answer:
    """An answer that is being written from passages.

    Attributes:
        similarities: of its sentences with the source sentences, once they are known.
        n_whole: sentences that had ended when it was matched last.
    """

    evidence: Evidence
    citations: Citations
    text: str = ""
    n_whole: int = 0
    similarities: dict[str, Similarities] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Vectors that were asked for: of these sentences of an answer, then of all sources."""

    answer_id: str
    sentences: tuple[str, ...]
    answer: _Answer = field(compare=False)


class CitationWorker(QObject):
    """Says what the sentences of answers from documents rest on.

    Only answers for which evidence came are looked at. Each of them is told of as its sentences
    end, and once more with `is_final` when nothing more will come.

    Signals:
        answer_cited: as far as an answer is written; the last one is final.
        embed_requested: vectors are needed to compare by meaning; ids begin with `CITE_ID`.
    """

    answer_cited = signal_of(documents.AnswerCited)
    embed_requested = signal_of(documents.EmbedRequest)

    def __init__(self) -> None:
        super().__init__()
        self._evidence: OrderedDict[str, Evidence] = OrderedDict()
        self._answers: dict[str, _Answer] = {}
        self._meanings: dict[str, _Meaning] = {}
        self._models: tuple[EmbeddingModel, ...] = ()
        self._numbers = itertools.count(1)
        self._limit = QTimer(self, singleShot=True, interval=MEANING_LIMIT_MS)
        self._limit.timeout.connect(self._stop_waiting)

    def report(self, failure: Failure) -> None:
        """Go on without: an answer that cannot be matched shows no marks."""
        del failure  # The guard has logged it.

    @Slot()
    def close(self) -> None:
        """Match nothing more."""
        self._limit.stop()
        self._evidence.clear()
        self._answers.clear()
        self._meanings.clear()

    @Slot(object)
    @guarded
    def take_embedding_models(self, models: documents.EmbeddingModels) -> None:
        """Note what vectors can be made with."""
        self._models = models.models

    # --- an answer is written ---

    @Slot(object)
    @guarded
    def take_evidence(self, found: documents.EvidenceFound) -> None:
        """Keep what an answer may be written from."""
        if found.evidence.verdict in ANSWERED:
            self._evidence[found.request_id] = found.evidence
            if len(self._evidence) > MAX_EVIDENCE:
                self._evidence.popitem(last=False)

    @Slot(object)
    @guarded
    def take_answer_started(self, started: events.AnswerStarted) -> None:
        """Make the passages ready to be compared with.

        All that were found, not only those that the model has read: what stands in the documents
        stands there, whoever said it.
        """
        evidence = self._evidence.pop(started.answer_id, None)
        if evidence is not None:
            citations = Citations(evidence.passages, evidence.question)
            self._answers[started.answer_id] = _Answer(evidence, citations)

    @Slot(object)
    @guarded
    def take_answer_delta(self, delta: events.AnswerDelta) -> None:
        """Match the sentences that have ended."""
        answer = self._answers.get(delta.answer_id)
        if answer is None:
            return
        answer.text += delta.text
        if _ENDS.isdisjoint(delta.text) and answer.text[-len(delta.text) - 1 :][:1] not in _ENDS:
            return
        sentences = answer_sentences(answer.text, is_ended=False)
        n_whole = sum(one.is_whole for one in sentences)
        if n_whole > answer.n_whole:
            answer.n_whole = n_whole
            self._tell(delta.answer_id, answer, is_ended=False, is_final=False)

    def _end_unmatched(self, _failure: Failure, finished: events.AnswerFinished) -> None:
        """Say that nothing more comes of an answer that cannot be matched."""
        self._tell_unmatched(finished.answer_id)

    def _fail_unmatched(self, _failure: Failure, failed: events.AnswerFailed) -> None:
        self._tell_unmatched(failed.answer_id)

    @Slot(object)
    @guarded_by(_end_unmatched)
    def take_answer_finished(self, finished: events.AnswerFinished) -> None:
        """Match the whole answer, at last by meaning."""
        self._end(finished.answer_id)

    @Slot(object)
    @guarded_by(_fail_unmatched)
    def take_answer_failed(self, failed: events.AnswerFailed) -> None:
        """Match what there is of an answer that broke off."""
        self._end(failed.answer_id)

    def _end(self, answer_id: str) -> None:
        self._evidence.pop(answer_id, None)
        answer = self._answers.pop(answer_id, None)
        if answer is None:
            return
        _, cited = answer.citations.cite(answer.text, is_ended=True)
        is_asked = self._ask_for_meaning(answer_id, answer, cited)
        self._tell(answer_id, answer, is_ended=True, is_final=not is_asked)

    def _tell(self, answer_id: str, answer: _Answer, *, is_ended: bool, is_final: bool) -> None:
        sources, sentences = answer.citations.cite(
            answer.text, is_ended=is_ended, similarities=answer.similarities
        )
        cited = AnswerSources(
            AnswerMode.MODEL,
            answer.evidence.verdict,
            answer.evidence.passages,
            sources,
            sentences,
            answer.evidence.n_files,
            answer.evidence.n_files_unread,
            is_final,
        )
        self.answer_cited.emit(documents.AnswerCited(answer_id, cited))

    def _tell_unmatched(self, answer_id: str) -> None:
        cited = AnswerSources(AnswerMode.MODEL, Verdict.FOUND, is_final=True)
        self.answer_cited.emit(documents.AnswerCited(answer_id, cited))

    # --- meaning ---

    def _ask_for_meaning(
        self, answer_id: str, answer: _Answer, cited: tuple[CitedSentence, ...]
    ) -> bool:
        """Ask for vectors of what words do not bear out; False if nothing is to be asked.

        What a number or a name speaks against is not asked for: its source is known.
        """
        open_starts = {
            one.start
            for one in cited
            if one.support in {Support.WEAK, Support.UNSUPPORTED} and not one.missing
        }
        sentences = tuple(
            one.text
            for one in answer_sentences(answer.text, is_ended=True)
            if one.start in open_starts
        )
        text = answer.citations.text
        texts = (*sentences, *map(text.quote_of, text.sentences))
        model = self._model_for(text.language)
        if not sentences or model is None or len(texts) > MAX_MEANT:
            return False
        request_id = f"{CITE_ID}{next(self._numbers)}"
        self._meanings[request_id] = _Meaning(answer_id, sentences, answer)
        request = documents.EmbedRequest(request_id, model, texts, EmbedPurpose.QUERY)
        self.embed_requested.emit(request)
        self._limit.start()
        return True

    def _model_for(self, language: str) -> EmbeddingModel | None:
        """Give a model that knows the language; words are surer than one that does not."""
        for model in self._models:
            known = model.profile.languages
            if not language or language in known or ALL_LANGUAGES in known:
                return model
        return None

    def _refuse_embedded(self, failure: Failure, embedded: documents.Embedded) -> None:
        self.take_embed_failed(documents.EmbedFailed(embedded.request_id, failure))

    @Slot(object)
    @guarded_by(_refuse_embedded)
    def take_embedded(self, embedded: documents.Embedded) -> None:
        """Match an answer anew, now that it is known what means the same."""
        meaning = self._meanings.get(embedded.request_id)
        if meaning is None:
            return
        vectors = np.frombuffer(embedded.vectors, np.float32)
        vectors = vectors.reshape(-1, embedded.n_dimensions)
        n_sentences = len(meaning.sentences)
        rows: list[list[float]] = (vectors[:n_sentences] @ vectors[n_sentences:].T).tolist()
        for text, row in zip(meaning.sentences, rows, strict=True):
            meaning.answer.similarities[text] = dict(enumerate(row))
        del self._meanings[embedded.request_id]
        self._tell(meaning.answer_id, meaning.answer, is_ended=True, is_final=True)

    @Slot(object)
    @guarded
    def take_embed_failed(self, failed: documents.EmbedFailed) -> None:
        """Leave an answer as its words were matched."""
        if (meaning := self._meanings.pop(failed.request_id, None)) is not None:
            self._tell(meaning.answer_id, meaning.answer, is_ended=True, is_final=True)

    @Slot()
    @guarded
    def _stop_waiting(self) -> None:
        meanings, self._meanings = self._meanings, {}
        for meaning in meanings.values():
            self._tell(meaning.answer_id, meaning.answer, is_ended=True, is_final=True)
