"""Where the keyboard goes on when the turn that had the focus is no longer there."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.chat.turn_views import TurnView
from app.ui.chat.version_switch import VersionSwitch


@dataclass(frozen=True, slots=True)
class FocusPlace:
    """What has the focus in a turn.

    Attributes:
        n_view: the number of the turn's view, from the top.
        names: what is as good in another turn, the best first, by what is read aloud.
    """

    widget: QWidget
    n_view: int
    names: tuple[str, ...]


def focus_place(views: Sequence[TurnView]) -> FocusPlace | None:
    """Give what has the focus in these views; None if it is elsewhere."""
    focused = QApplication.focusWidget()
    if focused is None:
        return None
    for number, view in enumerate(views):
        if view.isAncestorOf(focused):
            return FocusPlace(focused, number, _names(focused))
    return None


def _names(focused: QWidget) -> tuple[str, ...]:
    """At the last version there is no next one, but the one before is a button away."""
    names = [focused.accessibleName()]
    switch = focused.parentWidget()
    if isinstance(switch, VersionSwitch):
        names += [one.accessibleName() for one in switch.findChildren(QWidget)]
    return tuple(name for name in names if name)


def like(place: FocusPlace, views: Sequence[TurnView]) -> QWidget | None:
    """Find the same in the turn that stands there now, or else in the one above."""
    for view in reversed(views[max(0, place.n_view - 1) : place.n_view + 1]):
        for name in place.names:
            for one in view.findChildren(QWidget):
                if one.accessibleName() == name and _can_have_focus(one):
                    return one
    return None


def _can_have_focus(widget: QWidget) -> bool:
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes_tab and widget.isVisible() and widget.isEnabled()
