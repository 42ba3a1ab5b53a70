"""Text of a search hit: what is shown of it, and where its matches are."""

from dataclasses import dataclass

MATCH_OPEN = "\u2068"
MATCH_CLOSE = "\u2069"
ELLIPSIS = "\u2026"
LEAD_CHARACTERS = 14
"""So much is left before the first match in a line that holds about three times as much."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text and its matches, each from its first character to the one behind its last."""

    text: str
    matches: tuple[tuple[int, int], ...]


def parse_snippet(marked: str) -> Snippet:
    """Take the marks out of a text; a match left open ends with the text."""
    parts: list[str] = []
    matches: list[tuple[int, int]] = []
    length = 0
    opened: int | None = None
    start = 0
    for place, character in enumerate(marked):
        if character not in {MATCH_OPEN, MATCH_CLOSE}:
            continue
        parts.append(marked[start:place])
        length += place - start
        start = place + 1
        if character == MATCH_OPEN and opened is None:
            opened = length
        elif character == MATCH_CLOSE and opened is not None:
            if length > opened:
                matches.append((opened, length))
            opened = None
    parts.append(marked[start:])
    text = "".join(parts)
    if opened is not None and len(text) > opened:
        matches.append((opened, len(text)))
    return Snippet(text, tuple(matches))


def with_match_in_sight(snippet: Snippet) -> Snippet:
    """Cut the beginning off so that the first match is seen in a narrow line."""
    if not snippet.matches or snippet.matches[0][0] <= LEAD_CHARACTERS:
        return snippet
    cut = snippet.matches[0][0] - LEAD_CHARACTERS
    space = snippet.text.find(" ", cut, snippet.matches[0][0])
    if space >= 0:
        cut = space + 1
    shift = len(ELLIPSIS) - cut
    matches = tuple((start + shift, end + shift) for start, end in snippet.matches)
    return Snippet(ELLIPSIS + snippet.text[cut:], matches)
