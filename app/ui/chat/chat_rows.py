"""The rows of the chat list as an item model: headings by date, and chats below them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from app.core.conversation import AgeGroup, Conversation, group_by_age
from app.core.events import RenameRequest, SearchHit
from app.worker.signal_types import signal_of

ModelIndex = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """What a row is."""

    HEADING = "heading"
    CHAT = "chat"
    HIT = "hit"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        key: the same for the same heading or conversation after every change.
        snippet: of a hit: text with the matches between U+2068 and U+2069.
        turn_id: of a hit: the turn that matches; empty if the title does.
    """

    kind: RowKind
    key: str
    title: str
    snippet: str = ""
    turn_id: str = ""

    @property
    def identity(self) -> tuple[RowKind, str]:
        """What makes it the same row as another."""
        return self.kind, self.key


ROW_ROLE = Qt.ItemDataRole.UserRole + 1


def chat_rows(conversations: Sequence[Conversation], now: datetime) -> tuple[Row, ...]:
    """Give the rows for all conversations: newest first, a heading above each age."""
    rows: list[Row] = []
    for group, members in group_by_age(conversations, now):
        rows.append(Row(RowKind.HEADING, group.value, _heading(group)))
        rows.extend(
            Row(RowKind.CHAT, one.conversation_id, one.title or untitled()) for one in members
        )
    return tuple(rows)


def hit_rows(hits: Sequence[SearchHit]) -> tuple[Row, ...]:
    """Give the rows for what a search found, best first."""
    return tuple(
        Row(RowKind.HIT, hit.conversation_id, hit.title or untitled(), hit.snippet, hit.turn_id)
        for hit in hits
    )


def untitled() -> str:
    """Give the name of a chat whose first message has no words for a title."""
    return QCoreApplication.translate("ChatRows", "Untitled chat")


def _heading(group: AgeGroup) -> str:
    match group:
        case AgeGroup.TODAY:
            return QCoreApplication.translate("ChatRows", "Today")
        case AgeGroup.YESTERDAY:
            return QCoreApplication.translate("ChatRows", "Yesterday")
        case AgeGroup.LAST_WEEK:
            return QCoreApplication.translate("ChatRows", "Previous 7 days")
        case AgeGroup.LAST_MONTH:
            return QCoreApplication.translate("ChatRows", "Previous 30 days")
        case AgeGroup.OLDER:
            return QCoreApplication.translate("ChatRows", "Older")


class ChatRowsModel(QAbstractListModel):
    """Rows that change in place: the selection and an open editor survive every change.

    Signals:
        renamed: the user has given a conversation another title.
    """

    renamed = signal_of(RenameRequest)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows from top to bottom."""
        return tuple(self._rows)

    def row_at(self, index: ModelIndex) -> Row | None:
        """Give the row of an index; None outside."""
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, conversation_id: str | None) -> QModelIndex:
        """Give the index of a conversation; invalid if it is not here."""
        for number, row in enumerate(self._rows):
            if row.kind is not RowKind.HEADING and row.key == conversation_id:
                return self.index(number)
        return QModelIndex()

    def show_rows(self, wanted: Sequence[Row]) -> None:
        """Become `wanted` by removing, moving, inserting and changing rows."""
        self._remove_all_but({row.identity for row in wanted})
        present = {row.identity for row in self._rows}
        number = 0
        while number < len(wanted):
            row = wanted[number]
            if row.identity in present:
                self._bring_up(row, number)
                number += 1
                continue
            end = number
            while end < len(wanted) and wanted[end].identity not in present:
                end += 1
            self.beginInsertRows(QModelIndex(), number, end - 1)
            self._rows[number:number] = wanted[number:end]
            self.endInsertRows()
            number = end

    def _remove_all_but(self, kept: set[tuple[RowKind, str]]) -> None:
        end = len(self._rows)
        while end > 0:
            if self._rows[end - 1].identity in kept:
                end -= 1
                continue
            start = end - 1
            while start > 0 and self._rows[start - 1].identity not in kept:
                start -= 1
            self.beginRemoveRows(QModelIndex(), start, end - 1)
            del self._rows[start:end]
            self.endRemoveRows()
            end = start

    def _bring_up(self, row: Row, number: int) -> None:
        """Bring a row that is here already up to its place, and change what it shows."""
        found = number
        while self._rows[found].identity != row.identity:
            found += 1
        if found != number:
            self.beginMoveRows(QModelIndex(), found, found, QModelIndex(), number)
            self._rows.insert(number, self._rows.pop(found))
            self.endMoveRows()
        if self._rows[number] != row:
            self._rows[number] = row
            self.dataChanged.emit(self.index(number), self.index(number))

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what a row shows, and the row itself for `ROW_ROLE`."""
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole if row.kind is not RowKind.HEADING:
                return row.title
            case _:
                return row if role == ROW_ROLE else None

    def setData(
        self, index: ModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take a title typed by the user; it is stored by whoever hears `renamed`."""
        row = self.row_at(index)
        title = " ".join(str(value).split())
        if row is None or role != Qt.ItemDataRole.EditRole or title in {"", row.title}:
            return False
        self._rows[index.row()] = replace(row, title=title)
        self.dataChanged.emit(index, index)
        self.renamed.emit(RenameRequest(row.key, title))
        return True

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """Headings can be neither chosen nor edited; the keyboard passes over them."""
        row = self.row_at(index)
        if row is None or row.kind is RowKind.HEADING:
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )
