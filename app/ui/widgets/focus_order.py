"""The order in which Tab goes through a page whose widgets come and go.

Qt goes in the order in which widgets were made. The turns of a chat are made from the newest
to the oldest and while text streams, so that order would be no order at all.
"""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget


def focus_stops(parts: Iterable[QWidget]) -> list[QWidget]:
    """Give what Tab stops at inside `parts`, part by part, each line by line as it is read."""
    stops: list[QWidget] = []
    for part in parts:
        found = [one for one in (part, *part.findChildren(QWidget)) if _takes_tab(one)]
        lines: list[list[QWidget]] = []
        for widget in sorted(found, key=lambda one: _height_in(part, one)):
            if lines and _is_beside(part, lines[-1][0], widget):
                lines[-1].append(widget)
            else:
                lines.append([widget])
        for line in lines:
            stops.extend(sorted(line, key=lambda one: _distance_in(part, one)))
    return stops


def _takes_tab(widget: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
    )


def _height_in(part: QWidget, widget: QWidget) -> int:
    """Give where a widget comes from top to bottom: a text by its top, a button by its middle.

    So a button comes after the text that it stands beside, even if it reaches a little higher.
    """
    top_px = _place_in(part, widget).y()
    return top_px + widget.height() // 2 if isinstance(widget, QAbstractButton) else top_px


def _is_beside(part: QWidget, first: QWidget, second: QWidget) -> bool:
    """Say whether two buttons stand in one line."""
    if not (isinstance(first, QAbstractButton) and isinstance(second, QAbstractButton)):
        return False
    return _height_in(part, second) < _place_in(part, first).y() + first.height()


def _distance_in(part: QWidget, widget: QWidget) -> int:
    """Give how far a widget is from where lines begin."""
    left_px = _place_in(part, widget).x()
    is_mirrored = part.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return -left_px if is_mirrored else left_px


def _place_in(part: QWidget, widget: QWidget) -> QPoint:
    return QPoint(0, 0) if widget is part else widget.mapTo(part, QPoint(0, 0))


def move_focus(page: QWidget, stops: Sequence[QWidget], *, forward: bool) -> QWidget | None:
    """Give the focus to the next stop; at the end of the page to what comes after it.

    Returns:
        The widget that has the focus now; None if nothing else can have it.
    """
    focused = QApplication.focusWidget()
    step = 1 if forward else -1
    places = [place for place, stop in enumerate(stops) if stop is focused]
    place = places[0] + step if places else (0 if forward else len(stops) - 1)
    if 0 <= place < len(stops):
        target: QWidget | None = stops[place]
    else:
        target = _outside(page, stops, forward=forward)
    if target is not None:
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
    return target


def scroll_to(target: QWidget, page: QWidget) -> None:
    """Scroll whatever of `page` has to be scrolled so that `target` can be seen."""
    above = target.parentWidget()
    while above is not None and above is not page:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target)
        above = above.parentWidget()


def _outside(page: QWidget, stops: Sequence[QWidget], *, forward: bool) -> QWidget | None:
    """Find what follows the page in the window; without that, begin again in the page."""
    widget = page
    for _ in range(len(page.window().findChildren(QWidget)) + 1):
        following = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
        if following is None or following is page:
            break
        widget = following
        if _takes_tab(widget) and not page.isAncestorOf(widget):
            return widget
    if not stops:
        return None
    return stops[0] if forward else stops[-1]
