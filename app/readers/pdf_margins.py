"""Running heads, feet and page numbers: lines that stand in the margin of page after page.

They part sentences that go on on the next page, and say the same again and again. So each is
read where it stands first, and numbers of pages nowhere.
"""

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.readers.pdf_lines import Line
from app.readers.pdf_space import PageSpace

MARGIN = 0.12
"""Part of the height of a page in which they stand, above and below."""
WIDE_MARGIN = 0.25
"""The same for the highest and the lowest line."""
MAX_LINES = 40
"""More lines in the margins of a page are no heads and feet."""
SAME_PLACE = 3.0
"""Points by which they move from page to page."""
MAX_CHARACTERS = 200
LARGEST = 1.3
"""Times the type of the page: titles are larger, and are not left out."""
NEIGHBOURS = (-1, 1, -2, 2)
"""Pages on the left and right often have different ones."""
_NUMBER = re.compile(r"\d+")
_PAGE = (
    "pages?|pp?|pg|seiten?|blatt|p[áa]ginas?|p[áa]gs?|pagine|blz|bladzijde|strona|strany?|str"
    "|stranica|sivu|sidan?|sider?|sid|side|oldal|s|страница|стр|с|сторінка|стор|σελίδα|σελ|sayfa"  # noqa: RUF001
    "|lehekülg|lk|lappuse|lpp|puslapis|psl|trang|halaman|hal|صفحة|صفحه|עמוד|דף|第|页|頁|ページ|페이지|쪽"
)
_OF = "of|von|de|di|do|van|sur|z|ze|od|av|af|su|din|из|от|з|із|από|من|از|מתוך|dari|[-/|\u2013]|共"
_MARKS = r"[\s.,:;/|()\[\]<>~·•\u2013\u2014-]*"
_PAGE_NUMBER = re.compile(
    rf"{_MARKS}(?:(?:{_PAGE}){_MARKS})?\d+{_MARKS}(?:(?:{_PAGE}){_MARKS})?"
    rf"(?:(?:{_OF}){_MARKS}\d+{_MARKS}(?:(?:{_PAGE}){_MARKS})?)?",
    re.IGNORECASE,
)
"""A number of a page with nothing but such as "Page" and "of 4" around it."""
_ROMAN = re.compile(r"[ivxlc]+", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LAST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class MarginLine:
    """A line in the margin.

    Attributes:
        index: among the lines of its page.
        from_top: of the page, in points.
    """

    index: int
    text: str
    from_top: float
    is_below: bool


@dataclass(frozen=True, slots=True)
class Repeated:
    """What is to be done with lines, by their index: leave out, or read before all others."""

    left_out: frozenset[int] = frozenset()
    first: frozenset[int] = frozenset()


def margin_lines(lines: Sequence[Line], text: str, space: PageSpace) -> list[MarginLine]:
    """Give the lines of a page that may be heads or feet.

    Args:
        lines: of the page.
        text: of it, as pdfium gives it.
        space: of it.
    """
    if not lines:
        return []
    height = space.height
    largest = LARGEST * statistics.median(line.size for line in lines)
    highest, lowest = max(line.top for line in lines), min(line.bottom for line in lines)
    found: list[MarginLine] = []
    n_near = 0
    for index, line in enumerate(lines):
        from_top = space.shown_top - line.top
        above = MARGIN if line.top < highest else WIDE_MARGIN
        below = MARGIN if line.bottom > lowest else WIDE_MARGIN
        is_above = from_top + line.top - line.bottom <= above * height
        is_below = from_top >= (1 - below) * height
        if not (is_above or is_below):
            continue
        n_near += 1
        if n_near > MAX_LINES:
            return []
        if line.size > largest:
            continue
        words = " ".join(" ".join(text[one.start : one.end] for one in line.cells).split())
        if len(words) <= MAX_CHARACTERS and not _heads_a_table(lines, line):
            found.append(MarginLine(index, words, from_top, is_below))
    return found


def repeated_lines(
    own: Sequence[MarginLine], others: Mapping[int, Sequence[MarginLine]]
) -> Repeated:
    """Say which lines of a page are on other pages, too.

    Args:
        own: of the page.
        others: those of its neighbours, by how many pages on they are.
    """
    left_out, first = set(), set()
    for line in own:
        same = [
            (distance, other.text)
            for distance, lines in others.items()
            for other in lines
            if _is_same(line, other, distance)
        ]
        if not same:
            continue
        is_counting = any(text != line.text for _, text in same)
        if min(same)[0] < 0 or (is_counting and _is_page_number(line.text)):
            left_out.add(line.index)
        elif line.is_below:
            first.add(line.index)
    return Repeated(frozenset(left_out), frozenset(first))


def _heads_a_table(lines: Sequence[Line], line: Line) -> bool:
    """Say whether a line of cells stands right above others: a table goes on here."""
    if len(line.cells) < 2:  # noqa: PLR2004 - no cells
        return False
    return any(
        len(other.cells) > 1 and 0 <= line.bottom - other.top + line.size <= 2 * line.size
        for other in lines
        if other is not line
    )


def _is_same(line: MarginLine, other: MarginLine, distance: int) -> bool:
    if abs(line.from_top - other.from_top) > SAME_PLACE:
        return False
    if line.text == other.text:
        return True
    one, two = _roman(line.text), _roman(other.text)
    if one and two:
        return two - one == distance
    if _NUMBER.split(line.text) != _NUMBER.split(other.text):
        return False
    if not (line.is_below or _is_page_number(line.text)):
        # "Invoice 1001", "Week 2": what each page is about.
        return False
    pairs = zip(_NUMBER.findall(line.text), _NUMBER.findall(other.text), strict=True)
    return all(
        one == two or (max(len(one), len(two)) <= _LAST_DIGITS and int(two) - int(one) == distance)
        for one, two in pairs
    )


def _roman(text: str) -> int:
    """Give the value of a number such as "xiv"; 0 for what is none."""
    if not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text.lower()]
    return sum(
        -value if any(later > value for later in values[at + 1 : at + 2]) else value
        for at, value in enumerate(values)
    )


def _is_page_number(text: str) -> bool:
    """Say whether a line says only which page it is on."""
    return bool(_roman(text) or _PAGE_NUMBER.fullmatch(text))
