"""Matches answers with the passages they were written from, while they are written.

Words, numbers and names are compared as each sentence ends. When the answer has ended, those
sentences that are not borne out by words are compared by meaning too.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from app.core import document_events as documents
from app.core import events
from app.core.document_answers import needs_model, passages_that_reached, sources_before
from app.core.documents.answer_sentences import answer_sentences
from app.core.documents.citations import Citations
from app.core.documents.comparison import Similarities
from app.core.documents.embedding_model import EmbeddingModel, EmbedPurpose
from app.core.documents.evidence import AnswerMode, AnswerSources, Support
from app.core.errors import Failure
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

MEANING_LIMIT_MS = 4000
"""After that an answer stays as its words were matched."""
MAX_MEANT = 200
"""Sentences compared by meaning at once: a second or two of computing."""
ALL_LANGUAGES = "*"


@dataclass(slots=True)
class _Answer:
    """An answer that is being written from passages."""

    sources: AnswerSources
    question: str
    citations: Citations | None = None
    text: str = ""
    n_sentences: int = 0


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Vectors that were asked for: of these sentences of an answer, then of all sources."""

    answer_id: str
    sentences: tuple[str, ...]
    answer: _Answer = field(compare=False)


class CitationWorker(QObject):
    """Says what the sentences of answers from documents rest on.

    Signals:
        answer_cited: as far as an answer is written; the last one is final.
        embed_requested: vectors are needed to compare by meaning.
    """

    answer_cited = signal_of(documents.AnswerCited)
    embed_requested = signal_of(documents.EmbedRequest)

    def __init__(self) -> None:
        super().__init__()
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
        self._answers.clear()
        self._meanings.clear()

    @Slot(object)
    @guarded
    def take_embedding_models(self, models: documents.EmbeddingModels) -> None:
        """Note what vectors can be made with."""
        self._models = models.models

    @Slot(object)
    @guarded
    def take_evidence(self, found: documents.EvidenceFound) -> None:
        """Keep what an answer will be written from."""
        if needs_model(found.evidence, AnswerMode.MODEL):
            sources = sources_before(found.evidence, AnswerMode.MODEL)
            self._answers[found.request_id] = _Answer(sources, found.evidence.question)

    @Slot(object)
    @guarded
    def take_answer_started(self, started: events.AnswerStarted) -> None:
        """Keep only the passages that have reached the model."""
        answer = self._answers.get(started.answer_id)
        if answer is not None:
            answer.sources = passages_that_reached(answer.sources, started.n_passages)
            answer.citations = Citations(answer.sources.passages, answer.question)

    @Slot(object)
    @guarded
    def take_answer_delta(self, delta: events.AnswerDelta) -> None:
        """Match the sentences that have ended."""
        answer = self._answers.get(delta.answer_id)
        if answer is None or answer.citations is None:
            return
        answer.text += delta.text
        n_sentences = sum(one.is_whole for one in answer_sentences(answer.text, is_ended=False))
        if n_sentences > answer.n_sentences:
            answer.n_sentences = n_sentences
            self._tell(delta.answer_id, answer, answer.citations, is_ended=False)

    @Slot(object)
    @guarded
    def take_answer_finished(self, finished: events.AnswerFinished) -> None:
        """Match the whole answer, at last by meaning."""
        self._end(finished.answer_id)

    @Slot(object)
    @guarded
    def take_answer_failed(self, failed: events.AnswerFailed) -> None:
        """Match what there is of an answer that broke off."""
        self._end(failed.answer_id)

    def _end(self, answer_id: str) -> None:
        answer = self._answers.pop(answer_id, None)
        if answer is None or answer.citations is None:
            return
        cited = self._tell(answer_id, answer, answer.citations, is_ended=True)
        self._ask_for_meaning(answer_id, answer, answer.citations, cited)

    def _tell(
        self,
        answer_id: str,
        answer: _Answer,
        citations: Citations,
        *,
        is_ended: bool,
        similarities: Mapping[str, Similarities] | None = None,
    ) -> AnswerSources:
        sources, sentences = citations.cite(
            answer.text, is_ended=is_ended, similarities=similarities
        )
        cited = replace(answer.sources, sources=sources, sentences=sentences, is_final=is_ended)
        self.answer_cited.emit(documents.AnswerCited(answer_id, cited))
        return cited

    # --- meaning ---

    def _ask_for_meaning(
        self, answer_id: str, answer: _Answer, citations: Citations, cited: AnswerSources
    ) -> None:
        open_starts = {
            one.start
            for one in cited.sentences
            if one.support in {Support.WEAK, Support.UNSUPPORTED}
        }
        sentences = tuple(
            one.text
            for one in answer_sentences(answer.text, is_ended=True)
            if one.start in open_starts
        )
        quotes = map(citations.text.quote_of, citations.text.sentences)
        texts = (*sentences, *quotes)
        model = self._model_for(citations.text.language)
        if not sentences or model is None or len(texts) > MAX_MEANT:
            return
        request_id = f"cite-{next(self._numbers)}"
        self._meanings[request_id] = _Meaning(answer_id, sentences, answer)
        request = documents.EmbedRequest(request_id, model, texts, EmbedPurpose.QUERY)
        self.embed_requested.emit(request)
        self._limit.start()

    def _model_for(self, language: str) -> EmbeddingModel | None:
        """Give a model that knows the language; words are surer than one that does not."""
        for model in self._models:
            known = model.profile.languages
            if not language or language in known or ALL_LANGUAGES in known:
                return model
        return None

    @Slot(object)
    @guarded
    def take_embedded(self, embedded: documents.Embedded) -> None:
        """Match an answer anew, now that it is known what means the same."""
        meaning = self._meanings.pop(embedded.request_id, None)
        if meaning is None or meaning.answer.citations is None:
            return
        vectors = np.frombuffer(embedded.vectors, np.float32)
        vectors = vectors.reshape(-1, embedded.n_dimensions)
        n_sentences = len(meaning.sentences)
        cosines = vectors[:n_sentences] @ vectors[n_sentences:].T
        similarities = {
            text: dict(enumerate(map(float, row)))
            for text, row in zip(meaning.sentences, _rows(cosines), strict=True)
        }
        self._tell(
            meaning.answer_id,
            meaning.answer,
            meaning.answer.citations,
            is_ended=True,
            similarities=similarities,
        )

    @Slot(object)
    @guarded
    def take_embed_failed(self, failed: documents.EmbedFailed) -> None:
        """Leave an answer as its words were matched."""
        self._meanings.pop(failed.request_id, None)

    @Slot()
    def _stop_waiting(self) -> None:
        self._meanings.clear()


def _rows(cosines: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> Sequence[list[float]]:
    rows: list[list[float]] = cosines.tolist()
    return rows
