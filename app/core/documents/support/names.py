"""Names of people, firms and places in a sentence, by their capitals."""

import re
from collections.abc import Iterator

from app.core.documents.search_terms import folded
from app.core.documents.support.source_sentences import Content, Term

_OPENERS = re.compile(r"(?:^|[.!?:;|]|\n)\s*[\"'“„«(\[–-]*\s*$")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]{3,}")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
GERMAN = "de"
"""Whose nouns all begin with a capital."""


def names_of(content: Content, language: str) -> Iterator[Term]:
    """Give the words of a sentence that are names.

    A capital says nothing at the beginning of a sentence, nor before nouns in German: there it
    takes two words in a row, or a word in capitals.
    """
    terms = content.terms
    for number, term in enumerate(terms):
        if not _is_capital(term):
            if _KATAKANA.fullmatch(term.surface):
                yield term
            continue
        if len(term.surface) > 1 and term.surface.isupper():
            yield term
            continue
        is_first = _OPENERS.search(content.text[: term.start]) is not None
        neighbours = terms[max(0, number - 1) : number] + terms[number + 1 : number + 2]
        has_neighbour = any(_is_beside(term, other, content.text) for other in neighbours)
        if has_neighbour if is_first or language == GERMAN else True:
            yield term


def opening_word(content: Content) -> Term | None:
    """Give the word that begins a sentence with a capital, if it may be a name."""
    first = content.terms[0] if content.terms else None
    if first is None or not _is_capital(first):
        return None
    return first if _OPENERS.search(content.text[: first.start]) else None


def _is_capital(term: Term) -> bool:
    first = term.surface[0]
    return first.isupper() and folded(first) != first


def _is_beside(term: Term, other: Term, text: str) -> bool:
    gap = text[min(term.end, other.end) : max(term.start, other.start)]
    return _is_capital(other) and gap in (" ", "-", " & ", ". ")
