"""The rows of the list of models to be found, as an item model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.ui.catalogue.offering import Offering
from app.ui.catalogue.offering_words import spoken_words

ModelIndex = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """What a row is."""

    HEAD = "head"
    """Room for the widgets above the list, which scroll with it."""
    HEADING = "heading"
    CARD = "card"
    NOTE = "note"
    """Words where there is nothing else."""
    MORE = "more"
    """More of what was found can be had."""


@dataclass(frozen=True, slots=True)
class FindRow:
    """One row.

    Attributes:
        key: with the kind, the same for the same row after every change.
        title: of a heading, a note, or what the row offers to do.
        text: below the title; may be empty.
        offering: what a card shows.
        is_primary: its button stands out; at most one card's does.
    """

    kind: RowKind
    key: str = ""
    title: str = ""
    text: str = ""
    offering: Offering | None = None
    is_primary: bool = False

    @property
    def identity(self) -> tuple[RowKind, str]:
        """What makes it the same row as another."""
        return self.kind, self.key

    @property
    def is_reachable(self) -> bool:
        """Whether the keyboard stops there."""
        return self.kind in {RowKind.CARD, RowKind.MORE}


HEAD = FindRow(RowKind.HEAD)


class FindRowsModel(QAbstractListModel):
    """Rows of which only those that differ change."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FindRow] = [HEAD]
        self._place_by_key: dict[str, int] = {}

    @property
    def rows(self) -> Sequence[FindRow]:
        """All rows from top to bottom; the head is the first."""
        return self._rows

    def row_at(self, index: ModelIndex) -> FindRow | None:
        """Give the row of an index; None outside."""
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, key: str) -> QModelIndex:
        """Give the index of the card of a model; invalid if it is not here."""
        place = self._place_by_key.get(key)
        return QModelIndex() if place is None else self.index(place)

    def show_rows(self, wanted: Sequence[FindRow]) -> None:
        """Show these below the head.

        What is alike at the beginning and at the end stays; the rows between are exchanged.
        """
        rows, now = self._rows, [HEAD, *wanted]
        shortest = min(len(rows), len(now))
        start = 0
        while start < shortest and rows[start].identity == now[start].identity:
            start += 1
        end = 0
        while end < shortest - start and rows[-1 - end].identity == now[-1 - end].identity:
            end += 1
        if len(rows) - end > start:
            self.beginRemoveRows(QModelIndex(), start, len(rows) - end - 1)
            del rows[start : len(rows) - end]
            self._count()
            self.endRemoveRows()
        if len(now) - end > start:
            self.beginInsertRows(QModelIndex(), start, len(now) - end - 1)
            rows[start:start] = now[start : len(now) - end]
            self._count()
            self.endInsertRows()
        self._change(range(start), now)
        self._change(range(len(now) - end, len(now)), now)

    def change_cards(self, changed: Mapping[str, Offering]) -> None:
        """Let some cards show something else; the view draws them anew without laying out."""
        for key, offering in changed.items():
            place = self._place_by_key.get(key)
            if place is not None:
                self._rows[place] = replace(self._rows[place], offering=offering)

    def _change(self, places: range, now: Sequence[FindRow]) -> None:
        for place in places:
            if self._rows[place] != now[place]:
                self._rows[place] = now[place]
                self.dataChanged.emit(self.index(place), self.index(place))

    def _count(self) -> None:
        self._place_by_key = {
            row.key: place for place, row in enumerate(self._rows) if row.kind is RowKind.CARD
        }

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what a row is called, and what is read aloud of it."""
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.offering.candidate.name if row.offering is not None else row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                if row.offering is not None:
                    return spoken_words(row.offering)
                return f"{row.title}. {row.text}" if row.text else row.title
            case _:
                return None

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """The keyboard passes over what is only to be read."""
        row = self.row_at(index)
        if row is None or not row.is_reachable:
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )
