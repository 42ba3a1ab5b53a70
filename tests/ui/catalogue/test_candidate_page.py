"""The page of a model that can be had, by what the user sees and does."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QProgressBar
from pytestqt.qtbot import QtBot

from app.core import hub_events as hub
from app.core.candidate import Candidate, Gate, RemoteFile, RemoteVersion
from app.core.download import DownloadSpec, DownloadState
from app.core.errors import ErrorCode, Facts, Failure
from app.ui.catalogue.candidate_panel import CandidatePanel
from app.ui.catalogue.find_view import FindView
from app.ui.theme import Theme
from app.ui.widgets.markdown_view import MarkdownView
from app.ui.widgets.prose_view import ProseView
from tests.fit_samples import OUTLOOK
from tests.ui.catalogue import candidate_samples as samples
from tests.ui.catalogue.candidate_samples import GATED, GRANITE, HUGE, QWEN, SEER
from tests.ui.catalogue.seen_models import badges, find, text_of, version, versions, visible
from tests.ui.catalogue.seen_offerings import is_open, judge_all, press, spoken, text

ONLINE = hub.NetworkState(is_offline=False)
FAR = Failure(ErrorCode.NO_CONNECTION, Facts(host="huggingface.co"))


def open_page(view: FindView, candidate: Candidate) -> CandidatePanel:
    view.open_candidate(candidate.repo_id)
    QApplication.processEvents()
    assert view._page.panel is not None
    return view._page.panel


def read(view: FindView, candidate: Candidate, unfit: Failure | None = None) -> None:
    view.show_candidate(hub.CandidateRead(candidate, unfit))
    judge_all(view)


# --- what is said ---


def test_a_page_says_what_a_model_is_for_who_made_it_and_what_it_knows(view: FindView) -> None:
    shown = text_of(open_page(view, QWEN))
    for words in (
        QWEN.sentence,
        "Made by Alibaba. Made from makers/Qwen3.5-4B.",
        "packers/Qwen3.5-4B-GGUF",
        "4.0 billion parameters",
        "Remembers up to about 197 pages",
        "English, German",
        "Thinks before it answers",
        "does not use that yet",
        "Writes faster than you can read.",
    ):
        assert words in shown, words


def test_a_licence_is_told_in_plain_words_with_its_conditions(
    view: FindView, qtbot: QtBot
) -> None:
    shown = text_of(open_page(view, QWEN))
    assert "Licence: Apache 2.0" in shown
    assert "Open source: " in shown
    assert "not legal advice" in shown
    with qtbot.waitSignal(view.link_requested) as asked:
        press(qtbot, view, "The text of the licence")
    assert (asked.args or [])[0].url == "https://www.apache.org/licenses/LICENSE-2.0"
    shown = text_of(open_page(view, samples.CODER))
    assert "For research and trying out only" in shown
    assert "Open weights: " in shown
    assert "Not for work" in badges(open_page(view, samples.CODER))


def test_a_hostile_address_of_a_licence_is_no_link(view: FindView) -> None:
    evil = replace(QWEN, licence_link="javascript:alert(1)")
    open_page(view, QWEN)
    read(view, evil)
    assert "The text of the licence" not in [
        one.accessibleName() for one in visible(view, QAbstractButton)
    ]


def test_its_page_on_the_hub_is_a_link_that_asks(view: FindView, qtbot: QtBot) -> None:
    open_page(view, QWEN)
    with qtbot.waitSignal(view.link_requested) as asked:
        press(qtbot, view, "Its page on Hugging Face")
    assert (asked.args or [])[0].url == f"https://huggingface.co/{QWEN.repo_id}"


def test_opening_a_page_opens_no_window_of_its_own(view: FindView) -> None:
    for candidate in samples.CATALOGUE:
        open_page(view, candidate)
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert shown == [view]


# --- versions ---


def test_every_version_can_be_chosen_and_is_then_downloaded(view: FindView, qtbot: QtBot) -> None:
    panel = open_page(view, QWEN)
    assert "about 2.3 GB" in version(panel, "Q4_K_M").accessibleName()
    qtbot.mouseClick(version(panel, "Q8_0"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert text(view, "Qwen3.5 4B").button == "Download 4.0 GB"
    with qtbot.waitSignal(view.download_requested) as asked:
        press(qtbot, view, "Download about 4.0 GB")
    assert (asked.args or [])[0].quantization == "Q8_0"


def test_parts_count_as_one_version_and_custom_ones_say_how_many_bits(view: FindView) -> None:
    parts = tuple(RemoteFile(f"x-0000{n}-of-00003.gguf", 900_000_000, samples.SHA) for n in "123")
    custom = RemoteVersion("", (RemoteFile("x-custom.gguf", 2_000_000_000, samples.SHA),))
    open_page(view, QWEN)
    read(
        view,
        replace(QWEN, versions=(RemoteVersion("Q4_K_M", parts), custom), unverified=frozenset()),
    )
    assert view._page.panel is not None
    shown = " ".join(one.accessibleName() for one in versions(view._page.panel))
    assert "2.5 GB in 3 files" in shown
    press_all = [one for one in visible(view, QAbstractButton) if "versions" in one.text()]
    for one in press_all:
        one.click()
    QApplication.processEvents()
    shown = text_of(view._page.panel)
    assert "custom, about 4.0 bits" in shown


def test_the_part_for_pictures_is_downloaded_if_wanted(view: FindView, qtbot: QtBot) -> None:
    panel = open_page(view, SEER)
    (box,) = visible(panel, QCheckBox)
    assert box.text() == "Also the part for pictures (896 MB)"
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    with qtbot.waitSignal(view.download_requested) as asked:
        press(qtbot, view, "Download about 3.8 GB")
    (spec,) = asked.args or []
    assert isinstance(spec, DownloadSpec)
    assert [one.name for one in spec.files] == ["Gemma-4-E2B-Q4_K_M.gguf", "mmproj-F16.gguf"]
    assert "reads text only" in text_of(panel)
    assert not visible(open_page(view, QWEN), QCheckBox)
    (box,) = visible(open_page(view, SEER), QCheckBox)
    assert not box.isChecked(), "a choice for one model is none for another"


# --- getting it ---


def test_what_is_too_big_takes_a_deliberate_second_click(view: FindView, qtbot: QtBot) -> None:
    panel = open_page(view, HUGE)
    assert "It needs a computer with" in text_of(panel)
    button = next(one for one in visible(panel, QAbstractButton) if "anyway" in one.text())
    assert button.property("kind") == ""
    press(qtbot, view, "Look at Qwen3.5 4B")
    assert view._page.key == QWEN.repo_id


def test_a_running_download_is_followed_in_place(view: FindView, qtbot: QtBot) -> None:
    panel = open_page(view, QWEN)
    view.show_downloads(hub.DownloadsChanged((samples.download(QWEN, 0.25),)))
    (bar,) = visible(panel, QProgressBar)
    assert bar.value() == 25
    assert "25 % downloaded" in text_of(panel)
    with qtbot.waitSignal(view.downloads_page_requested):
        press(qtbot, view, "Show downloads")


def test_what_is_here_can_be_used(view: FindView, qtbot: QtBot) -> None:
    open_page(view, GRANITE)
    with qtbot.waitSignal(view.load_requested):
        press(qtbot, view, "Use this model")


def test_what_this_engine_cannot_run_is_not_downloaded(view: FindView) -> None:
    open_page(view, QWEN)
    unfit = Failure(ErrorCode.MODEL_UNSUPPORTED, Facts("x.gguf", reason="lfm3"))
    read(view, replace(QWEN, unverified=frozenset()), unfit)
    assert "This model cannot run yet" in text_of(view)
    assert not find(view, QAbstractButton, "Download about 2.3 GB").isEnabled()
    assert "Nothing can be said" not in text_of(view)
    card = text(view, QWEN.name)
    assert (card.button, card.badge, card.has_bar) == ("Details", "Cannot run here", False)
    assert not card.eyebrow, "it was recommended before this was known"
    assert "Cannot run here" in spoken(view, QWEN.name)
    view.show_outlook(OUTLOOK)
    judge_all(view)
    assert text(view, QWEN.name).button == "Details"
    read(view, replace(QWEN, unverified=frozenset()))
    assert text(view, QWEN.name).button == "Download 2.3 GB"


def test_how_long_it_takes_is_said_where_a_speed_is_known(view: FindView) -> None:
    view.show_network(ONLINE)
    panel = open_page(view, QWEN)
    assert "speed of the last download" not in text_of(panel)
    moving = samples.download(GRANITE)
    view.show_downloads(hub.DownloadsChanged((moving,)))
    view.show_downloads(hub.DownloadsChanged(()))
    assert "speed of the last download" not in text_of(open_page(view, QWEN)), "not honest yet"
    view.show_downloads(hub.DownloadsChanged((replace(moving, seconds_left=60.0),)))
    view.show_downloads(hub.DownloadsChanged(()))
    shown = text_of(open_page(view, QWEN))
    assert "Takes about 12 minutes at the speed of the last download." in shown


def test_too_little_room_is_said_before_the_click(view: FindView) -> None:
    panel = open_page(view, QWEN)
    size = QWEN.versions[0].size_bytes
    view.show_places(hub.Places(Path("/models"), 0, size + 2_000, {}, reserve_bytes=1_000))
    assert "not enough room" not in text_of(panel)
    view.show_places(hub.Places(Path("/models"), 0, size, {}, reserve_bytes=1 << 30))
    assert "There is not enough room on the disk: 1.0 GB more must be free." in text_of(panel)
    button = next(one for one in visible(panel, QAbstractButton) if "Download" in one.text())
    assert button.property("kind") == ""


def test_a_name_without_end_is_broken_and_cuts_nothing_off(view: FindView) -> None:
    long = "VeryLongName" * 8
    endless = replace(
        QWEN,
        repo_id=f"someone/{long}",
        name=long,
        publisher=long,
        base_models=(f"someone/{long}",),
        licence_id="other",
        licence_name=long,
        sentence="",
    )
    view.show_candidate(hub.CandidateRead(endless))
    panel = open_page(view, endless)
    view.show_candidate_failed(
        hub.CandidateFailed(
            endless.repo_id,
            Failure(ErrorCode.REPOSITORY_MISSING, Facts(repo_id=endless.repo_id)),
        )
    )
    QApplication.processEvents()
    inside = panel.area.widget()
    assert inside is not None
    assert inside.width() <= panel.area.viewport().width()


def test_a_failed_download_shows_no_bar(view: FindView) -> None:
    panel = open_page(view, QWEN)
    failed = samples.download(QWEN, 1.0, DownloadState.FAILED)
    view.show_downloads(hub.DownloadsChanged((failed,)))
    assert not visible(panel, QProgressBar)
    assert (text(view, QWEN.name).button, text(view, QWEN.name).fraction) == ("Failed", None)


@pytest.mark.parametrize("gate", [Gate.AUTOMATIC, Gate.MANUAL])
def test_a_publisher_who_wants_to_be_asked_is(view: FindView, qtbot: QtBot, gate: Gate) -> None:
    open_page(view, GATED)
    read(view, replace(GATED, gate=gate))
    assert "The publisher wants to be asked" in text_of(view)
    assert not find(view, QAbstractButton, "Download about 4.6 GB").isEnabled()
    with qtbot.waitSignal(view.link_requested):
        press(qtbot, view, "Open the model's page")
    with qtbot.waitSignal(view.token_requested):
        press(qtbot, view, "Enter a token")
    with qtbot.waitSignal(view.candidate_requested):
        press(qtbot, view, "Try again")
    view.show_network(hub.NetworkState(is_offline=False, has_token=True))
    assert find(view, QAbstractButton, "Download about 4.6 GB").isEnabled()


# --- asking the Hub ---


def test_while_offline_nothing_is_asked_unless_the_user_says_so(
    view: FindView, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(view.candidate_requested):
        open_page(view, QWEN)
    with qtbot.waitSignal(view.candidate_requested) as asked:
        press(qtbot, view, "Look up the details")
    assert asked.args == [hub.CandidateRequest(QWEN.repo_id)]
    assert "Reading its details" not in text_of(view), "the window asks first"


def test_online_a_page_is_read_once_and_says_so(view: FindView, qtbot: QtBot) -> None:
    view.show_network(ONLINE)
    with qtbot.waitSignal(view.candidate_requested) as asked:
        open_page(view, QWEN)
    assert asked.args == [hub.CandidateRequest(QWEN.repo_id)]
    assert "Looking up its details…" in text_of(view)
    with qtbot.assertNotEmitted(view.candidate_requested):
        open_page(view, QWEN)
    verified = tuple(
        replace(one, files=tuple(replace(file, sha256=samples.SHA) for file in one.files))
        for one in QWEN.versions
    )
    read(view, replace(QWEN, versions=verified, unverified=frozenset(), is_shape_exact=True))
    assert find(view, QAbstractButton, "Download 2.3 GB").isEnabled()
    assert "Reading its details" not in text_of(view)
    assert "similar model" not in text_of(view)
    with qtbot.assertNotEmitted(view.candidate_requested):
        open_page(view, QWEN)


def test_a_failure_says_why_and_can_be_tried_again(view: FindView, qtbot: QtBot) -> None:
    view.show_network(ONLINE)
    open_page(view, QWEN)
    view.show_candidate_failed(hub.CandidateFailed(QWEN.repo_id, FAR))
    assert "No connection" in text_of(view)
    with qtbot.waitSignal(view.candidate_requested):
        press(qtbot, view, "Try again")
    assert "No connection" not in text_of(view)


@pytest.mark.parametrize(
    ("code", "words", "signal_name"),
    [
        (ErrorCode.OFFLINE, "Use the internet", "online_requested"),
        (ErrorCode.PROXY_FAILED, "Network settings", "network_settings_requested"),
        (ErrorCode.TOKEN_REFUSED, "Enter a token", "token_requested"),
        (ErrorCode.REVISION_MISSING, "Open the model's page", "link_requested"),
    ],
)
def test_each_failure_has_a_button_that_helps(
    view: FindView, qtbot: QtBot, code: ErrorCode, words: str, signal_name: str
) -> None:
    open_page(view, QWEN)
    view.show_candidate_failed(hub.CandidateFailed(QWEN.repo_id, Failure(code)))
    with qtbot.waitSignal(getattr(view, signal_name)):
        press(qtbot, view, words)


def test_a_missing_model_leads_back_to_the_list(view: FindView, qtbot: QtBot) -> None:
    open_page(view, QWEN)
    gone = Failure(ErrorCode.REPOSITORY_MISSING, Facts(repo_id=QWEN.repo_id))
    view.show_candidate_failed(hub.CandidateFailed(QWEN.repo_id, gone))
    press(qtbot, view, "Choose another model")
    assert not is_open(view)


def test_what_its_makers_say_is_read_when_asked_for(view: FindView, qtbot: QtBot) -> None:
    view.show_network(ONLINE)
    panel = open_page(view, QWEN)
    with qtbot.waitSignal(view.card_requested) as asked:
        press(qtbot, view, "Read it on Hugging Face")
    assert asked.args == [hub.CandidateRequest(QWEN.repo_id)]
    assert "Being read from Hugging Face…" in text_of(panel)
    view.show_card(
        hub.CardRead(QWEN.repo_id, "# Hello\n\n<script>x</script> ![p](https://t.example/p.png)")
    )
    (made,) = visible(panel, MarkdownView)
    assert "Hello" in text_of(made)
    assert all(not one.document().isEmpty() for one in visible(made, ProseView))
    assert not visible(open_page(view, SEER), MarkdownView)


def test_a_page_of_makers_without_end_is_cut(view: FindView) -> None:
    panel = open_page(view, QWEN)
    view.show_card(hub.CardRead(QWEN.repo_id, "word " * 200_000))
    assert "the beginning" in text_of(panel)
    assert len(text_of(panel)) < 70_000
    view.show_card(hub.CardRead(QWEN.repo_id, "  \n"))
    assert "They have written nothing." in text_of(panel)


# --- looks ---


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
@pytest.mark.parametrize("candidate", [QWEN, HUGE, GATED, SEER], ids=lambda one: one.name)
def test_nothing_reaches_out_of_the_page(
    view: FindView,
    theme: Theme,
    qtbot: QtBot,
    scale: float,
    direction: Qt.LayoutDirection,
    candidate: Candidate,
) -> None:
    theme.set_scale(scale)
    view.setLayoutDirection(direction)
    view.resize(580, 600)
    panel = open_page(view, candidate)
    qtbot.waitUntil(lambda: panel.width() > 100)
    QApplication.processEvents()
    port = panel.area.viewport()
    for one in visible(panel.area, QAbstractButton):
        left = one.mapTo(port, one.rect().topLeft()).x()
        assert left >= 0, one.accessibleName()
        assert left + one.width() <= port.width(), one.accessibleName()
