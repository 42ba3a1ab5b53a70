"""The words that a document is known by, in the names of its file and folders and in its title.

"Lease_Miller_2024-03-15.pdf" is known by "lease", "miller" and its day, however a question writes
them; so is "LeaseMiller.pdf". "BESTBUY" is found by "Best Buy", "Müller" by "Mueller".
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.core.documents.facts.fact_types import DateParts, FactKind
from app.core.documents.facts.fact_words import MONTHS
from app.core.documents.facts.hard_facts import N_MONTHS, facts_of
from app.core.documents.relevance import AskedWord
from app.core.documents.search_terms import (
    COMPOUNDING,
    SHORTEST_PART,
    folded,
    is_pieced,
    stems_of,
    terms_of,
)

LONGEST_JOINED = 3
"""Words of a question that a name may write as one."""
SHORTEST_NUMBER = 5
MANY_WORDS = 20_000
"""Words of names whose terms are kept: many files share few words, and to reduce one takes thirty
times as long as to look it up. Bounded at 10 MB, as unlike words (numbers) have no end."""
MANY_LINES = 5_000
"""Lines of names whose dates are kept, as a folder is in the names of all its files; up to 2 MB.
The line of a file itself seldom comes again: more of them would be kept for nothing."""

_PARTS = re.compile(
    r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"  # Q4, 4th
    r"|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
)
"""Where a word of a name may begin without a space: 2023Q4, LeaseMiller, PDFReport."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<s>[-_. ]?)(?P<month>0[1-9]|1[0-2])"
    r"(?:(?P=s)(?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<one>\d{1,2})(?P<s>[-_. ])(?P<two>\d{1,2})(?P=s)(?P<year>(?:19|20)\d{2})(?!\d)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGRAPHS = re.compile("([aou])e")
"""How "ä", "ö" and "ü" are written where they cannot be, and "å" and "ø" sometimes."""


@dataclass(frozen=True, slots=True)
class Clue:
    """What a document may be known by, in a question.

    Attributes:
        terms: any of which has to be among the terms of the name.
        words: numbers of the words of the question that it says.
        is_word: a word of its own that may also be a part of a compound in a name.
        is_number: a number so short that it names nothing by itself: "the first 3" is not
            "form3.pdf".
    """

    terms: tuple[str, ...]
    words: tuple[int, ...]
    is_word: bool = False
    is_number: bool = False


def name_terms(name: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Give the terms of a name.

    Args:
        name: of a file without its suffix, of a folder, or a title; may be several, a line each.
        languages: whose rules its words are reduced by.
    """
    found: set[str] = set()
    for word in _WORD.findall(name):
        found.update(_word_terms(word, languages))
    for line in name.splitlines():
        found.update(_date_terms(line))
    return frozenset(found)


@lru_cache(maxsize=MANY_WORDS)
def _word_terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give the terms of a word of a name; names of many files share most of their words."""
    parts = _PARTS.split(word)
    pairs = [left + right for left, right in pairwise(parts)]
    found: dict[str, None] = {}
    for one in dict.fromkeys((word, *parts, *pairs)):
        terms = terms_of(one) if is_pieced(one) else _terms(folded(one), languages)
        found.update(dict.fromkeys(terms))
    return tuple(found)


def clues_of(
    question: str, asked: Sequence[AskedWord], languages: tuple[str, ...]
) -> tuple[Clue, ...]:
    """Give what a question says that names may say as well.

    Args:
        question: as typed.
        asked: its words with meaning.
        languages: of the documents.
    """
    clues = [
        Clue(
            (*_terms(one.word, languages), *one.stems),
            (number,),
            is_word=not is_pieced(one.word),
            is_number=one.word.isdecimal() and len(one.word) < SHORTEST_NUMBER,
        )
        for number, one in enumerate(asked)
    ]
    for n_words in range(2, LONGEST_JOINED + 1):
        for first in range(len(asked) - n_words + 1):
            words = [one.word for one in asked[first : first + n_words]]
            if not any(map(is_pieced, words)):
                numbers = tuple(range(first, first + n_words))
                clues.append(Clue(_terms("".join(words), languages), numbers))
    numbers_of = {one.word: number for number, one in enumerate(asked)}
    for fact in facts_of(question):
        if fact.kind is FactKind.DATE:
            said = _WORD.findall(folded(fact.surface))
            numbers = tuple(numbers_of[word] for word in said if word in numbers_of)
            clues.append(Clue(tuple(sorted(map(_date_term, fact.dates))), numbers))
    return tuple(clues)


def compounds_with(clue: Clue, terms: Collection[str], languages: Sequence[str]) -> list[str]:
    """Give the terms of names that a word of a question is a part of: "Miete", "mietvertrag"."""
    if not clue.is_word or COMPOUNDING.isdisjoint(languages):
        return []
    stems = [one for one in clue.terms if len(one) >= SHORTEST_PART]
    return [term for term in terms if any(one in term for one in stems)]


def _terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give what a word may be in a name."""
    bare = word.replace("'", "").replace("’", "")
    stems = [word, *stems_of(bare, languages)] if bare else [word]
    plain = [_DIGRAPHS.sub(r"\1", one) for one in stems]
    return tuple(dict.fromkeys((*stems, *plain)))


@lru_cache(maxsize=MANY_LINES)
def _date_terms(name: str) -> tuple[str, ...]:
    """Give the dates of a name, each also without its day or year."""
    dates: set[DateParts] = set()
    for match in _YEAR_FIRST.finditer(name):
        day = int(match["day"]) if match["day"] else None
        dates.add((int(match["year"]), int(match["month"]), day))
    for match in _YEAR_LAST.finditer(name):
        one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
        dates.update((year, *pair) for pair in ((two, one), (one, two)) if pair[0] <= N_MONTHS)
    if any(word.casefold() in MONTHS for word in _LETTERS.findall(name)):
        for fact in facts_of(re.sub("[_-]", " ", name)):
            dates |= fact.dates
    return tuple(
        {
            _date_term(one)
            for date in dates
            if date[1] is not None
            for one in (date, (date[0], date[1], None), (None, date[1], date[2]))
        }
    )


def _date_term(date: DateParts) -> str:
    return "-".join("" if part is None else str(part) for part in date)
