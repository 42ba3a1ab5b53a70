"""The page of downloads, driven by what the user sees."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from app.core.download import Download, DownloadState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import LoadRequest
from app.core.hub_events import DownloadCommand, DownloadRefused, DownloadsChanged, DownloadVerb
from app.ui.downloads import page as page_module
from app.ui.downloads.download_card import DownloadCard
from app.ui.downloads.page import DownloadsPage
from app.ui.message import Action, ActionRequest
from app.ui.theme import Theme
from app.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.downloads.samples import EVERY_STATE, GB, PLACES, RUNNING, download, spec

FRAME_S = 0.016


def show(page: DownloadsPage, *downloads: Download) -> None:
    page.show_downloads(DownloadsChanged(downloads))
    QApplication.processEvents()


def texts(part: QWidget) -> str:
    shown = [one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part)]
    return "\n".join(shown).replace("\u200b", "")


def cards(page: DownloadsPage) -> list[DownloadCard]:
    shown = [one for one in page.findChildren(DownloadCard) if one.isVisibleTo(page)]
    return sorted(shown, key=lambda one: one.y())


def button(part: QWidget, name: str) -> QAbstractButton:
    found = [
        one
        for one in part.findChildren(QAbstractButton)
        if one.accessibleName() == name and one.isVisibleTo(part)
    ]
    assert found, f"no button called {name}"
    return found[0]


def names(part: QWidget) -> set[str]:
    return {
        one.accessibleName() for one in part.findChildren(QAbstractButton) if one.isVisibleTo(part)
    }


def test_an_empty_page_leads_to_models(page: DownloadsPage, qtbot: QtBot) -> None:
    assert "No downloads" in texts(page)
    with qtbot.waitSignal(page.find_requested):
        button(page, "Find a model").click()
    show(page, RUNNING)
    assert "No downloads" not in texts(page)
    show(page)
    assert "No downloads" in texts(page)


def test_what_has_failed_is_not_counted_as_on_its_way(page: DownloadsPage) -> None:
    failed = download(DownloadState.FAILED, "two", done_bytes=GB)
    show(page, RUNNING, failed)
    assert "2 downloads" not in texts(page)
    assert "Pause all" not in names(page)
    show(page, RUNNING, failed, replace(RUNNING, download_id="three"))
    assert "2 downloads" in texts(page)


def test_offline_a_download_does_not_promise_to_go_on_by_itself(page: DownloadsPage) -> None:
    failure = Failure(ErrorCode.OFFLINE)
    show(page, replace(RUNNING, state=DownloadState.WAITING, failure=failure))
    assert "goes on by itself" not in texts(page)
    assert "goes on when the internet may be used" in texts(page)


def test_who_wanted_to_download_is_not_sent_to_another_file(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    failure = Failure(ErrorCode.MODEL_TRUNCATED, Facts("x.gguf"))
    show(page, replace(RUNNING, state=DownloadState.FAILED, failure=failure))
    with qtbot.waitSignal(page.action_requested) as asked:
        button(page, "Choose another model").click()
    assert [one.action for one in asked.args or []] == [Action.SHOW_MODELS]


def test_a_card_says_what_how_far_and_from_where(page: DownloadsPage) -> None:
    show(page, RUNNING)
    (card,) = cards(page)
    assert "Qwen3 4B Instruct" in texts(card)
    assert "unsloth/Qwen3-4B-Instruct-2507-GGUF · Q4_K_M · close to full quality" in texts(card)
    assert "1.2 of 5.0 GB · 3.4 MB/s · about 18 minutes left" in texts(card)
    assert card.accessibleName() == "Qwen3 4B Instruct. Downloading. 24 percent"
    bar = card.findChildren(QProgressBar)[0]
    assert (bar.value(), bar.accessibleName()) == (240, "How much has arrived")


@pytest.mark.parametrize(
    ("state", "name", "verb"),
    [
        (DownloadState.DOWNLOADING, "Pause", DownloadVerb.PAUSE),
        (DownloadState.QUEUED, "Pause", DownloadVerb.PAUSE),
        (DownloadState.WAITING, "Pause", DownloadVerb.PAUSE),
        (DownloadState.PAUSED, "Resume", DownloadVerb.RESUME),
        (DownloadState.FAILED, "Try again", DownloadVerb.RETRY),
    ],
)
def test_the_large_button_does_what_the_state_calls_for(
    page: DownloadsPage, qtbot: QtBot, state: DownloadState, name: str, verb: DownloadVerb
) -> None:
    show(page, replace(RUNNING, state=state))
    with qtbot.waitSignal(page.command_requested) as asked:
        button(page, name).click()
    assert asked.args == [DownloadCommand(verb, "one")]


def test_what_has_arrived_can_be_used_shown_and_taken_off(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    show(page, EVERY_STATE[-1])
    path = Path("/models/ministral.gguf")
    with qtbot.waitSignal(page.load_requested) as asked:
        button(page, "Use this model").click()
    assert asked.args == [LoadRequest(path)]
    with qtbot.waitSignal(page.show_in_folder_requested) as asked:
        button(page, "Show Ministral 3 8B in its folder").click()
    assert asked.args == [LoadRequest(path)]
    with qtbot.waitSignal(page.command_requested) as commanded:
        button(page, "Take Ministral 3 8B off the list").click()
    assert commanded.args == [DownloadCommand(DownloadVerb.DISMISS, "eight")]
    embedding = replace(EVERY_STATE[-1], spec=spec("Embedder", is_embedding=True))
    show(page, embedding)
    assert "Use this model" not in names(page)


def test_cancelling_asks_before_what_has_arrived_is_deleted(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    show(page, RUNNING)
    with qtbot.assertNotEmitted(page.command_requested):
        button(page, "Cancel Qwen3 4B Instruct").click()
        dialog = page.findChildren(ConfirmDialog)[0]
        assert "1.2 GB of it have arrived" in texts(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible(), "Enter takes the harmless answer"
    button(page, "Cancel Qwen3 4B Instruct").click()
    dialog = next(one for one in page.findChildren(ConfirmDialog) if one.isVisible())
    with qtbot.waitSignal(page.command_requested) as asked:
        button(dialog, "Cancel and delete").click()
    assert asked.args == [DownloadCommand(DownloadVerb.CANCEL, "one")]


def test_cancelling_what_has_hardly_begun_asks_nothing(page: DownloadsPage, qtbot: QtBot) -> None:
    show(page, replace(RUNNING, done_bytes=1000))
    with qtbot.waitSignal(page.command_requested):
        button(page, "Cancel Qwen3 4B Instruct").click()


@pytest.mark.parametrize("ending", ["arrived", "gone"])
def test_a_question_whose_download_has_ended_is_withdrawn(
    page: DownloadsPage, qtbot: QtBot, ending: str
) -> None:
    show(page, RUNNING)
    button(page, "Cancel Qwen3 4B Instruct").click()
    dialog = page.findChildren(ConfirmDialog)[0]
    with qtbot.assertNotEmitted(page.command_requested):
        if ending == "arrived":
            show(page, replace(RUNNING, state=DownloadState.DONE))
        else:
            show(page)
    assert not dialog.isVisible()


def test_the_order_can_be_changed_and_the_keyboard_stays(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    first, second = RUNNING, download(DownloadState.QUEUED, "two", spec("Gemma"))
    show(page, first, second)
    assert not button(page, "Download Qwen3 4B Instruct earlier").isEnabled()
    up = button(page, "Download Gemma earlier")
    up.setFocus()
    with qtbot.waitSignal(page.command_requested) as asked:
        QTest.keyClick(up, Qt.Key.Key_Space)
    assert asked.args == [DownloadCommand(DownloadVerb.UP, "two")]
    show(page, second, first)
    assert [one.download.download_id for one in cards(page)] == ["two", "one"]
    assert QApplication.focusWidget() is button(page, "Download Gemma later")


def test_tab_goes_through_cards_as_they_are_read(page: DownloadsPage) -> None:
    second = download(DownloadState.QUEUED, "two", spec("Gemma"))
    show(page, RUNNING, second)
    show(page, second, RUNNING)
    button(page, "Pause all").setFocus()
    reached = []
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName())
    assert reached == [
        "Pause",
        "Download Gemma later",
        "Cancel Gemma",
        "Pause",
        "Download Qwen3 4B Instruct earlier",
        "Cancel Qwen3 4B Instruct",
    ]


def test_the_keyboard_goes_on_beside_a_card_that_is_gone(page: DownloadsPage) -> None:
    show(page, RUNNING, download(DownloadState.QUEUED, "two", spec("Gemma")))
    cards(page)[0].main_button.setFocus()
    show(page, download(DownloadState.QUEUED, "two", spec("Gemma")))
    assert QApplication.focusWidget() is cards(page)[0].main_button
    show(page)
    assert QApplication.focusWidget() is button(page, "Find a model")


def test_all_can_be_paused_and_resumed(page: DownloadsPage, qtbot: QtBot) -> None:
    show(page, RUNNING)
    assert "Pause all" not in names(page), "one has a button of its own"
    show(page, RUNNING, download(DownloadState.PAUSED, "two"))
    with qtbot.waitSignal(page.command_requested) as asked:
        button(page, "Pause all").click()
    assert asked.args == [DownloadCommand(DownloadVerb.PAUSE_ALL)]
    with qtbot.waitSignal(page.command_requested) as asked:
        button(page, "Resume all").click()
    assert asked.args == [DownloadCommand(DownloadVerb.RESUME_ALL)]


def test_a_failure_says_what_to_do_and_offers_it(page: DownloadsPage, qtbot: QtBot) -> None:
    show(page, EVERY_STATE[6])
    assert "The publisher wants to be asked" in texts(page)
    with qtbot.waitSignal(page.action_requested) as asked:
        button(page, "Open the model's page").click()
    repo_id = "unsloth/Qwen3-4B-Instruct-2507-GGUF"
    assert asked.args == [ActionRequest(Action.OPEN_MODEL_PAGE, repo_id)]


def test_what_waits_can_be_tried_at_once(page: DownloadsPage, qtbot: QtBot) -> None:
    show(page, EVERY_STATE[2])
    assert "No connection" in texts(page)
    with qtbot.waitSignal(page.command_requested) as asked:
        button(page, "Try again").click()
    assert asked.args == [DownloadCommand(DownloadVerb.RETRY, "three")]
    show(page, replace(EVERY_STATE[2], state=DownloadState.DOWNLOADING, bytes_per_s=5.0))
    assert "No connection" not in texts(page), "it is over"


def test_a_refused_download_says_why_and_can_be_tried_again(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    facts = Facts(path="/models", needed_bytes=3 * GB, available_bytes=GB)
    failure = Failure(ErrorCode.DISK_TOO_SMALL, facts)
    page.show_refused(DownloadRefused(RUNNING.spec, failure))
    assert "Qwen3 4B Instruct: Not enough room on the disk" in texts(page)
    with qtbot.waitSignal(page.action_requested) as asked:
        button(page, "Choose another folder").click()
    assert asked.args == [ActionRequest(Action.DOWNLOAD_SETTINGS, RUNNING.spec.repo_id, "/models")]
    page.show_refused(DownloadRefused(RUNNING.spec, Failure(ErrorCode.NO_CONNECTION, Facts())))
    with qtbot.waitSignal(page.start_requested) as started:
        button(page, "Try again").click()
    assert started.args == [RUNNING.spec]
    assert "No downloads" in texts(page)


def test_the_page_says_where_models_go_and_whether_there_is_room(
    page: DownloadsPage, qtbot: QtBot
) -> None:
    show(page, RUNNING)
    page.show_places(PLACES)
    assert "In /home/ada/.local/share/quillhouse/models: 12.0 GB taken, 84.0 GB free." in texts(
        page
    )
    assert "more room" not in texts(page)
    page.show_places(replace(PLACES, free_bytes=GB))
    assert "2.8 GB more room is needed for all of these" in texts(page)
    with qtbot.waitSignal(page.settings_requested):
        button(page, "Choose another folder").click()


def test_what_has_ended_is_read_aloud_once(
    page: DownloadsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def hear(_source: QWidget, text: str) -> None:
        said.append(text)

    monkeypatch.setattr(page_module, "announce", hear)
    show(page, RUNNING, EVERY_STATE[6])
    assert said == [], "what ended before the start is no news"
    show(page, replace(RUNNING, state=DownloadState.DONE), EVERY_STATE[6])
    show(page, replace(RUNNING, state=DownloadState.DONE), EVERY_STATE[6])
    assert said == ["Qwen3 4B Instruct. Ready to use"]


def test_finished_ones_stand_below_the_others(page: DownloadsPage) -> None:
    done = replace(EVERY_STATE[-1], note="")
    show(page, done, RUNNING)
    assert [one.download.download_id for one in cards(page)] == ["one", "eight"]
    assert "Finished" in texts(page)
    show(page, RUNNING)
    assert "Finished" not in texts(page)


def test_nothing_moves_while_numbers_change(page: DownloadsPage) -> None:
    show(page, *EVERY_STATE)
    widgets = cards(page)
    places = [card.geometry() for card in widgets]
    for step in range(20):
        more = replace(
            RUNNING,
            done_bytes=RUNNING.done_bytes + step * (1 << 27),
            bytes_per_s=(step + 1) * 1e6,
            seconds_left=step * 90.0,
        )
        show(page, more, *EVERY_STATE[1:])
        assert cards(page) == widgets
        assert [card.geometry() for card in widgets] == places


def test_twenty_downloads_are_updated_within_a_frame(page: DownloadsPage) -> None:
    def queue(step: int) -> list[Download]:
        return [
            download(
                download_id=str(n),
                of=spec(f"Model {n}"),
                done_bytes=(step + 1) * (1 << 26),
                bytes_per_s=(step * 7 + n) * 1e5,
                seconds_left=(n + 2) * 100.0 + step * 61,
            )
            for n in range(20)
        ]

    show(page, *queue(0))
    took_s = []
    for step in range(1, 16):
        began_s = time.perf_counter()
        show(page, *queue(step))
        took_s.append(time.perf_counter() - began_s)
    assert sorted(took_s)[len(took_s) // 2] < FRAME_S


HOSTILE = "<b>bold</b> \u202egnp.exe\u202c " + "W" * 500


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_hostile_names_neither_format_nor_widen_the_page(
    page: DownloadsPage, theme: Theme, scale: float, direction: Qt.LayoutDirection
) -> None:
    theme.set_scale(scale)
    page.setLayoutDirection(direction)
    page.resize(576, 900)
    odd = spec(HOSTILE, repo_id=f"{HOSTILE}/x", quantization="Q4_<i>K")
    failure = Failure(ErrorCode.REPOSITORY_MISSING, Facts(repo_id="Y" * 500))
    show(
        page, replace(RUNNING, spec=odd), download(DownloadState.FAILED, "b", odd, failure=failure)
    )
    for card in cards(page):
        assert "<b>bold</b>" in texts(card)
        assert "\u202e" not in texts(card)
        for part in card.findChildren(QWidget):
            if part.isVisibleTo(card) and part.parentWidget() is card:
                assert card.rect().contains(part.geometry()), part
        assert card.width() <= page.width()


def test_every_button_of_every_state_has_a_name_and_takes_the_keyboard(
    page: DownloadsPage,
) -> None:
    show(page, *EVERY_STATE)
    for one in page.findChildren(QAbstractButton):
        if one.isVisibleTo(page):
            interface = QAccessible.queryAccessibleInterface(one)
            assert interface is not None
            assert interface.text(QAccessible.Text.Name)
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus
