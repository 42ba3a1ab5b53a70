"""Places in documents, in words."""

from PySide6.QtCore import QCoreApplication

from app.core.documents.evidence import DocumentPlace
from app.ui.document_words import page_name
from app.ui.quantities import count_text
from app.ui.widgets.foreign_text import foreign_text

LONGEST_LABEL_CHARS = 40

translate = QCoreApplication.translate


def page_text(place: DocumentPlace) -> str:
    """Give "page 4", "slide 4", the name of a sheet; nothing for a format without parts."""
    return page_name(place.unit, place.page, foreign_text(place.label, LONGEST_LABEL_CHARS))


def place_text(place: DocumentPlace) -> str:
    """Give "lease.pdf, page 4"."""
    name, page = foreign_text(place.path.name), page_text(place)
    if not page:
        return name
    return translate("documents", "{file}, {page}").format(file=name, page=page)


def numbers_text(numbers: tuple[int, ...], most: int = 6) -> str:
    """Give "3, 7 to 9, 12": numbers of pages in order, runs of them shortened."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [_run_text(run) for run in runs[:most]]
    if len(runs) > most:
        parts.append("…")
    return ", ".join(parts)


def _run_text(run: list[int]) -> str:
    first, last = count_text(run[0]), count_text(run[-1])
    match len(run):
        case 1:
            return first
        case 2:
            return f"{first}, {last}"
        case _:
            return translate("documents", "{first} to {last}").format(first=first, last=last)
