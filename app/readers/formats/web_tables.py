"""Tables of web pages: those of values as rows, those that arrange a page as none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.readers.formats.web_parts import BLOCKS, is_left_out, raised_text
from app.readers.formats.xml_parts import attribute, local_name, whole_number

_SIGNS_BEFORE = ("$", "€", "£", "¥", "US$", "(", "$(")
_SIGNS_AFTER = (")", "%", ")%", "%)")
MAX_SPAN = 60
"""Columns that a cell can span; more only fill the page."""
_MAX_CELL_BLOCKS = 3
_MAX_CELL_CHARACTERS = 600
"""Cells with more are no values: the table arranges the page."""
MAX_COLUMNS = 1_000
"""Beyond, cells do not go on in the rows below."""
MAX_ROW_SPAN = 100
"""Rows that a cell can span."""
MAX_FILLED = 20_000
"""Cells of a table that are filled from above; more only fill the page."""
MAX_REPEATED_CHARACTERS = 100
"""A cell that goes on over several rows is repeated in each, unless it is longer."""


def grid_of(rows: list[etree._Element]) -> list[list[str]]:
    """Give the cells of a table, without columns that only keep others apart."""
    from_above = _FromAbove()
    grid = [_spread_cells(row, from_above) for row in rows]
    used = {at for cells in grid for at, cell in enumerate(cells) if cell}
    return [[cell for at, cell in enumerate(cells) if at in used] for cells in grid]


@dataclass(slots=True)
class _FromAbove:
    """Cells that go on in the rows below: how many, and their text, by column."""

    cells: dict[int, tuple[int, str]] = field(default_factory=dict)
    later: dict[int, tuple[int, str]] = field(default_factory=dict)

    n_filled: int = 0

    def fill(self, cells: list[str]) -> None:
        """Put what comes from above where it stands, up to the next cell of this row."""
        while (found := self.cells.pop(len(cells), None)) is not None:
            n_rows, text = found
            self.n_filled += 1
            if n_rows > 1 and self.n_filled < MAX_FILLED:
                self.later[len(cells)] = (n_rows - 1, text)
            cells.append(text)

    def keep(self, column: int, n_columns: int, n_rows: int, text: str) -> None:
        """Note that a cell goes on in the rows below."""
        text = text if len(text) <= MAX_REPEATED_CHARACTERS else ""
        for at in range(column, min(column + n_columns, MAX_COLUMNS)):
            self.later[at] = (n_rows, text if at == column else "")

    def end_row(self, cells: list[str]) -> None:
        """Go on to the next row."""
        self.fill(cells)
        self.cells.update(self.later)
        self.later.clear()
        if self.n_filled >= MAX_FILLED:
            self.cells.clear()


def _spread_cells(row: etree._Element, from_above: _FromAbove) -> list[str]:
    cells: list[str] = []
    currency = ""
    for one in row:
        if local_name(one) not in ("td", "th"):
            continue
        from_above.fill(cells)
        text = cell_text(one)
        n_more = min(whole_number(attribute(one, "colspan"), 1), MAX_SPAN) - 1
        n_below = min(whole_number(attribute(one, "rowspan"), 1), MAX_ROW_SPAN) - 1
        if n_below > 0:
            from_above.keep(len(cells), 1 + max(n_more, 0), n_below, text)
        # Reports put signs into cells of their own, to align the digits.
        if text in _SIGNS_BEFORE:
            currency, text = text, ""
        elif text in _SIGNS_AFTER:
            _append_to_last(cells, text)
            text = ""
        elif text:
            text, currency = currency + text, ""
        cells += [text, *[""] * max(n_more, 0)]
    from_above.end_row(cells)
    return cells


def _append_to_last(cells: list[str], sign: str) -> None:
    for at in range(len(cells) - 1, -1, -1):
        if cells[at]:
            cells[at] += sign
            return


def cell_text(cell: etree._Element) -> str:
    """Give what is seen in a cell, in one line."""
    pieces: list[str] = []
    _gather(cell, pieces)
    return " ".join("".join(pieces).split())


def _gather(element: etree._Element, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for one in element:
        name = local_name(one)
        raised = raised_text(one) if name == "sup" else None
        if raised is not None:
            pieces.append(raised)
        elif name and not is_left_out(one):
            is_apart = name in BLOCKS or name == "br"
            pieces.append(" " if is_apart else "")
            _gather(one, pieces)
            pieces.append(" " if is_apart else "")
        pieces.append(one.tail or "")


def rows_of(table: etree._Element) -> list[etree._Element]:
    """Give the rows of a table of values; nothing for one that arranges the page."""
    rows = list(_own_rows(table))
    for row in rows:
        for cell in row:
            if next(cell.iter("table", "{*}table"), None) is not None:
                return []
            blocks = sum(1 for one in cell.iter("p", "div", "li", "h1", "h2", "h3", "h4"))
            if blocks > _MAX_CELL_BLOCKS and len(cell_text(cell)) > _MAX_CELL_CHARACTERS:
                return []
    if all(sum(1 for cell in row if cell_text(cell)) < 2 for row in rows):  # noqa: PLR2004
        return []
    return rows


def _own_rows(element: etree._Element) -> Iterator[etree._Element]:
    for one in element:
        name = local_name(one)
        if name == "tr":
            yield one
        elif name in ("thead", "tbody", "tfoot"):
            yield from _own_rows(one)
