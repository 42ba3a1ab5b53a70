"""What the user sees of the Documents page."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QTableView, QWidget

W = TypeVar("W", bound=QWidget)


def visible(part: QWidget, kind: type[W]) -> list[W]:
    return [one for one in part.findChildren(kind) if one.isVisibleTo(part)]


def texts(part: QWidget) -> str:
    shown = "\n".join(one.text() for one in visible(part, QLabel))
    return shown.replace("\u200b", "")


def button(part: QWidget, name: str) -> QAbstractButton:
    found = [one for one in visible(part, QAbstractButton) if one.accessibleName() == name]
    assert found, f"no button called {name} among {sorted(names(part))}"
    return found[0]


def names(part: QWidget) -> set[str]:
    return {one.accessibleName() for one in visible(part, QAbstractButton)}


def field(part: QWidget, name: str) -> QLineEdit:
    return next(one for one in visible(part, QLineEdit) if one.accessibleName() == name)


def table(part: QWidget) -> QTableView:
    return visible(part, QTableView)[0]


def rows(part: QWidget) -> list[list[str]]:
    """Give what stands in the table, row by row."""
    model = table(part).model()
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def choose_in_menu(part: QWidget, words: str) -> None:
    """Choose an entry of a menu that a button of `part` has."""
    for menu in part.findChildren(QMenu):
        for action in menu.actions():
            if action.text() == words:
                action.trigger()
                return
    raise AssertionError(f"no menu offers {words}")


LEFT = Qt.MouseButton.LeftButton
