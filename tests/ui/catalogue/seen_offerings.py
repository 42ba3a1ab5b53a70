"""Finding what the user sees in the view of models to be found."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.ui.catalogue.card_text import CardText
from app.ui.catalogue.find_rows import FindRow, RowKind
from app.ui.catalogue.find_view import FindView
from tests.ui.chat.seen import find


def rows(view: FindView) -> list[FindRow]:
    """All rows below the head, top to bottom."""
    return list(view._list.rows.rows[1:])


def headings(view: FindView) -> list[str]:
    return [row.title for row in rows(view) if row.kind is RowKind.HEADING]


def names(view: FindView) -> list[str]:
    """The names of all cards."""
    return [row.offering.candidate.name for row in rows(view) if row.offering is not None]


def row_of(view: FindView, name: str) -> FindRow:
    (found,) = (row for row in rows(view) if row.offering and row.offering.candidate.name == name)
    return found


def text(view: FindView, name: str) -> CardText:
    """What is drawn on a card."""
    return view._list._delegate.text_of(row_of(view, name))


def spoken(view: FindView, name: str) -> str:
    """What a screen reader says of a card."""
    index = view._list.rows.index_of(row_of(view, name).key)
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def place(view: FindView, name: str) -> QRect:
    """The row of a card in the viewport, scrolled to."""
    QApplication.processEvents()
    index = view._list.rows.index_of(row_of(view, name).key)
    view._list.scrollTo(index)
    return view._list.visualRect(index)


def click_card(qtbot: QtBot, view: FindView, name: str, *, on_button: bool = False) -> None:
    rect = place(view, name)
    places = view._list._delegate.places(row_of(view, name), rect, view._list.layoutDirection())
    point = places.button.center() if on_button else places.card.topLeft() + QPoint(9, 9)
    port = view._list.viewport()
    qtbot.mouseMove(port, point)
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=point)
    QApplication.processEvents()


def press(qtbot: QtBot, view: FindView, name: str) -> None:
    qtbot.mouseClick(find(view, QAbstractButton, name), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def type_words(view: FindView, words: str) -> None:
    view._head.field.setText(words)
    QApplication.processEvents()


def judge_all(view: FindView) -> None:
    while view._shelf.is_judging:
        QApplication.processEvents()
    QApplication.processEvents()


def is_open(view: FindView) -> bool:
    """Whether the page of a model is shown."""
    return view._page.panel is not None and view._page.panel.isVisible()
