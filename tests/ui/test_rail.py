"""What the rail says of downloads and of the network."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.download import Download, DownloadState
from app.core.hub_events import DownloadsChanged, NetworkState
from app.core.network import Purpose, Traffic
from app.ui.network_words import purpose_words, result_words, traffic_sentence
from app.ui.theme import Theme
from app.ui.widgets.download_signs import DownloadsButton
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.rail import PageKey, Rail
from tests.ui.downloads.samples import RUNNING, download, spec

QUEUED = download(DownloadState.QUEUED, "two")
TODAY = Traffic(12_000, 2_600_000_000)


@pytest.fixture
def rail(qtbot: QtBot, qapp: QApplication) -> Rail:
    theme = Theme()
    theme.apply(qapp)
    rail = Rail(theme)
    qtbot.addWidget(rail)
    rail.resize(rail.width(), 600)
    rail.select(PageKey.CHAT)
    rail.show_downloads(DownloadsChanged(()))
    rail.show()
    return rail


def show(rail: Rail, *downloads: Download) -> str:
    rail.show_downloads(DownloadsChanged(downloads))
    return rail.findChildren(DownloadsButton)[0].accessibleName()


def banner(rail: QWidget) -> TextButton:
    return next(one for one in rail.findChildren(TextButton) if one.property("kind") == "offline")


def test_downloads_are_told_in_the_rail(rail: Rail) -> None:
    assert show(rail) == "Downloads"
    assert show(rail, RUNNING) == "Downloads: 24 percent"
    assert show(rail, RUNNING, QUEUED) == "Downloads: 12 percent, 1 waiting"
    unknown = replace(RUNNING, spec=spec(size_bytes=0))
    assert show(rail, unknown) == "Downloads: 1 on the way"
    assert show(rail, replace(RUNNING, state=DownloadState.PAUSED)) == "Downloads"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DownloadState.DONE, "Downloads: 1 finished"),
        (DownloadState.FAILED, "Downloads: 1 failed"),
    ],
)
def test_what_has_ended_is_marked_until_the_page_was_looked_at(
    rail: Rail, state: DownloadState, said: str
) -> None:
    show(rail, RUNNING)
    assert show(rail, replace(RUNNING, state=state)) == said
    rail.select(PageKey.DOWNLOADS)
    assert show(rail, replace(RUNNING, state=state)) == "Downloads"
    rail.select(PageKey.CHAT)
    assert show(rail, replace(RUNNING, state=state)) == "Downloads"
    other = replace(QUEUED, state=state)
    assert show(rail, replace(RUNNING, state=state), other) == said


def test_what_had_ended_before_the_start_is_not_marked(qtbot: QtBot, rail: Rail) -> None:
    again = Rail(Theme())
    qtbot.addWidget(again)
    again.select(PageKey.CHAT)
    assert show(again, replace(RUNNING, state=DownloadState.DONE)) == "Downloads"


def test_signs_are_drawn_also_where_there_is_no_text(rail: Rail) -> None:
    for is_collapsed in (False, True):
        rail.set_collapsed(is_collapsed)
        button = rail.findChildren(DownloadsButton)[0]
        show(rail)
        plain = button.grab().toImage()
        show(rail, RUNNING)
        running = button.grab().toImage()
        show(rail, replace(RUNNING, state=DownloadState.FAILED))
        failed = button.grab().toImage()
        assert plain != running
        assert running != failed
        assert button.accessibleName() == "Downloads: 1 failed"
        assert (button.toolTip() == "Downloads: 1 failed") or not is_collapsed
        rail.select(PageKey.DOWNLOADS)
        rail.select(PageKey.CHAT)


def test_the_banner_tells_what_went_over_the_network(rail: Rail, qtbot: QtBot) -> None:
    assert banner(rail).accessibleName() == "Offline: 0 bytes sent today"
    rail.show_network(NetworkState(is_offline=False, today=TODAY))
    assert banner(rail).accessibleName() == "Online: 12 KB sent today, 2.4 GB received"
    rail.set_collapsed(True)
    assert banner(rail).text() == ""
    rail.show_network(NetworkState(is_offline=True, today=TODAY))
    assert banner(rail).text() == ""
    assert "2.4 GB received" in banner(rail).toolTip()
    rail.set_collapsed(False)
    assert banner(rail).accessibleName() == "Offline: 12 KB sent today, 2.4 GB received"
    with qtbot.waitSignal(rail.privacy_requested):
        banner(rail).click()


def test_every_purpose_and_answer_has_words() -> None:
    assert len({purpose_words(purpose) for purpose in Purpose}) == len(Purpose)
    assert result_words(0) == "no answer"
    assert result_words(206) == "answered"
    assert result_words(307) == "passed on"
    assert result_words(404) == "not found (404)"
    assert result_words(503) == "the server has a problem (503)"
    assert result_words(999) == "999"
    sentence = traffic_sentence(NetworkState(is_offline=False, today=TODAY))
    assert sentence == "Today: 12 KB sent, 2.4 GB received."
