"""From the characters of a PDF page to the letters that are meant: order, accents, ligatures."""

import ctypes
import re
import unicodedata
from collections.abc import Iterable, Iterator

import pypdfium2
from pypdfium2 import raw

from app.readers.clean_text import is_seen

_PRESENTATION = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
"""Ligatures, and the shapes of Hebrew and Arabic letters, which nobody types."""
_LEFTWARDS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_ANY_LEFTWARDS = re.compile(f"[{_LEFTWARDS}]")
_LEFTWARD_RUN = re.compile(f"[{_LEFTWARDS}](?:[^A-Za-z\u00c0-\u024f\n]*[{_LEFTWARDS}])?")
_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_ACCENTS = {
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "\u02dc": "\u0303",
    "\u00af": "\u0304", "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308",
    "\u02da": "\u030a", "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327",
}  # fmt: skip
"""Accents that TeX's old fonts draw on their own, before the letter."""
_PLAIN = re.compile(
    "(?:[!-_a-~\u00a1-\u00a7\u00a9-\u00ac\u00ae\u00b0-\u00b3\u00b5-\u00b7\u00b9-\u02af"
    "\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2bff"
    "\u3001-\u3098\u309b-\ud7a3\uff01-\uff5e]| (?! ))*"
)
"""Most text: letters that are what they seem, and one space between words."""
UNKNOWN = "\ufffd"
"""Stands for a letter that the font does not name."""
LEADER_DOTS = 5
"""From so many dots on they are not read: tables of contents consist of them."""
_LEADER = re.compile(rf"\.{{{LEADER_DOTS},}}")
_STRANGE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Stands where a font does not say which letters it draws."""
UNREADABLE_PART = 0.3
"""A text layer in which so many characters have no meaning is none."""
_WITHOUT_DOT = {"\u0131": "i", "\u0237": "j"}


class LetterReader:
    """Gives the letters of runs of a page's characters.

    Args:
        page: its text.
        text: of it, as pdfium gives it.
    """

    def __init__(self, page: pypdfium2.PdfTextPage, text: str) -> None:
        self._page, self._text = page.raw, text
        self._has_leftwards = bool(_ANY_LEFTWARDS.search(text))

    def is_plain(self, start: int, end: int) -> bool:
        """Whether the letters of a run are its characters, with one space between words."""
        has_leader = self._text.find("." * LEADER_DOTS, start, end) >= 0
        return not has_leader and bool(_PLAIN.fullmatch(self._text, start, end))

    def letters(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Give letters in reading order, each with the character that it comes from."""
        accent = ""
        leaders: set[int] = set()
        for run in _LEADER.finditer(self._text, start, end):
            leaders.update(range(*run.span()))
        order = self._order(start, end) if self._has_leftwards else range(start, end)
        for index in order:
            character = self._text[index]
            if character == UNKNOWN or not is_seen(character):
                continue
            if index in leaders:
                # They keep apart what they lead from and to.
                character = " "
            if accent:
                character = _composed(_WITHOUT_DOT.get(character, character), accent)
                accent = ""
            elif character in _ACCENTS and self._is_over_next(index, end):
                accent = _ACCENTS[character]
                continue
            if _PRESENTATION.match(character):
                character = unicodedata.normalize("NFKC", character).replace(" ", "")
            yield character, index

    def _is_over_next(self, index: int, end: int) -> bool:
        """Say whether an accent stands on the letter after it, rather than before it."""
        if index + 1 >= end:
            return False
        letter = _WITHOUT_DOT.get(self._text[index + 1], self._text[index + 1])
        if len(_composed(letter, _ACCENTS[self._text[index]])) != 1:
            return False
        (left, right), (first, last) = self._sides(index), self._sides(index + 1)
        return first <= (left + right) / 2 <= last

    def _order(self, start: int, end: int) -> Iterable[int]:
        """Give the characters in the order in which they are read.

        pdfium gives Arabic and Hebrew as they are read, unless most of a line is in another
        script: then it gives what stands on the left first.
        """
        order = list(range(start, end))
        for run in _LEFTWARD_RUN.finditer(self._text, start, end):
            first, last = run.span()
            if last - first > 1 and self._sides(first)[0] < self._sides(last - 1)[0]:
                turned = list(reversed(range(first, last)))
                for number in _NUMBER.finditer(self._text, first, last):
                    at = last - number.end()
                    turned[at : at + number.end() - number.start()] = range(*number.span())
                order[first - start : last - start] = turned
        return order

    def _sides(self, index: int) -> tuple[float, float]:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        return left.value, right.value


def is_readable(text: str) -> bool:
    """Say whether a page's text, as pdfium gives it, is what is seen there."""
    n_strange = len(_STRANGE.findall(text))
    return n_strange <= UNREADABLE_PART * sum(map(len, text.split()))


def is_leftward(character: str) -> bool:
    """Say whether a letter belongs to a script that is written from right to left."""
    return bool(_ANY_LEFTWARDS.match(character))


def _composed(letter: str, accent: str) -> str:
    if not letter.isalpha():
        return letter + accent
    return unicodedata.normalize("NFC", letter + accent)
