"""Shows numbers of spreadsheets as their cells do: dates, percentages, decimals."""

import re
from datetime import datetime, time

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from app.readers.formats.xml_parts import attribute, find_local, whole_number

GENERAL = "General"
_DECIMALS = re.compile(r"[0#?]\.([0?]+)")
_LITERALS = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.')
_MAX_DECIMALS = 10
_SIGNIFICANT = 11
"""Digits that a cell without a format shows."""
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
    is_plain = number_format in (GENERAL, "@", "")
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
    bare = _LITERALS.sub("", number_format.partition(";")[0])
    if "E" in bare.upper() or "/" in bare or not re.search("[0#?]", bare):
        return _plain(value, raw)
    is_percent = "%" in bare
    decimals = _DECIMALS.search(bare)
    n_decimals = min(len(decimals[1]), _MAX_DECIMALS) if decimals is not None else 0
    separator = "," if "," in bare else ""
    shown = f"{value * 100 if is_percent else value:{separator}.{n_decimals}f}"
    return shown + "%" if is_percent else shown


def _plain(value: float, raw: str) -> str:
    if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond, not all digits are known
        return str(int(value))
    if len(raw) <= _SIGNIFICANT:
        return raw
    return f"{value:.{_SIGNIFICANT}g}"


def _shown_date(value: float, number_format: str, formats: CellFormats) -> str:
    """Give a date or time in the form that is read the same everywhere; nothing if it is none."""
    if is_timedelta_format(number_format):
        seconds = round(value * _DAY_SECONDS)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    try:
        found = from_excel(value, formats.epoch)
    except (ValueError, OverflowError):
        return ""
    if isinstance(found, datetime):
        has_time = found.time().replace(microsecond=0) != time()
        return found.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d")
    return found.strftime("%H:%M:%S") if isinstance(found, time) else ""
