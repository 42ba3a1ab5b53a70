"""The whole window at its smallest, at its first size, and at twice the text size."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.settings import DEFAULTS, SettingKey
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.labels import ElidedLabel
from app.ui.widgets.rail import COLLAPSED_PX, WIDTH_PX, PageKey
from app.ui.window_place import SMALLEST_SIZE, START_SIZE
from tests.ui import window_gallery
from tests.ui.chat.seen import find, message_field, visible

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit)
SMALLEST_SIZE_PX = (SMALLEST_SIZE.width(), SMALLEST_SIZE.height())
START_SIZE_PX = (START_SIZE.width(), START_SIZE.height())
SIZES = (SMALLEST_SIZE_PX, START_SIZE_PX)
Scene = Callable[[MainWindow], None]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_scale(1.0)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Iterator[MainWindow]:
    window = window_gallery.filled(theme)
    window.resize(*SMALLEST_SIZE_PX)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield window
    window.close()
    window.deleteLater()
    # At once: a style sheet of another scale would dress all the windows left.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show_at(window: MainWindow, size: tuple[int, int], percent: int) -> None:
    values = {**DEFAULTS, SettingKey.TEXT_SCALE_PERCENT: percent}
    window.apply_settings(events.SettingsChanged(values))
    window.resize(*size)
    QApplication.processEvents()


def everything_open(window: MainWindow) -> None:
    """All settings, with those behind Advanced."""
    window_gallery.page(PageKey.SETTINGS)(window)
    for one in visible(window.settings_page, QAbstractButton):
        if one.accessibleName() == "Advanced":
            one.click()


SCENES: tuple[Scene, ...] = (*window_gallery.SCENES, everything_open)


def named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


def place_in(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def scrolls_in(widget: QWidget, root: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and above is not root:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def shown_page(window: MainWindow) -> QWidget:
    page = window._stack.currentWidget()
    assert page is not None
    return page


def outside(part: QWidget) -> list[str]:
    """Name the controls that cannot be reached: scrolling goes up and down only."""
    found = []
    for kind in CONTROLS:
        for control in visible(part, kind):
            place = place_in(control, part)
            is_beside = place.left() < 0 or place.right() >= part.width()
            is_below = place.top() < 0 or place.bottom() >= part.height()
            if is_beside or (is_below and not scrolls_in(control, part)):
                found.append(f"{named(control)} at {place} in {part.size()}")
    return found


def beside(part: QWidget) -> list[str]:
    """Name what reaches out of the area it scrolls in at the side, where nobody can scroll to."""
    found = []
    for area in visible(part, QScrollArea):
        port, inside = area.viewport(), area.widget()
        if inside is None:
            continue
        for kind in (QLabel, *CONTROLS):
            for one in visible(inside, kind):
                place = place_in(one, port)
                if place.left() < 0 or place.right() >= port.width():
                    found.append(f"{named(one)} at {place} in {port.size()}")
    return found


def cut(part: QWidget) -> list[str]:
    """Name the texts of which a part is missing."""
    found = []
    for one in visible(part, QLabel):
        if isinstance(one, ElidedLabel) or not one.text():
            continue
        needed = one.heightForWidth(one.width()) if one.wordWrap() else one.sizeHint().height()
        is_narrow = not one.wordWrap() and one.width() < one.sizeHint().width()
        if is_narrow or one.height() < needed:
            found.append(f"{named(one)} of {one.sizeHint()} in {one.size()}")
    for button in visible(part, QAbstractButton):
        is_wrapped = button.hasHeightForWidth()
        hint = button.minimumSizeHint() if is_wrapped else button.sizeHint()
        if button.text() and button.width() < hint.width():
            found.append(f"{named(button)} of {hint} in {button.size()}")
    return found


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_nothing_lies_outside_its_page_and_no_text_is_cut(
    window: MainWindow, qtbot: QtBot, percent: int, scene: Scene
) -> None:
    def all_is_in_place() -> None:
        parts = (window, window.rail, shown_page(window))
        least = window.minimumSizeHint()
        assert least.width() <= SMALLEST_SIZE_PX[0]
        assert least.height() <= SMALLEST_SIZE_PX[1]
        for part in parts:
            assert outside(part) == []
            assert beside(part) == []
            assert cut(part) == []

    # One window for all sizes: to make and to dress it takes longer than to look at it.
    for size in SIZES:
        show_at(window, size, percent)
        scene(window)
        # Layouts within layouts take a few rounds.
        qtbot.waitUntil(all_is_in_place, timeout=2000)


@pytest.mark.parametrize("percent", [100, 200])
def test_a_long_message_leaves_room_for_the_chat(window: MainWindow, percent: int) -> None:
    show_at(window, SMALLEST_SIZE_PX, percent)
    window_gallery.banner(window)
    field = message_field(window)
    field.setPlainText("\n".join(f"line {number}" for number in range(30)))
    QApplication.processEvents()
    assert window.minimumSizeHint().height() <= SMALLEST_SIZE_PX[1]
    assert window.chat_page._chat.height() >= window.fontMetrics().height()
    assert field.viewport().rect().contains(field.cursorRect().center())


# --- the rail ---


def rail_px(window: MainWindow) -> int:
    return window.rail.width()


def test_the_rail_collapses_while_there_is_no_room_and_the_setting_stays(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(window.setting_requested):
        show_at(window, START_SIZE_PX, 100)
        assert rail_px(window) == WIDTH_PX
        show_at(window, SMALLEST_SIZE_PX, 100)
        assert rail_px(window) == COLLAPSED_PX
        assert not window.chat_list.isVisible()
        show_at(window, START_SIZE_PX, 200)
        assert rail_px(window) == 2 * COLLAPSED_PX
        show_at(window, START_SIZE_PX, 100)
        assert rail_px(window) == WIDTH_PX
        assert window.chat_list.isVisible()


def test_in_a_narrow_window_the_rail_opens_over_the_page_and_esc_uncovers_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    window_gallery.turns(window)
    page_px = window.chat_page.width()
    with qtbot.assertNotEmitted(window.setting_requested):
        opener = find(window.rail, QAbstractButton, "Open the side bar")
        qtbot.mouseClick(opener, Qt.MouseButton.LeftButton)
        assert rail_px(window) == WIDTH_PX
        assert window.chat_list.isVisible()
        assert window.chat_page.width() == page_px
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert rail_px(window) == COLLAPSED_PX


def test_whoever_goes_on_in_the_page_has_it_uncovered(window: MainWindow, qtbot: QtBot) -> None:
    opener = find(window.rail, QAbstractButton, "Open the side bar")
    opener.click()
    under = window.childAt(window.width() - 20, window.height() // 2)
    qtbot.mouseClick(under, Qt.MouseButton.LeftButton)
    assert rail_px(window) == COLLAPSED_PX
    opener.click()
    qtbot.mouseClick(find(window.rail, QAbstractButton, "Documents"), Qt.MouseButton.LeftButton)
    assert window.documents_page.isVisible()
    assert rail_px(window) == COLLAPSED_PX
    opener.click()
    message_field_of_chat(window).setFocus()
    assert rail_px(window) == COLLAPSED_PX


def message_field_of_chat(window: MainWindow) -> QPlainTextEdit:
    window.show_page(PageKey.CHAT)
    return message_field(window)


def test_the_search_is_in_sight_in_the_lowest_window_at_twice_the_size(
    window: MainWindow, qtbot: QtBot
) -> None:
    show_at(window, SMALLEST_SIZE_PX, 200)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = find(window, QLineEdit, "Search chats")
    assert field.hasFocus()
    assert field.visibleRegion().boundingRect().size() == field.size()


# --- the note at the bottom ---


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_undo_can_be_read_and_pressed(
    window: MainWindow, size: tuple[int, int], percent: int
) -> None:
    show_at(window, size, percent)
    window.offer_undo(events.Deleted("other", None, "A title of many words " * 4))
    QApplication.processEvents()
    toast = window._toasts
    assert window.rect().contains(toast.geometry())
    assert outside(toast) == []
    assert cut(toast) == []
