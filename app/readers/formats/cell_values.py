"""Shows numbers of spreadsheets as their cells do: dates, percentages, decimals."""

import re
from datetime import datetime, time
from fractions import Fraction
from functools import lru_cache

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from app.readers.formats.xml_parts import attribute, find_local, whole_number

GENERAL = "General"
LONGEST_FORMAT = 255
"""Characters of a format, by Excel; longer ones are damage."""
MOST_SCALINGS = 4
"""Signs of percent, and of thousands that are left out, in a format."""
_SECTION_END = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
"""Parts the formats for positive, negative and zero numbers."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<gap>_.)|\*.|(?P<places>[0#?]+/[0#?\d]+"
    r"|[0#?.,]*[0#?][0#?.,]*(?:E[+-]?[0#?]+| [0#?]+/[0#?\d]+)?)"
    r"|(?P<other>.)",
    re.IGNORECASE,
)
_MAX_DECIMALS = 10
_SIGNIFICANT = 11
"""Digits that a cell without a format shows."""
_QUOTED = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.')
_LARGEST = 1e300
"""Beyond it, and for what is no number, no decimals are worked out."""
_DAY_SECONDS = 86_400


class CellFormats:
    """The number formats of a workbook.

    Args:
        styles: root of the part of styles; None if there is none.
        workbook: root of the workbook, which says from when days are counted.
    """

    def __init__(self, styles: etree._Element | None, workbook: etree._Element) -> None:
        properties = next(find_local(workbook, "workbookPr"), None)
        is_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        self._formats = [] if styles is None else _read_formats(styles)

    def of(self, style: str) -> str:
        """Give the format of a cell's style."""
        number = whole_number(style, 0)
        return self._formats[number] if 0 <= number < len(self._formats) else GENERAL


def _read_formats(styles: etree._Element) -> list[str]:
    own = {
        attribute(one, "numFmtId"): attribute(one, "formatCode")
        for one in find_local(styles, "numFmt")
    }
    formats = []
    for group in find_local(styles, "cellXfs"):
        for one in group:
            number = attribute(one, "numFmtId")
            built_in = BUILTIN_FORMATS.get(whole_number(number, 0))
            formats.append(own.get(number) or built_in or GENERAL)
    return formats


def shown_number(raw: str, number_format: str, formats: CellFormats) -> str:
    """Give a number as its cell shows it.

    Args:
        raw: as the file has it.
        number_format: of the cell.
        formats: of the workbook.
    """
    is_plain = number_format in (GENERAL, "@", "") or len(number_format) > LONGEST_FORMAT
    if is_plain and raw.isdecimal() and len(raw) <= _SIGNIFICANT:
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if is_plain or not abs(value) < _LARGEST:
        return _plain(value, raw)
    if is_date_format(number_format):
        return _shown_date(value, number_format, formats) or raw
    return _formatted(value, number_format) or _plain(value, raw)


def _formatted(value: float, number_format: str) -> str:
    """Give a number with its signs and decimals; nothing if the format is not one of numbers."""
    sections = _sections(number_format)
    section = sections[0]
    if value < 0 and len(sections) > 1 and sections[1].strip():
        # That for negative numbers shows its sign, or brackets, by itself.
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2 and sections[2].strip():  # noqa: PLR2004 - for zero
        section = sections[2]
    before, digits, after, n_percents = _parts(section)
    if not digits:
        return before.strip() if len(sections) > 1 else ""
    shown = _digits(abs(value), digits, n_percents)
    sign = "-" if value < 0 and any(one in "123456789" for one in shown) else ""
    return " ".join(f"{before.strip()}{sign}{shown}{after}".split())


@lru_cache(maxsize=256)
def _sections(number_format: str) -> list[str]:
    return _SECTION_END.split(number_format)


@lru_cache(maxsize=256)
def _parts(section: str) -> tuple[str, str, str, int]:
    """Part a format into the text before, the places for digits, the text after; count its %."""
    before, digits, after, n_percents = "", "", "", 0
    for found in _TOKEN.finditer(section):
        text = ""
        if found["places"] is not None:
            digits += found["places"]
            continue
        if found["quoted"] is not None:
            text = found["quoted"]
        elif found["currency"] is not None:
            text = found["currency"]
        elif found["escaped"] is not None:
            text = found["escaped"]
        elif found["gap"] is not None:
            text = " "
        elif found["other"] is not None:
            text = found["other"]
            n_percents += text == "%"
        if digits:
            after += text
        else:
            before += text
    return before, digits, after, n_percents


def _digits(value: float, places: str, n_percents: int) -> str:
    value *= 100 ** min(n_percents, MOST_SCALINGS)
    if "E" in places.upper():
        return f"{value:.{_n_decimals(places.upper().partition('E')[0])}E}"
    if "/" in places:
        return _fraction(value, places)
    whole = places.partition(".")[0]
    n_thousands = len(places) - len(places.rstrip(","))
    value /= 1000 ** min(n_thousands, MOST_SCALINGS)
    separator = "," if "," in whole.rstrip(",") else ""
    shown = f"{value:{separator}.{_n_decimals(places)}f}"
    n_least = whole.count("0")
    figures, point, decimals = shown.partition(".")
    n_optional = len(places) - len(places.rstrip("#,"))
    if point and n_optional:
        n_kept = _n_decimals(places) - n_optional
        decimals = decimals[:n_kept] + decimals[n_kept:].rstrip("0")
    return figures.zfill(min(n_least, _MAX_DECIMALS)) + (point + decimals if decimals else "")


def _n_decimals(places: str) -> int:
    return min(sum(one in "0#?" for one in places.partition(".")[2]), _MAX_DECIMALS)


def _fraction(value: float, places: str) -> str:
    if value >= _LARGEST:
        return f"{value:.{_SIGNIFICANT}g}"
    denominator = places.partition("/")[2]
    largest = 10 ** max(min(len(denominator), 3), 1) - 1
    if denominator.isdecimal() and int(denominator):
        over = min(int(denominator), 1000)
        found = (round(value * over), over)
    else:
        found = Fraction(value).limit_denominator(largest).as_integer_ratio()
    whole, rest = divmod(found[0], found[1])
    if not rest:
        return str(whole)
    return f"{whole} {rest}/{found[1]}" if whole else f"{rest}/{found[1]}"


def _plain(value: float, raw: str) -> str:
    if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond, not all digits are known
        return str(int(value))
    if len(raw) <= _SIGNIFICANT:
        return raw
    return f"{value:.{_SIGNIFICANT}g}"


def _shown_date(value: float, number_format: str, formats: CellFormats) -> str:
    """Give a date or time in the form that is read the same everywhere; nothing if it is none."""
    bare = _QUOTED.sub("", number_format).lower()
    if is_timedelta_format(number_format):
        seconds = round(value * _DAY_SECONDS)
        shown = f"{seconds // 3600}:{seconds // 60 % 60:02}"
        return shown + (f":{seconds % 60:02}" if "s" in bare else "")
    try:
        found = from_excel(value, formats.epoch)
    except (ValueError, OverflowError):
        return ""
    has_clock = "h" in bare or "s" in bare
    if isinstance(found, time):
        return found.strftime("%H:%M:%S" if found.second else "%H:%M")
    if not isinstance(found, datetime):
        return ""
    clock = "%H:%M:%S" if "s" in bare and found.second else "%H:%M"
    if has_clock and not any(one in bare for one in "dy"):
        return found.strftime(clock)
    day = "%Y-%m-%d" if "d" in bare or "m" not in bare else "%Y-%m"
    return found.strftime(f"{day} {clock}" if has_clock and found.time() != time() else day)
