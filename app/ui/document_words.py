"""Places and states of documents in words."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.core.documents.collections import CollectionState, CollectionSummary
from app.core.documents.evidence import DocumentPlace
from app.core.documents.text import PageUnit
from app.ui.quantities import count_text

SEPARATOR = " \u00b7 "
_NAME_CHARS = 40
"""Longer names of files lose their middle: the beginning and the ending tell them apart."""

translate = QCoreApplication.translate


def page_name(unit: PageUnit, page: int, label: str = "") -> str:
    """Give "page 4", "slide 2", or the name of a sheet or chapter; empty for a whole document."""
    number = count_text(page)
    match unit:
        case PageUnit.PAGE:
            return translate("DocumentWords", "page {n}").format(n=label or number)
        case PageUnit.SLIDE:
            return translate("DocumentWords", "slide {n}").format(n=label or number)
        case PageUnit.SHEET:
            return label or translate("DocumentWords", "sheet {n}").format(n=number)
        case PageUnit.CHAPTER:
            return label or translate("DocumentWords", "chapter {n}").format(n=number)
        case PageUnit.WHOLE:
            return ""


def page_of(place: DocumentPlace) -> str:
    """Give the page on which a place begins, in words."""
    return page_name(place.unit, place.page, place.label)


def place_name(place: DocumentPlace, separator: str = ", ") -> str:
    """Give "lease.pdf, page 4"."""
    parts = (short_name(place.path), page_of(place))
    return separator.join(part for part in parts if part)


def short_name(path: Path) -> str:
    """Give the name of a file; a very long one without its middle."""
    name = path.name
    if len(name) <= _NAME_CHARS:
        return name
    half = _NAME_CHARS // 2
    return f"{name[:half]}\u2026{name[-half:]}"


def quote_in_line(text: str, most_chars: int) -> str:
    """Give a quote in one line, cut at a word if it is longer than wanted."""
    line = " ".join(text.split())
    if len(line) <= most_chars:
        return line
    head, space, _ = line[:most_chars].rpartition(" ")
    return (head if space and len(head) > most_chars // 2 else line[:most_chars]) + "\u2026"


def state_in_brief(summary: CollectionSummary) -> str:
    """Say what is going on with a collection; empty when it is ready."""
    n_done, n_files = count_text(summary.n_searchable), count_text(summary.n_files)
    match summary.state:
        case CollectionState.READING:
            text = translate("DocumentWords", "reading {n_done} of {n_files}")
            return text.format(n_done=n_done, n_files=n_files)
        case CollectionState.SCANNING:
            return translate("DocumentWords", "looking for files")
        case CollectionState.PAUSED:
            return translate("DocumentWords", "paused")
        case CollectionState.AWAY:
            return translate("DocumentWords", "not connected")
        case CollectionState.EMPTY:
            return translate("DocumentWords", "no files")
        case CollectionState.UNDERSTANDING | CollectionState.READY:
            return ""
