"""Finding what the user sees by the name that is read aloud or written on it."""

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QTextEdit, QWidget

W = TypeVar("W", bound=QWidget)


def find(root: QWidget, kind: type[W], name: str) -> W:
    """Give the one visible widget of a kind with an accessible name."""
    found = [one for one in visible(root, kind) if one.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} visible widgets are called {name!r}"
    return found[0]


def find_last(root: QWidget, kind: type[W], name: str) -> W:
    """Give the lowest visible widget of a kind with an accessible name."""
    found = [one for one in visible(root, kind) if one.accessibleName() == name]
    assert found, f"nothing visible is called {name!r}"
    return max(found, key=lambda one: one.mapTo(root, one.rect().topLeft()).y())


def names(root: QWidget, kind: type[QWidget] = QAbstractButton) -> set[str]:
    """Give the accessible names of all visible widgets of a kind."""
    return {one.accessibleName() for one in visible(root, kind)}


def visible(root: QWidget, kind: type[W]) -> Iterable[W]:
    return [one for one in root.findChildren(kind) if one.isVisible()]


def text_of(root: QWidget) -> str:
    """Give all text that is visible somewhere in `root`."""
    texts = [one.text() for one in visible(root, QLabel)]
    texts += [one.toPlainText() for one in visible(root, QTextEdit)]
    texts += [one.toPlainText() for one in visible(root, QPlainTextEdit)]
    return "\n".join(texts)


def message_field(root: QWidget) -> QPlainTextEdit:
    """Give the field in which a message is typed."""
    return find(root, QPlainTextEdit, "Message")
