"""The bar of memory, by its pixels and by what is told of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.ui.theme import Appearance, Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import BarPicture, Fill, FitBar, color_of
from app.ui.widgets.memory_legend import LegendRow, MemoryLegend

WIDTH = 200
GB = 1_000_000_000
PARTS = ((Fill.WEIGHTS, 4 * GB), (Fill.CONVERSATION, 2 * GB))
"""Of ten: forty and twenty percent."""


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_appearance(Appearance.LIGHT)


def drawn(qtbot: QtBot, theme: Theme, picture: BarPicture, *, rtl: bool = False) -> QImage:
    bar = FitBar(theme, 14)
    qtbot.addWidget(bar)
    if rtl:
        bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bar.resize(WIDTH, bar.sizeHint().height())
    bar.show_picture(picture, "words")
    bar.show()
    return bar.grab().toImage()


def color_at(image: QImage, percent: float) -> str:
    return image.pixelColor(round(image.width() * percent / 100), image.height() // 2).name()


def colors_between(image: QImage, start: float, end: float) -> set[str]:
    steps = range(round(start * 10), round(end * 10))
    return {color_at(image, step / 10) for step in steps}


@pytest.mark.parametrize("appearance", Appearance)
def test_parts_stand_side_by_side_to_scale(
    qtbot: QtBot, theme: Theme, appearance: Appearance
) -> None:
    theme.set_appearance(appearance)
    image = drawn(qtbot, theme, BarPicture(PARTS, 10 * GB, 8 * GB, 10 * GB))
    tokens = theme.tokens
    assert color_at(image, 20) == color_of(Fill.WEIGHTS, Tone.GOOD, tokens).name()
    assert color_at(image, 50) == color_of(Fill.CONVERSATION, Tone.GOOD, tokens).name()
    assert color_at(image, 70) == color_of(Fill.FREE, Tone.GOOD, tokens).name()
    assert color_at(image, 90) == color_of(Fill.OTHERS, Tone.GOOD, tokens).name()
    assert color_at(image, 39.5) == QColor(tokens.card).name()


def test_it_is_mirrored_where_lines_begin_at_the_right(qtbot: QtBot, theme: Theme) -> None:
    image = drawn(qtbot, theme, BarPicture(PARTS, 10 * GB, 8 * GB, 10 * GB), rtl=True)
    assert color_at(image, 80) == color_of(Fill.WEIGHTS, Tone.GOOD, theme.tokens).name()
    assert color_at(image, 10) == color_of(Fill.OTHERS, Tone.GOOD, theme.tokens).name()


@pytest.mark.parametrize("tone", [Tone.GOOD, Tone.WARN, Tone.BAD])
def test_the_colour_is_that_of_the_verdict(qtbot: QtBot, theme: Theme, tone: Tone) -> None:
    image = drawn(qtbot, theme, BarPicture(PARTS, 10 * GB, 10 * GB, 10 * GB, tone))
    tokens = theme.tokens
    wanted = {Tone.GOOD: tokens.accent, Tone.WARN: tokens.warn, Tone.BAD: tokens.bad}
    assert color_at(image, 20) == wanted[tone]


def test_room_that_is_not_there_is_striped_and_its_end_is_marked(
    qtbot: QtBot, theme: Theme
) -> None:
    too_long = ((Fill.WEIGHTS, 12 * GB),)
    image = drawn(qtbot, theme, BarPicture(too_long, 10 * GB, 6 * GB, 12 * GB, Tone.BAD))
    whole = QColor(theme.tokens.bad).name()
    assert colors_between(image, 10, 48) == {whole}
    beyond = {QColor(name).lightness() for name in colors_between(image, 52, 80)}
    assert max(beyond) - min(beyond) > 60
    mark = image.pixelColor(round(WIDTH * 10 / 12), 1)
    assert mark == QColor(theme.tokens.text)


def test_what_fits_has_no_stripes_and_no_mark(qtbot: QtBot, theme: Theme) -> None:
    image = drawn(qtbot, theme, BarPicture(PARTS, 10 * GB, 10 * GB, 12 * GB))
    assert colors_between(image, 5, 30) == {QColor(theme.tokens.accent).name()}
    assert image.pixelColor(round(WIDTH * 10 / 12), 1) != QColor(theme.tokens.text)
    # One scale for all: where it ends here, nothing is drawn up to the end of the longest.
    assert color_at(image, 95) not in {theme.tokens.track, theme.tokens.accent}


def test_little_parts_can_be_seen_and_nothing_draws_nothing(qtbot: QtBot, theme: Theme) -> None:
    tiny = ((Fill.WEIGHTS, 1000),)
    image = drawn(qtbot, theme, BarPicture(tiny, 10 * GB, 10 * GB, 10 * GB))
    assert image.pixelColor(0, image.height() // 2) != image.pixelColor(8, image.height() // 2)
    drawn(qtbot, theme, BarPicture((), 0, 0, 1))
    drawn(qtbot, theme, BarPicture(((Fill.WEIGHTS, 10**18),), 0, 0, 1))


def test_it_tells_what_it_shows_and_grows_with_the_text(qtbot: QtBot, theme: Theme) -> None:
    bar = FitBar(theme)
    qtbot.addWidget(bar)
    bar.show_picture(BarPicture(PARTS, 10, 10, 10), "needs 6 of 10 GB")
    assert bar.accessibleDescription() == bar.toolTip() == "needs 6 of 10 GB"
    before = bar.sizeHint().height()
    theme.set_scale(2.0)
    assert bar.sizeHint().height() == 2 * before
    theme.set_scale(1.0)


def test_a_legend_has_a_line_for_each_part_and_the_sum(qtbot: QtBot, theme: Theme) -> None:
    legend = MemoryLegend(theme)
    qtbot.addWidget(legend)
    rows = [LegendRow(Fill.WEIGHTS, "Model", "2.5 GB"), LegendRow(Fill.FREE, "Free", "1.0 GB")]
    legend.show_rows(rows, Tone.GOOD, ("In all", "3.5 GB"))
    legend.show()
    words = [one.text() for one in legend.findChildren(QLabel) if one.isVisible()]
    assert words.count("Model") == words.count("Free") == words.count("In all") == 1
    legend.show_rows(rows[:1], Tone.GOOD, ("", ""))
    words = [one.text() for one in legend.findChildren(QLabel) if one.isVisible()]
    assert "Free" not in words
    assert "In all" not in words
