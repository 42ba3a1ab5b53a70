"""Matches the sentences of an answer with the passages it was written from.

The model's own brackets are not asked. A sentence is supported by a sentence of a passage, or
by two that are neighbours, if each of its words stands there, means the same as one there or
claims nothing, all of its numbers, dates and names do, and nothing there tells against it.
"""

import itertools
from collections.abc import Mapping, Sequence

from app.core.documents.answer_sentences import AnswerSentence, answer_sentences
from app.core.documents.evidence import CitedSentence, Passage, Source, Support
from app.core.documents.support.comparison import (
    N_SHORT,
    NO_MATCH,
    Comparison,
    Match,
    Similarities,
)
from app.core.documents.support.leads import has_subject, is_coordinated, without_lead
from app.core.documents.support.source_sentences import (
    Content,
    SourceText,
    content_of,
    language_of,
)
from app.core.documents.support.word_relations import is_among, is_light

MAX_CUTS, MAX_PARTS = 5, 3
"""A sentence is cut at so many places at most, into so many parts."""


class Citations:
    """The citations of one answer; sources are numbered in the order in which they are used."""

    def __init__(self, passages: Sequence[Passage], question: str = "") -> None:
        self._passages = tuple(passages)
        self._asked = question
        self._read(question)

    def _read(self, around: str) -> None:
        """Make the passages ready, which may be in the language of the question or the answer."""
        self.text = SourceText(self._passages, around)
        asked_in = language_of(self._asked)
        # Words of another language are in no passage, and no reason to doubt one.
        is_comparable = not asked_in or not self.text.language or asked_in == self.text.language
        self._question = content_of(self._asked, self.text.language) if is_comparable else None
        self._matches: dict[tuple[str, bool], Match] = {}
        self._parts: dict[tuple[str, bool], Match] = {}

    def cite(
        self,
        answer: str,
        *,
        is_ended: bool,
        similarities: Mapping[str, Similarities] | None = None,
    ) -> tuple[tuple[Source, ...], tuple[CitedSentence, ...]]:
        """Give the sources of an answer, and its sentences that have ended.

        Args:
            answer: its text so far, in Markdown.
            is_ended: nothing more will come.
            similarities: of sentences, by their plain text, as far as they are known.
        """
        if not self.text.language and language_of(answer):
            self._read(answer)
        numbers: dict[tuple[int, int, int], int] = {}
        sources: list[Source] = []
        cited: list[CitedSentence] = []
        for sentence in answer_sentences(answer, is_ended=is_ended):
            if not sentence.is_whole:
                continue
            known = (similarities or {}).get(sentence.text)
            match = self.match(sentence, known)
            own: list[int] = []
            # What is merely similar is no source; its place would be taken for a proof.
            for source in match.sources if match.support is not Support.UNSUPPORTED else ():
                key = (source.passage_index, source.start, source.end)
                if key not in numbers:
                    numbers[key] = len(sources) + 1
                    place, quote = self.text.place_of(source), self.text.quote_of(source)
                    sources.append(Source(numbers[key], place, quote))
                own.append(numbers[key])
            cited.append(
                CitedSentence(
                    sentence.start, sentence.end, match.support, tuple(own), match.missing
                )
            )
        return tuple(sources), tuple(cited)

    def match(self, sentence: AnswerSentence, known: Similarities | None = None) -> Match:
        """Say what the passages say about a sentence."""
        if not sentence.is_claim:
            return Match(Support.NO_CLAIM)
        key = (sentence.text, known is not None)
        if key not in self._matches:
            self._matches[key] = self._match(sentence.text, known or {})
        return self._matches[key]

    def _match(self, text: str, known: Similarities) -> Match:
        content = self._content(text)
        whole = self._best(content, known)
        if whole.support is Support.SUPPORTED:
            return whole
        return self._by_parts(content, known) or whole

    def _content(self, text: str) -> Content:
        return without_lead(content_of(text, self.text.language), self.text.language)

    def _by_parts(self, content: Content, known: Similarities) -> Match | None:
        """Take a sentence as several, which may rest on different sources."""
        starts = [
            one.start for one in content.clauses[1:] if is_coordinated(content.text, one.start)
        ]
        for n_cuts in range(1, MAX_PARTS):
            for cuts in itertools.combinations(starts[:MAX_CUTS], n_cuts):
                ends = [0, *cuts, len(content.text)]
                if match := self._match_all(content, list(itertools.pairwise(ends)), known):
                    return match
        return None

    def _match_all(
        self, content: Content, spans: Sequence[tuple[int, int]], known: Similarities
    ) -> Match | None:
        matches: list[Match] = []
        for start, end in spans:
            match = self._match_part(content, start, end, known)
            if match.support is not Support.SUPPORTED:
                return None
            matches.append(match)
        sources = dict.fromkeys(source for match in matches for source in match.sources)
        return Match(Support.SUPPORTED, tuple(sources), (), min(m.score for m in matches))

    def _match_part(self, content: Content, start: int, end: int, known: Similarities) -> Match:
        """Match a part of a sentence that can stand on its own.

        A part that goes on without a subject keeps that of the sentence: "The landlord keeps the
        roof and pays for the water" does not say that just anyone pays.
        """
        key = (content.text[start:end], bool(known))
        if key not in self._parts:
            self._parts[key] = self._best_part(content, start, end, known)
        return self._parts[key]

    def _best_part(self, content: Content, start: int, end: int, known: Similarities) -> Match:
        text = content.text[start:end]
        part = without_lead(content_of(text, self.text.language), self.text.language)
        if len(part.stems) + len(part.facts) < N_SHORT:
            return NO_MATCH
        match = self._best(part, known)
        if not start or match.support is not Support.SUPPORTED or has_subject(text):
            return match
        first = match.sources[0].content.terms[:1]
        if (
            first
            and part.terms[:1]
            and is_among(part.terms[0].stem, (first[0].stem,), self.text.language)
        ):
            return match
        if not content.terms:
            return match  # Of days and numbers alone there is no subject.
        subject = content.terms[0]
        return self._best(
            content_of(f"{content.text[: subject.end]} {text}", self.text.language), known
        )

    def _best(self, content: Content, known: Similarities) -> Match:
        order = {Support.SUPPORTED: 2, Support.WEAK: 1}
        best, best_rank = NO_MATCH, (0, 0.0, 0.0)
        language = self.text.language
        telling = [stem for stem in content.stems if not is_light(stem, language)]
        words = frozenset().union(*map(self.text.alike, telling))
        for source in self.text.candidates:
            is_near = not (
                words.isdisjoint(source.content.stems) and words.isdisjoint(source.context)
            )
            if telling and not is_near:
                continue
            match = Comparison(self.text, content, source, self._question, known).match()
            # One sentence rather than two if both do.
            score = match.score - 0.05 * (source.n_sentences - 1)
            rank = (order.get(match.support, 0), -float(len(match.missing)), score)
            if match.support is not Support.UNSUPPORTED and rank > best_rank:
                best, best_rank = match, rank
        return best
