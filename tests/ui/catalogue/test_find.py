"""The list of models to be found, by what the user sees and does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core import hub_events as hub
from app.core.candidate import Candidate, RemoteFile, RemoteVersion
from app.core.download import DownloadSpec, DownloadState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.fit_events import Outlook
from app.core.origin import Origin, Program
from app.ui.catalogue.find_rows import RowKind
from app.ui.catalogue.find_view import FindView
from app.ui.theme import Theme
from tests.fit_samples import CROWDED, OUTLOOK, STARTER
from tests.fit_samples import model as sample
from tests.ui.catalogue import candidate_samples as samples
from tests.ui.catalogue.candidate_samples import FINDER, FOUND, NEMO, QWEN, SEER
from tests.ui.catalogue.seen_models import find, text_of, visible
from tests.ui.catalogue.seen_offerings import (
    click_card,
    headings,
    is_open,
    judge_all,
    names,
    place,
    press,
    row_of,
    rows,
    spoken,
    text,
    type_words,
)

FAR = Failure(ErrorCode.NO_CONNECTION, Facts(host="huggingface.co"))


def answer(view: FindView, *, serial: int = 1, page: int = 0, has_more: bool = False) -> None:
    view.show_search_results(hub.HubSearchResults(serial, page, FOUND, has_more))


# --- what is listed ---


def test_models_stand_under_what_they_are_good_for_the_best_first(view: FindView) -> None:
    assert headings(view) == [
        "Everyday chat",
        "Documents",
        "Writing",
        "Code",
        "Pictures",
        "Finding passages in documents",
    ]
    assert names(view)[0] == "Qwen3.5 4B"
    assert text(view, "Qwen3.5 4B").eyebrow == "Recommended for this computer"
    assert text(view, "Qwen3.5 4B").is_primary
    assert not text(view, "Gated 8B").eyebrow


def test_only_one_button_of_all_stands_out(view: FindView) -> None:
    shown = [name for name in names(view) if text(view, name).is_primary]
    assert shown == ["Qwen3.5 4B"]


def test_a_card_says_how_a_model_would_do_here_and_what_it_may_be_used_for(
    view: FindView,
) -> None:
    card = text(view, "Qwen3.6 32B")
    assert card.badge == "Too big here"
    assert card.button == "Why?"
    assert text(view, "Qwen3.5 4B").badge == "Runs well here"
    assert text(view, "Qwen3.5 4B").licence == "Free, also at work"
    assert text(view, "Qwen2.5 Coder 3B").licence == "Not for work"
    assert text(view, "Qwen3.5 4B").tags[0].startswith("about 2.3 GB, ")


def test_before_this_computer_is_known_models_are_listed_without_verdicts(
    qtbot: QtBot, theme: Theme
) -> None:
    view = FindView(theme)
    qtbot.addWidget(view)
    view.show_catalogue(hub.CatalogueShown(samples.CATALOGUE))
    view.show()
    assert text(view, "Qwen3.5 4B").badge == ""
    assert text(view, "Qwen3.5 4B").button == "Download 2.3 GB"
    heights = place(view, "Qwen3.5 4B").height()
    view.show_outlook(OUTLOOK)
    judge_all(view)
    assert text(view, "Qwen3.5 4B").badge == "Runs well here"
    assert place(view, "Qwen3.5 4B").height() >= heights


def test_another_state_of_this_computer_gives_other_verdicts(view: FindView) -> None:
    view.show_outlook(Outlook(CROWDED))
    assert text(view, "Mistral Nemo 12B").badge == "Slow here", "what was said holds until then"
    judge_all(view)
    assert text(view, "Mistral Nemo 12B").badge == "Tight fit"


def test_nothing_is_judged_while_nobody_looks(qtbot: QtBot, theme: Theme) -> None:
    view = FindView(theme)
    qtbot.addWidget(view)
    view.show_catalogue(hub.CatalogueShown(samples.CATALOGUE))
    view.show_outlook(OUTLOOK)
    QApplication.processEvents()
    assert not view._shelf.prospects


# --- downloads and what is here ---


def test_the_button_of_a_card_downloads_the_version_to_take(view: FindView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.download_requested) as asked:
        click_card(qtbot, view, "Qwen3.5 4B", on_button=True)
    (spec,) = asked.args or []
    assert isinstance(spec, DownloadSpec)
    assert spec.repo_id == QWEN.repo_id
    assert spec.quantization == "Q4_K_M"
    assert spec.files == QWEN.versions[0].files
    assert spec.licence_id == "apache-2.0"
    assert not spec.is_embedding
    assert not is_open(view)


def test_what_is_here_is_used_not_downloaded_again(view: FindView, qtbot: QtBot) -> None:
    assert text(view, "Granite 4.1 3B").button == "Use this model"
    assert text(view, "Granite 4.1 3B").tags[0] == "Here already"
    with qtbot.waitSignal(view.load_requested) as asked:
        click_card(qtbot, view, "Granite 4.1 3B", on_button=True)
    (request,) = asked.args or []
    assert request.path.name == "Granite-4.1-3B-Q4_K_M.gguf"


def test_a_file_is_known_by_its_hash_wherever_it_comes_from(view: FindView) -> None:
    here = sample("Renamed", folder="/home/someone/.ollama")
    origin = Origin(Program.OLLAMA, sha256=samples.SHA)
    view.show_library(events.Library((here,), (), STARTER, {here.path: origin}))
    hashed = replace(
        QWEN,
        versions=(RemoteVersion("Q4_K_M", (RemoteFile("x.gguf", 2_400_000_000, samples.SHA),)),),
    )
    view.show_candidate(hub.CandidateRead(hashed))
    assert text(view, "Qwen3.5 4B").button == "Use this model"


def test_a_running_download_shows_how_far_it_is_and_leads_there(
    view: FindView, qtbot: QtBot
) -> None:
    card = text(view, "Mistral Nemo 12B")
    assert card.button == "42 %"
    assert card.fraction == pytest.approx(0.42, abs=0.001)
    with qtbot.waitSignal(view.downloads_page_requested):
        click_card(qtbot, view, "Mistral Nemo 12B", on_button=True)
    more = samples.download(NEMO, 0.6)
    before = place(view, "Mistral Nemo 12B")
    view.show_downloads(hub.DownloadsChanged((more,)))
    assert text(view, "Mistral Nemo 12B").button == "60 %"
    assert place(view, "Mistral Nemo 12B") == before, "nothing moves"
    failed = samples.download(NEMO, 0.6, DownloadState.FAILED)
    view.show_downloads(hub.DownloadsChanged((failed,)))
    assert text(view, "Mistral Nemo 12B").button == "Failed"
    view.show_downloads(hub.DownloadsChanged(()))
    assert text(view, "Mistral Nemo 12B").button.startswith("Download ")


@pytest.mark.parametrize("name", ["Qwen3.6 32B", "Gated 8B"])
def test_what_needs_a_second_thought_opens_its_page_first(
    view: FindView, qtbot: QtBot, name: str
) -> None:
    with qtbot.assertNotEmitted(view.download_requested):
        click_card(qtbot, view, name, on_button=True)
    assert view._page.key == row_of(view, name).key


# --- searching and filtering ---


def test_typing_filters_at_once_and_asks_nobody(view: FindView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.search_requested, wait=300):
        qtbot.keyClicks(view._head.field, "contracts minutes")
        assert names(view) == ["Granite 4.1 3B"]
    view._head.field.clear()
    assert len(names(view)) == len(samples.CATALOGUE)


def test_enter_and_the_button_ask_the_hub_for_what_is_typed(view: FindView, qtbot: QtBot) -> None:
    type_words(view, " tiny   aya ")
    with qtbot.waitSignal(view.search_requested) as asked:
        qtbot.keyClick(view._head.field, Qt.Key.Key_Return)
    assert asked.args == [hub.HubSearchRequest("tiny aya", 1)]
    with qtbot.assertNotEmitted(view.search_requested):
        qtbot.keyClick(view._head.field, Qt.Key.Key_Return)
    type_words(view, "smol")
    with qtbot.waitSignal(view.search_requested) as asked:
        press(qtbot, view, "Search all of Hugging Face for “smol”")
    assert asked.args == [hub.HubSearchRequest("smol", 2)]


def test_what_the_hub_found_stands_below_what_is_known_here(view: FindView, qtbot: QtBot) -> None:
    type_words(view, "qwen")
    view._head.search_asked.emit()
    assert "Hugging Face is being asked…" in text_of(view)
    view.show_search_results(hub.HubSearchResults(1, 0, (QWEN, *FOUND), has_more=False))
    assert headings(view)[-1] == "On Hugging Face"
    assert names(view)[-2:] == [one.name for one in FOUND]
    assert names(view).count("Qwen3.5 4B") == 1
    assert text(view, "Qwen3.5 4B").sentence == QWEN.sentence
    assert "size is read when opened" in text(view, FOUND[1].name).tags
    assert text(view, FOUND[1].name).button == "Details"


def test_what_comes_too_late_is_dropped(view: FindView) -> None:
    type_words(view, "aya")
    view._head.search_asked.emit()
    type_words(view, "smol")
    view._head.search_asked.emit()
    answer(view, serial=1)
    assert names(view) == []
    answer(view, serial=2)
    assert len(names(view)) == len(FOUND)
    view.show_search_failed(hub.HubSearchFailed(1, FAR))
    assert "No connection" not in text_of(view)
    type_words(view, "smo")
    assert "On Hugging Face" not in headings(view), "other words were not searched for"


def test_a_search_can_be_stopped(view: FindView, qtbot: QtBot) -> None:
    type_words(view, "aya")
    view._head.search_asked.emit()
    with qtbot.waitSignal(view.cancel_search_requested):
        press(qtbot, view, "Stop searching")
    answer(view, serial=1)
    assert names(view) == []
    assert view._head.field.hasFocus()


def test_further_pages_come_when_they_are_asked_for(view: FindView, qtbot: QtBot) -> None:
    type_words(view, "aya")
    view._head.search_asked.emit()
    answer(view, has_more=True)
    assert rows(view)[-1].title == "Show more"
    with qtbot.waitSignal(view.search_requested) as asked:
        view._list.more_requested.emit()
    assert asked.args == [hub.HubSearchRequest("aya", 1, 1)]
    view.show_search_failed(hub.HubSearchFailed(1, FAR))
    assert rows(view)[-1].title == "No connection: try again"
    with qtbot.waitSignal(view.search_requested) as asked:
        view._list.more_requested.emit()
    assert asked.args == [hub.HubSearchRequest("aya", 1, 1)]
    third = samples.candidate("Third 1B", billions=1.0)
    view.show_search_results(hub.HubSearchResults(1, 1, (third,), has_more=False))
    assert names(view) == [*(one.name for one in FOUND), "Third 1B"]
    assert rows(view)[-1].kind is RowKind.CARD


def test_a_failed_search_says_why_and_can_be_tried_again(view: FindView, qtbot: QtBot) -> None:
    type_words(view, "aya")
    view._head.search_asked.emit()
    view.show_search_failed(hub.HubSearchFailed(1, FAR))
    assert "No connection" in text_of(view)
    with qtbot.waitSignal(view.search_requested) as asked:
        press(qtbot, view, "Try again")
    assert asked.args == [hub.HubSearchRequest("aya", 2)]
    assert rows(view)[0].text == "Try fewer or other words.", "there is no filter to take off"
    offline = Failure(ErrorCode.OFFLINE)
    view.show_search_failed(hub.HubSearchFailed(2, offline))
    with qtbot.waitSignal(view.online_requested):
        press(qtbot, view, "Use the internet")


def test_finding_nothing_says_what_to_try(view: FindView) -> None:
    type_words(view, "xyzzy")
    assert "search all of Hugging Face" in rows(view)[0].text
    view._head.search_asked.emit()
    view.show_search_results(hub.HubSearchResults(1, 0, (), has_more=False))
    assert rows(view)[-1].title == "Hugging Face has nothing that fits"


def test_what_the_hub_found_and_our_list_has_is_not_called_hidden(view: FindView) -> None:
    type_words(view, "qwen3.5")
    view._head.search_asked.emit()
    view.show_search_results(hub.HubSearchResults(1, 0, (QWEN,), has_more=False))
    assert "found on Hugging Face, below" not in text_of(view)
    assert rows(view)[-1].title == "Hugging Face has nothing else that fits"
    assert rows(view)[-1].text == "What it found is on our list, above."
    view._head.search_asked.emit()
    view.show_search_results(hub.HubSearchResults(2, 0, (QWEN, *FOUND), has_more=False))
    assert f"{len(FOUND)} found on Hugging Face, below." in text_of(view)


def test_what_quillhouse_does_not_do_yet_is_said_in_place(view: FindView) -> None:
    notes = {row.title: row.text for row in rows(view) if row.kind is RowKind.HEADING}
    assert notes["Pictures"] == "Quillhouse reads text only so far, no pictures"
    where = "Chosen on the page of a collection of documents"
    assert notes["Finding passages in documents"] == where
    assert "no pictures here yet" in text(view, SEER.name).tags
    assert not [tag for tag in text(view, FINDER.name).tags if "words per second" in tag]


def test_filters_leave_what_was_wanted_and_can_be_cleared(view: FindView, qtbot: QtBot) -> None:
    press(qtbot, view, "Runs well here")
    assert "Qwen3.6 32B" not in names(view)
    assert "Qwen3.5 4B" in names(view)
    press(qtbot, view, "Already here")
    assert names(view) == ["Granite 4.1 3B"]
    press(qtbot, view, "Can see pictures")
    assert names(view) == []
    press(qtbot, view, "Clear the filters")
    assert len(names(view)) == len(samples.CATALOGUE)
    assert not [one for one in visible(view, QAbstractButton) if one.text() == "Clear the filters"]


def test_a_menu_of_choices_says_what_is_chosen(view: FindView) -> None:
    licences = view._head.chips._licences
    actions = {one.text(): one for one in licences._menu.actions()}
    actions["Not for work"].trigger()
    assert names(view) == ["Qwen2.5 Coder 3B"]
    assert licences.text() == "Not for work ▾"
    assert licences.accessibleName() == "Licence: Not for work"
    actions["Free with conditions"].trigger()
    assert "Gated 8B" in names(view)
    assert licences.text() == "Licence: 2 ▾"


@pytest.mark.parametrize(
    "words",
    [
        "a" * 10_000,
        "https://huggingface.co/org/name?x=<b>1</b>",
        "\u202egnihton\x00\n",
        "& && %s {0}",
    ],
)
def test_whatever_is_pasted_only_filters(view: FindView, words: str) -> None:
    type_words(view, words)
    view._head.search_asked.emit()
    shown = text_of(view)
    assert "\u202e" not in view._search.query
    assert len(view._search.query) <= 200
    assert view._head.width() <= view.width()
    assert shown


# --- mouse and keyboard ---


def test_a_click_opens_a_card_and_a_second_one_closes_it(view: FindView, qtbot: QtBot) -> None:
    click_card(qtbot, view, "Qwen3.5 4B")
    assert is_open(view)
    click_card(qtbot, view, "Qwen3.5 4B")
    assert not is_open(view)


def test_everything_is_reached_by_the_keyboard_alone(view: FindView, qtbot: QtBot) -> None:
    view._head.field.setFocus()
    qtbot.keyClick(view._head.field, Qt.Key.Key_Down)
    assert view._list.hasFocus()
    qtbot.keyClick(view._list, Qt.Key.Key_Down)
    second = view._list.rows.row_at(view._list.currentIndex())
    assert second is not None
    assert second.offering is not None
    qtbot.keyClick(view._list, Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert view._page.panel is not None
    assert view._page.panel.isAncestorOf(focused)
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert view._list.hasFocus()
    assert view._list.rows.row_at(view._list.currentIndex()) == second
    qtbot.keyClick(view._list, Qt.Key.Key_Up)
    with qtbot.waitSignal(view.download_requested):
        qtbot.keyClick(view._list, Qt.Key.Key_D)
    qtbot.keyClick(view._list, Qt.Key.Key_Up)
    assert view._head.field.hasFocus()


def test_tab_goes_from_head_to_list_to_page(view: FindView, qtbot: QtBot) -> None:
    view.open_candidate(QWEN.repo_id)
    QApplication.processEvents()
    view._head.switch.setFocus()
    passed: list[QWidget] = []
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName(), f"{focused} takes the keyboard without a name"
        passed.append(focused)
    assert view._page.panel is not None
    in_panel = [one for one in passed if view._page.panel.isAncestorOf(one)]
    assert passed.index(view._head.field) < passed.index(view._list) < passed.index(in_panel[0])


def test_listeners_hear_what_a_card_shows(view: FindView) -> None:
    said = spoken(view, "Qwen3.5 4B")
    for words in (
        "Qwen3.5 4B",
        "Recommended for this computer",
        "Runs well here",
        "about 2.3 GB",
        "Free, also at work",
        "Download 2.3 GB",
    ):
        assert words in said
    interface = QAccessible.queryAccessibleInterface(view._list)
    assert interface is not None


# --- looks ---


@pytest.mark.parametrize("size", [(1032, 800), (580, 520), (480, 400)])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_everything_on_a_card_is_inside_it_and_nothing_overlaps(
    view: FindView,
    theme: Theme,
    size: tuple[int, int],
    scale: float,
    direction: Qt.LayoutDirection,
) -> None:
    theme.set_scale(scale)
    view.setLayoutDirection(direction)
    view.resize(*size)
    QApplication.processEvents()
    view.grab()
    for name in names(view):
        rect = place(view, name)
        places = view._list._delegate.places(row_of(view, name), rect, direction)
        assert rect.contains(places.card), name
        parts = [
            places.eyebrow,
            places.name,
            places.badge,
            places.button,
            places.sentence,
            places.bar,
            places.need,
            places.maker,
            places.licence,
            *(tag for _, tag in places.tags),
        ]
        shown = [one for one in parts if not one.isNull() and one.width() > 0]
        for number, one in enumerate(shown):
            assert places.card.contains(one), (name, one, places.card)
            assert not any(one.intersects(other) for other in shown[number + 1 :]), name


def test_the_head_begins_where_the_cards_begin(view: FindView) -> None:
    for width in (1032, 700, 500):
        view.resize(width, 700)
        QApplication.processEvents()
        view._list.verticalScrollBar().setValue(0)
        first = view._list.rows.index_of(row_of(view, "Qwen3.5 4B").key)
        rect = view._list.visualRect(first)
        card = view._list._delegate.places(
            row_of(view, "Qwen3.5 4B"), rect, Qt.LayoutDirection.LeftToRight
        ).card
        field = QRect(
            view._head.field.mapTo(view._list.viewport(), QPoint()), view._head.field.size()
        )
        assert (field.left(), field.right()) == (card.left(), card.right())
        assert rect.top() >= field.bottom()


HOSTILE = "<b>Bold</b> & <img src=x> \u202egpj.exe\u202c\x1b[31m" + "W" * 3000


def test_texts_from_the_hub_are_shown_as_they_are_and_cannot_flood(
    view: FindView, qtbot: QtBot
) -> None:
    hostile: Candidate = replace(
        samples.candidate("Evil", billions=1e9),
        name=HOSTILE,
        publisher=HOSTILE,
        licence_id=HOSTILE,
        languages=(HOSTILE, "en", "&x"),
        base_models=(HOSTILE,),
        n_downloads=10**18,
        n_ctx_train=10**15,
        updated_on=HOSTILE,
    )
    type_words(view, "evil")
    view._head.search_asked.emit()
    view.show_search_results(hub.HubSearchResults(1, 0, (hostile,), has_more=False))
    judge_all(view)
    (name,) = names(view)
    assert name.startswith("<b>Bold</b> & <img src=x> gpj.exe")
    assert len(name) <= 120
    view.open_candidate(hostile.repo_id)
    QApplication.processEvents()
    shown = text_of(view)
    assert "<b>Bold</b>" in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert view._page.panel is not None
    assert view._page.panel.width() <= 340
    view.grab()


def test_a_model_without_versions_can_be_opened(view: FindView) -> None:
    type_words(view, "unknown")
    view._head.search_asked.emit()
    answer(view)
    view.open_candidate(FOUND[1].repo_id)
    assert "Nothing can be said about its memory and speed yet." in text_of(view)
    assert find(view, QAbstractButton, "Look up the details").isEnabled()


def test_a_download_is_known_whose_file_has_another_name_than_supposed(view: FindView) -> None:
    supposed = replace(NEMO, unverified=frozenset({"file_names"}))
    view.show_candidate(hub.CandidateRead(supposed))
    running = samples.download(NEMO, 0.6)
    files = (replace(running.spec.files[0], path="other-name-Q4_K_M.gguf"),)
    renamed = replace(running, spec=replace(running.spec, files=files))
    view.show_downloads(hub.DownloadsChanged((renamed,)))
    assert text(view, "Mistral Nemo 12B").button == "60 %"
