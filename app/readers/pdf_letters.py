"""From the characters of a PDF page to the letters that are meant: order, accents, ligatures."""

import re
import statistics
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from app.readers.clean_text import is_seen, raised

_PRESENTATION = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
"""Ligatures, and the shapes of Hebrew and Arabic letters, which nobody types."""
_LEFTWARDS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_ANY_LEFTWARDS = re.compile(f"[{_LEFTWARDS}]")
_LEFTWARD_RUN = re.compile(f"[{_LEFTWARDS}](?:[^A-Za-z\u00c0-\u024f\n]*[{_LEFTWARDS}])?")
_WORD = re.compile(r"\S+")
_WHITE = re.compile(r"\s+")
_LAM = "\u0644"
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
_LEADER = re.compile(rf"\.{{{LEADER_DOTS},}}|_{{{LEADER_DOTS},}}")
_SPACED = re.compile(r"[^\W\d_](?: [^\W\d_]){4,}(?!\S)")
"""Letters set apart, as in headings: at least five, or they are letters."""
_RAISED = re.compile(
    r"(?<=[^\W\d_])\d{1,3}(?!\w)"  # deposit1, m2
    r"|(?<=[^\W\d_][.,;:!?\u201d\u2019\"'])\d{1,3}(?![\w.,]?\w)"  # deposit.1
    r"|(?<=[)\]])\d{1,3}(?!\w)"  # (a + b)2
    r"|(?<=(?<!\d)10)\d{1,2}(?!\d)"  # 106
    r"|(?<=,\d{3})\d{1,2}(?!\d)|(?<=(?<!\d)(?:19|20)\d\d)\d{1,2}(?!\d)"  # 5,0002 20221
)
"""Figures that may be raised: marks of footnotes, or powers."""
_BEFORE_RAISED = re.compile(r"(?:[^\W\d_]+|(?<!\d)10|[)\]])\Z")
_FUNCTIONS = frozenset(
    (
        *("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth"),
        *("arcsin", "arccos", "arctan", "log", "exp", "det", "max", "min", "lim", "sup", "inf"),
        *("mol", "rad", "bar", "kPa", "MPa", "kWh", "rpm"),
    )
)
"""Longer names of functions and units, after which a raised figure is a power."""
WORD_GAP = 1.6
"""So much wider than between letters set apart is the gap between words of them."""
RAISED_BY = 0.12
"""Part of the height of a letter by which figures stand higher, and are smaller."""
_WORD_LETTERS = 3
"""From so many letters on it is a word, and a raised figure after it leads to a footnote."""
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
        self._box = raw.FS_RECTF()
        self._has_leftwards = has_leftwards(text)

    def is_plain(self, start: int, end: int) -> bool:
        """Whether the letters of a run are its characters, with one space between words."""
        return (
            bool(_PLAIN.fullmatch(self._text, start, end))
            and not _LEADER.search(self._text, start, end)
            and not self._raised(start, end)
            and not self._letter_spaces(start, end)
        )

    def letters(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Give letters in reading order, each with the character that it comes from."""
        accent = ""
        leaders: set[int] = set()
        for run in _LEADER.finditer(self._text, start, end):
            leaders.update(range(*run.span()))
        others = self._raised(start, end)
        others.update(self._letter_spaces(start, end))
        order = self._order(start, end) if self._has_leftwards else range(start, end)
        for index in order:
            character = others.get(index, self._text[index])
            if not character or character == UNKNOWN or not is_seen(character):
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

    def _raised(self, start: int, end: int) -> dict[int, str]:
        """Give what stands for raised figures: nothing for marks of footnotes."""
        found: dict[int, str] = {}
        for figures in _RAISED.finditer(self._text, start, end):
            first, last = figures.span()
            if first == start or not self._is_raised(first, first - 1):
                continue
            before = _BEFORE_RAISED.search(self._text[max(start, first - 20) : first])
            is_power = before is not None and (
                len(before[0]) < _WORD_LETTERS or before[0] in _FUNCTIONS
            )
            for index in range(first, last):
                character = self._text[index]
                found[index] = raised(character) if is_power else ""
        return found

    def _is_raised(self, index: int, letter: int) -> bool:
        (bottom, top), (low, high) = self._heights(index), self._heights(letter)
        least = RAISED_BY * (high - low)
        return bottom - low >= least and (high - low) - (top - bottom) >= least

    def _letter_spaces(self, start: int, end: int) -> dict[int, str]:
        """Give the spaces between letters that are set apart, which part no words."""
        spaced = _SPACED.match(self._text, start, end)
        if spaced is None:
            return {}
        letters = spaced[0].split(" ")
        is_list = all(ord(later) - ord(one) == 1 for one, later in pairwise(letters))
        if is_list or not letters[0].isupper():
            return {}
        gaps = [
            self._sides(at + 2)[0] - self._sides(at)[1] for at in range(start, spaced.end() - 2, 2)
        ]
        widest = WORD_GAP * max(statistics.median(gaps), 0.1)
        return {start + 2 * at + 1: "" for at, gap in enumerate(gaps) if gap <= widest}

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

        pdfium gives Arabic and Hebrew as they are read, but not where a line is in another script
        too, nor where one glyph stands for several letters. So their places decide.
        """
        order = list(range(start, end))
        for run in _LEFTWARD_RUN.finditer(self._text, start, end):
            first, last = run.span()
            if last - first > 1:
                order[first - start : last - start] = self._leftwards(first, last)
        return order

    def _leftwards(self, first: int, last: int) -> list[int]:
        """Order the characters of a run in a script that is written from right to left."""
        words = [self._word(*word.span()) for word in _WORD.finditer(self._text, first, last)]
        words.sort(key=lambda word: -word[0])
        # Where a space stands is not always told; there are as many as there were.
        spaces = [range(*space.span()) for space in _WHITE.finditer(self._text, first, last)]
        order: list[int] = []
        for (_, word), space in zip(words, [*spaces, range(0)], strict=True):
            order += word
            order += space
        return order

    def _word(self, first: int, last: int) -> tuple[float, list[int]]:
        """Give the middle of a word, and its characters in order."""
        # A number, a glyph of several letters, a letter with its marks: each stays together.
        units: list[tuple[float, list[int]]] = []
        before = (0.0, 0.0)
        index = first
        while index < last:
            number = _NUMBER.match(self._text, index, last)
            end = number.end() if number is not None else index + 1
            sides = self._sides(index)
            middle = (sides[0] + self._sides(end - 1)[1]) / 2
            is_same = sides == before or (
                unicodedata.combining(self._text[index]) and before[0] <= middle <= before[1]
            )
            if units and is_same and number is None:
                units[-1][1].append(index)
            else:
                units.append((middle, list(range(index, end))))
                before = sides if number is None else (0.0, 0.0)
            index = end
        middles = [middle for middle, _ in units]
        units.sort(key=lambda unit: -unit[0])
        order = [index for _, indices in units for index in self._unturned(indices)]
        return (min(middles) + max(middles)) / 2, order

    def _unturned(self, indices: list[int]) -> list[int]:
        """Order the letters of one glyph, which pdfium turns round with the rest of the line."""
        text = "".join(self._text[index] for index in indices)
        is_glyph = len(indices) > 1 and all(map(is_leftward, text))
        if not is_glyph or self._sides(indices[0]) != self._sides(indices[-1]):
            return indices
        # Some programs turn them round themselves; Arabic ligatures of two begin with a lam.
        is_right = len(text) == 2 and text[0] == _LAM and text[1] != _LAM  # noqa: PLR2004
        return indices if is_right else indices[::-1]

    def _heights(self, index: int) -> tuple[float, float]:
        raw.FPDFText_GetLooseCharBox(self._page, index, self._box)
        return self._box.bottom, self._box.top

    def _sides(self, index: int) -> tuple[float, float]:
        # Fonts that are not in the document have no strokes here, but they have widths.
        raw.FPDFText_GetLooseCharBox(self._page, index, self._box)
        return self._box.left, self._box.right


def is_readable(text: str) -> bool:
    """Say whether a page's text, as pdfium gives it, is what is seen there."""
    n_strange = len(_STRANGE.findall(text))
    return n_strange <= UNREADABLE_PART * sum(map(len, text.split()))


def has_leftwards(text: str) -> bool:
    """Say whether a text has letters of a script that is written from right to left."""
    return bool(_ANY_LEFTWARDS.search(text))


def is_leftward(character: str) -> bool:
    """Say whether a letter belongs to a script that is written from right to left."""
    return bool(_ANY_LEFTWARDS.match(character))


def _composed(letter: str, accent: str) -> str:
    if not letter.isalpha():
        return letter + accent
    return unicodedata.normalize("NFC", letter + accent)
