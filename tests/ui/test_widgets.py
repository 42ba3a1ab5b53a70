"""The small widgets, used as a person uses them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.chat.footnote import Footnote
from app.ui.icons import icon, pixmap
from app.ui.resources import resources_folder
from app.ui.theme import Appearance, Theme
from app.ui.widgets import announcement, toast
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.quiet_button import QuietButton
from app.ui.widgets.rail import PageKey, Rail
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    told: list[str] = []

    class Listener(QAccessible):
        @staticmethod
        def updateAccessibility(event: QAccessibleEvent) -> None:  # noqa: N802
            if isinstance(event, QAccessibleAnnouncementEvent):
                told.append(event.message())

    monkeypatch.setattr(announcement, "QAccessible", Listener)
    return told


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_scale(1.0)


def button_named(parent: QWidget, name: str) -> QAbstractButton:
    """Find a button by what is read aloud."""
    found = [one for one in parent.findChildren(QAbstractButton) if one.accessibleName() == name]
    assert found, f"no button called {name}"
    return found[0]


@pytest.mark.parametrize(
    "path", sorted(resources_folder().joinpath("icons").glob("*.svg")), ids=lambda path: path.stem
)
def test_every_icon_draws_something(qapp: QApplication, path: object) -> None:
    name = getattr(path, "stem", "")
    image = pixmap(name, "#112233", 24).toImage()
    drawn = {image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)}
    assert max(drawn) > 100


def test_icons_take_the_colour_they_are_given(qapp: QApplication) -> None:
    image = pixmap("square", "#ff0000", 24, 2.0).toImage()
    assert image.width() == 48
    reds = [image.pixelColor(x, 24).red() for x in range(48) if image.pixelColor(x, 24).alpha()]
    assert max(reds) == 255
    assert isinstance(icon("copy", "#000000"), QIcon)


def test_the_rail_leads_to_every_page_by_mouse_and_keyboard(qtbot: QtBot, theme: Theme) -> None:
    rail = Rail(theme)
    qtbot.addWidget(rail)
    rail.resize(248, 700)
    rail.show()
    for key, name in ((PageKey.MODELS, "Models"), (PageKey.SETTINGS, "Settings")):
        with qtbot.waitSignal(rail.page_requested) as caught:
            qtbot.mouseClick(button_named(rail, name), Qt.MouseButton.LeftButton)
        assert caught.args == [key]
    with qtbot.waitSignal(rail.new_chat_requested):
        qtbot.keyClick(button_named(rail, "New chat"), Qt.Key.Key_Space)
    rail.select(PageKey.CHAT)
    assert button_named(rail, "Chat").isChecked()


def test_a_collapsed_rail_keeps_its_names_for_screen_readers(qtbot: QtBot, theme: Theme) -> None:
    rail = Rail(theme)
    qtbot.addWidget(rail)
    with qtbot.waitSignal(rail.collapsed_changed) as caught:
        qtbot.mouseClick(button_named(rail, "Collapse the side bar"), Qt.MouseButton.LeftButton)
    assert caught.args == [True]
    models = button_named(rail, "Models")
    assert models.text() == ""
    assert models.toolTip() == "Models"
    assert rail.width() == 64


def test_a_banner_says_what_was_chosen_and_can_be_closed(qtbot: QtBot, theme: Theme) -> None:
    banner = Banner(theme)
    qtbot.addWidget(banner)
    buttons = (("again", "Try again"), ("models", "All models"))
    banner.say(Tone.BAD, "It failed", "Because.", buttons)
    assert banner.isVisible()
    with qtbot.waitSignal(banner.chosen) as caught:
        qtbot.mouseClick(button_named(banner, "All models"), Qt.MouseButton.LeftButton)
    assert caught.args == ["models"]
    assert not banner.isVisible()
    banner.say(Tone.WARN, "Again", "<b>not bold</b>")
    assert [one.text() for one in banner.findChildren(QLabel) if "bold" in one.text()] == [
        "<b>not bold</b>"
    ]
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(button_named(banner, "Close this message"), Qt.MouseButton.LeftButton)


def test_a_toast_offers_undo(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    host = toast.ToastHost(window, theme)
    host.show_toast("chat-1", "Chat deleted", "Undo")
    assert host.isVisible()
    assert host.geometry().bottom() < 400
    with qtbot.waitSignal(host.action_taken) as caught:
        qtbot.mouseClick(button_named(host, "Undo"), Qt.MouseButton.LeftButton)
    assert caught.args == ["chat-1"]
    assert not host.isVisible()


def test_a_note_to_act_on_is_not_replaced_by_one_to_read(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    host = toast.ToastHost(window, theme)
    host.show_toast("undo", "First deleted", "Undo")
    host.show_toast("news", "Read me")
    host.show_toast("undo", "Second deleted", "Undo")
    with qtbot.waitSignal(host.action_taken) as caught, qtbot.assertNotEmitted(host.expired):
        qtbot.mouseClick(button_named(host, "Undo"), Qt.MouseButton.LeftButton)
    assert caught.args == ["undo"]
    assert host.isVisible()
    assert "Read me" in [one.text() for one in host.findChildren(QLabel)]


def test_a_toast_goes_away_by_itself_or_for_another(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    host = toast.ToastHost(window, theme)
    host._timer.setInterval(30)
    host.show_toast("one", "First")
    host.show_toast("two", "Second")
    with qtbot.waitSignal(host.expired) as caught:
        pass
    assert caught.args == ["two"]
    assert not host.isVisible()


def test_a_badge_changes_its_words_and_tone(qtbot: QtBot, theme: Theme) -> None:
    badge = Badge("Runs well here", Tone.GOOD)
    qtbot.addWidget(badge)
    badge.say("Too big here", Tone.BAD)
    assert (badge.text(), badge.property("tone")) == ("Too big here", "bad")


def test_things_that_do_not_fit_go_on_in_the_next_line(qtbot: QtBot, theme: Theme) -> None:
    row = WrappingRow(theme, gap_px=4)
    qtbot.addWidget(row)
    buttons = [QPushButton("wide enough") for _ in range(6)]
    for button in buttons:
        row.add(button)
    width = buttons[0].sizeHint().width()
    row.resize(width * 2 + 10, 400)
    row.show()
    assert row.heightForWidth(width * 2 + 10) > row.heightForWidth(width * 6 + 40)
    assert len({button.geometry().left() for button in buttons}) == 2
    assert len({button.geometry().top() for button in buttons}) == 3


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.HIGH_CONTRAST])
def test_a_quiet_button_can_be_read_under_the_mouse(
    qtbot: QtBot, theme: Theme, appearance: Appearance
) -> None:
    theme.set_appearance(appearance)
    colour = theme.tokens.accent_soft  # Others test that text can be read on it.
    button = QuietButton(theme, "Details")
    qtbot.addWidget(button)
    button.show()
    button.setDown(True)
    image = button.grab().toImage()
    theme.set_appearance(Appearance.SYSTEM)
    at_the_edge = image.pixelColor(5, image.height() // 2).name()
    assert at_the_edge == colour


def test_a_row_answers_for_a_width_below_zero(qtbot: QtBot, theme: Theme) -> None:
    row = WrappingRow(theme, gap_px=4)
    qtbot.addWidget(row)
    row.add(QLabel("Name"))
    row.add(QLabel("Other"))
    # A layout with margins asks so; what an override raises would end the program.
    assert row.heightForWidth(-1) >= row.heightForWidth(0) > 0


def test_what_changed_in_a_row_that_was_hidden_has_its_place_when_it_is_seen(
    qtbot: QtBot, theme: Theme
) -> None:
    window, page = QWidget(), QWidget()
    qtbot.addWidget(window)
    page.setParent(window)
    wrapping, words, late = WrappingRow(theme, gap_px=4), QLabel("Name"), QPushButton("Late")
    late.hide()
    wrapping.add(words)
    wrapping.add(late)
    title, end = QLabel("Title"), QPushButton("End")
    end.hide()
    two_ends = TwoEndsRow(title, end)
    for top, row in ((0, wrapping), (100, two_ends)):
        row.setParent(page)
        row.setGeometry(0, top, 300, 40)
    page.resize(300, 200)
    window.resize(300, 200)
    window.show()
    QApplication.processEvents()
    page.hide()
    late.show()
    end.show()
    QApplication.processEvents()
    page.show()
    QApplication.processEvents()
    assert late.geometry().left() == words.geometry().right() + 1 + theme.px(4)
    assert late.size() == late.sizeHint()
    assert end.geometry().right() == two_ends.width() - 1


def test_the_far_end_goes_below_where_there_is_no_room(qtbot: QtBot) -> None:
    first, second = QLabel("A title of some words"), QPushButton("Button")
    row = TwoEndsRow(first, second)
    qtbot.addWidget(row)
    row.resize(row.sizeHint().width() + 100, 200)
    row.show()
    assert second.geometry().right() == row.width() - 1
    assert second.geometry().top() < first.geometry().bottom()
    row.resize(row.sizeHint().width() - 10, 200)
    assert second.geometry().left() == 0
    assert second.geometry().top() > first.geometry().bottom()


def test_icon_buttons_grow_with_the_text(qtbot: QtBot, theme: Theme) -> None:
    button = IconButton(theme, "copy", "Copy", "Ctrl+C")
    qtbot.addWidget(button)
    before = button.iconSize().width()
    theme.set_scale(2.0)
    assert button.iconSize().width() == 2 * before
    assert "Copy" in button.toolTip()


def test_what_comes_up_by_itself_is_read_aloud(
    qtbot: QtBot, theme: Theme, heard: list[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    Banner(theme, window).say(Tone.BAD, "It failed", "Because.")
    assert heard.pop() == "It failed. Because."
    Footnote(theme, window).explain_blocked()
    assert heard.pop().startswith("Your message can be sent when")
    toast.ToastHost(window, theme).show_toast("one", "Chat deleted", "Undo")
    assert heard == ["Chat deleted"]
