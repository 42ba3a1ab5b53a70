"""Finds documents by what they are called: their files, folders, collections and titles.

Names are looked at when a question is asked and kept in memory, so that a file that was renamed
is found by its new name at once, without being read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.documents.document_names import Clue, clues_of, compounds_with, name_terms
from app.core.documents.ranking import idf
from app.core.documents.relevance import AskedWord, share_of
from app.store.search_scope import Scope

N_NAMED = 12
"""Documents whose chunks are looked at because of their names."""
N_AT_ONCE = 100
"""Names that are worked out in one step of a preparation: some milliseconds."""
CLEAR_SHARE = 0.5
"""Share of the best name's score from which a document is looked at, too."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the names of documents say of a question.

    Attributes:
        scores: by content, how much; only of those that say anything.
        words: by content, the numbers of the words of the question that they say.
        telling: numbers of the words that the names of some documents say and of others do not.
        chosen: by content, which of the files with these bytes says most: its number among the
            entries of the scope.
    """

    scores: Mapping[int, float] = field(default_factory=dict)
    words: Mapping[int, frozenset[int]] = field(default_factory=dict)
    telling: frozenset[int] = frozenset()
    chosen: Mapping[int, int] = field(default_factory=dict)

    def words_of(self, content_id: int | None) -> frozenset[int]:
        """Give the numbers of the words that the name of a content says."""
        return self.words.get(content_id, frozenset()) if content_id is not None else frozenset()

    @property
    def clear(self) -> list[int]:
        """Contents that the question seems to name, best first; none if it names all alike."""
        best = max(self.scores.values(), default=0.0)
        ranked = sorted(self.scores, key=lambda one: (-self.scores[one], one))
        return [one for one in ranked if self.scores[one] > CLEAR_SHARE * best][:N_NAMED]


class NameSearch:
    """The names of the files of the scope that was searched last.

    Of names that stay, when files come and go, the terms are kept: to make them takes longest.
    """

    def __init__(self) -> None:
        self._names: list[str] = []
        self._languages: tuple[str, ...] = ()
        self._terms: dict[str, frozenset[str]] = {}
        self._files: dict[str, list[int]] = {}
        self._ahead: dict[str, frozenset[str]] = {}
        self._ahead_languages: tuple[str, ...] = ()

    def prepare(self, scope: Scope) -> Iterator[None]:
        """Work out the names of a scope before it is asked, in steps.

        Ends early when a question comes between two of them, as it works out the rest itself.
        """
        languages = tuple(sorted(scope.languages))
        if languages != self._ahead_languages:
            self._ahead, self._ahead_languages = {}, languages
        known, ahead = self._known(languages), self._ahead
        new = [name for one in scope.entries if (name := one.known_as) not in known]
        for start in range(0, len(new), N_AT_ONCE):
            if ahead is not self._ahead:
                return
            for name in new[start : start + N_AT_ONCE]:
                ahead[name] = name_terms(name, languages)
            yield

    def find(self, scope: Scope, question: str, asked: Sequence[AskedWord]) -> Named:
        """Give which documents a question names.

        Args:
            scope: what is searched.
            question: as typed.
            asked: its words with meaning.
        """
        entries = scope.entries
        self._refresh([one.known_as for one in entries], scope.languages)
        said: dict[int, set[int]] = {}
        telling: set[int] = set()
        worth = [0.0] * len(asked)
        firmly: set[int] = set()
        n_all = len(entries)
        for clue in clues_of(question, asked, scope.languages):
            numbers = self._files_with(clue, scope.languages)
            if not numbers:
                continue
            if not clue.is_number:
                firmly |= numbers
            weight = idf(len(numbers), n_all) / max(1, len(clue.words))
            if len(numbers) < n_all:
                telling.update(clue.words)
            for word in clue.words:
                most = min(1.0, share_of(asked[word].word)) * weight
                # A word that many texts hold names none of them, even if few names have it.
                worth[word] = max(worth[word], min(most, asked[word].weight))
            for number in numbers:
                said.setdefault(number, set()).update(clue.words)
        scores: dict[int, float] = {}
        chosen: dict[int, int] = {}
        for number in sorted(firmly):
            words = said[number]
            score = sum(worth[word] for word in words)
            content = entries[number].chunks.content_id
            if score > scores.get(content, -1.0):
                scores[content], chosen[content] = score, number
        words_of = {content: frozenset(said[number]) for content, number in chosen.items()}
        return Named(scores, words_of, frozenset(telling), chosen)

    def _refresh(self, names: list[str], languages: tuple[str, ...]) -> None:
        # Their order says which is most frequent, and changes nothing in a name.
        languages = tuple(sorted(languages))
        if names == self._names and languages == self._languages:
            return
        known = self._known(languages)
        self._names, self._languages = names, languages
        self._ahead = {}
        self._terms, self._files = {}, {}
        for number, name in enumerate(names):
            terms = self._terms[name] = known.get(name) or name_terms(name, languages)
            for term in terms:
                self._files.setdefault(term, []).append(number)

    def _known(self, languages: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
        """Give the terms of names that have been worked out by the rules of these languages."""
        known = self._terms if languages == self._languages else {}
        return known | self._ahead if languages == self._ahead_languages else known

    def _files_with(self, clue: Clue, languages: Sequence[str]) -> set[int]:
        terms = [term for term in clue.terms if term in self._files]
        if not terms:
            terms = compounds_with(clue, self._files.keys(), languages)
        return {number for term in terms for number in self._files[term]}
