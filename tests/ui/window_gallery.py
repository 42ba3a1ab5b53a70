"""Draws the whole window, page by page and in several sizes, to PNG files to be looked at.

Run `QT_QPA_PLATFORM=offscreen python -m tests.ui.window_gallery FOLDER [PART_OF_A_NAME]`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core import events
from app.core.conversation import TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.fit_events import (
    CalibrationProgress,
    CalibrationRefused,
    EngineEstimate,
    Outlook,
)
from app.core.hub_events import (
    CatalogueShown,
    DownloadsChanged,
    NetworkState,
    PlaceScanned,
    ScanFinished,
    TokenAnswer,
)
from app.core.network import Traffic
from app.core.origin import Program
from app.core.settings import DEFAULTS, SettingKey
from app.ui.catalogue.view_switch import ModelsViewKey
from app.ui.documents.page import DocumentsPage
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.rail import PageKey
from tests import fit_samples
from tests.fit_samples import SMOL, STARTER
from tests.ui.catalogue import candidate_samples
from tests.ui.chat import samples
from tests.ui.chat.samples import ANSWER, answer, question
from tests.ui.documents import gallery as documents_gallery
from tests.ui.downloads.samples import EVERY_STATE, PLACES

SIZES = ((720, 520), (1180, 780), (1280, 800))
LOOKS = (
    ("light", 100),
    ("light", 200),
    ("dark", 100),
    ("dark", 200),
    ("high_contrast", 100),
)
TODAY = Traffic(12_000, 2_600_000_000)
TITLES = ("Lease: notice period", "Recipe without eggs", "Letter to the school")
OLDER = ("Tax return checklist", "Explain my blood test and what every value means for me")
GONE = fit_samples.model("Phi 4 mini", folder="/media/stick")
LIBRARY = events.Library(
    (
        SMOL,
        *fit_samples.QWEN,
        fit_samples.QWEN_POOR,
        fit_samples.NEMO,
        fit_samples.LARGE,
        STARTER,
    ),
    (GONE,),
    STARTER,
)


def turns(window: MainWindow) -> None:
    """A chat of some turns."""
    window.chat_list.open_requested.emit(events.ConversationRequest(TITLES[0]))
    window.show_conversation(
        samples.shown(
            question("q", "How much notice do I have to give to leave the flat, in writing?"),
            answer("a", ANSWER),
            question("r", "And for a garage?"),
            answer("b", "The lease says", TurnState.INTERRUPTED, error_code="engine_lost"),
            of=samples.conversation(TITLES[0]),
        )
    )


def banner(window: MainWindow) -> None:
    """A question that two buttons answer."""
    turns(window)
    window.chat_page.ask_to_forget(events.MemoryFull("x", TITLES[0], 8410, 8192, 6))


def failure(window: MainWindow) -> None:
    """A model that does not fit."""
    turns(window)
    facts = Facts(SMOL.path.name, needed_bytes=8_000_000_000, available_bytes=3_100_000_000)
    failed = events.LoadFailed(SMOL.path, Failure(ErrorCode.MEMORY_TOO_SMALL, facts))
    window.chat_page.show_load_failed(failed)


def toast(window: MainWindow) -> None:
    """Undo at the bottom of a chat."""
    turns(window)
    window.offer_undo(events.Deleted("other", None, OLDER[1]))


def greeting(window: MainWindow) -> None:
    """A chat not begun."""
    window.chat_page.show_engine_status(samples.engine_ready(STARTER))


def rail_over_page(window: MainWindow) -> None:
    """The rail of a narrow window, opened by the search."""
    turns(window)
    window._search()


def details(name: str) -> Callable[[MainWindow], None]:
    """Give the scene of one model's details."""

    def scene(window: MainWindow) -> None:
        window.show_page(PageKey.MODELS)
        select(window, name)

    scene.__name__ = "details_" + "_".join(name.lower().split()[:2])
    return scene


def select(window: MainWindow, name: str) -> None:
    """Open the details of the model with this name."""
    page = window.models_page.installed_view
    entry = next(one for one in page._shelf.entries() if one.versions.name == name)
    page.select(entry.versions.key)


def all_versions(window: MainWindow) -> None:
    """The list of all versions of a model, unfolded."""
    details("Qwen3 4B Instruct")(window)
    panel = window.models_page.installed_view._panel
    assert panel is not None
    panel._versions._unfold.setChecked(True)


def in_use(window: MainWindow) -> None:
    """The details of the model in use, with what was foreseen, and the engine's own answer."""
    details("SmolLM3 3B")(window)
    page = window.models_page.installed_view
    while (verdict := page._shelf.entries()[0].verdict) is None:
        QApplication.processEvents()  # It is judged anew after each change.
    loaded = events.LoadedModel(
        SMOL,
        verdict.placement,
        (),
        round(verdict.need.total_bytes * 1.02),
        2.1,
        "12th Gen Intel Core i5-1240P",
        verdict.need,
    )
    page.show_loaded(loaded)
    window.computer_page.show_loaded(loaded)
    page.show_estimate(EngineEstimate(SMOL.path, verdict.placement, verdict.need))


def tight(window: MainWindow) -> None:
    """A model that fits once other programs are closed, on a computer that was not measured."""
    window.models_page.show_outlook(Outlook(fit_samples.CROWDED))
    details("Mistral Nemo 12B")(window)


def two_memories(window: MainWindow) -> None:
    """A model that is divided between a graphics card and the processor."""
    window.models_page.show_outlook(fit_samples.CARD_OUTLOOK)
    details("Qwen3 32B")(window)


def computer(window: MainWindow) -> None:
    """This computer after it was measured, with a model in use."""
    in_use(window)
    window.show_computer()


def computer_unmeasured(window: MainWindow) -> None:
    """A computer before it was measured, with a card that is not used."""
    window.computer_page.show_outlook(Outlook(fit_samples.WITH_UNUSED_CARD))
    window.show_computer()


def computer_measuring(window: MainWindow) -> None:
    """A computer with a card, being measured."""
    window.computer_page.show_outlook(fit_samples.CARD_OUTLOOK)
    window.show_computer()
    window.computer_page.show_calibration_progress(CalibrationProgress(0.4, 2.0))


def computer_busy(window: MainWindow) -> None:
    """An old computer that was too busy to be measured."""
    window.computer_page.show_outlook(Outlook(fit_samples.OLD))
    window.show_computer()
    window.computer_page.show_calibration_refused(CalibrationRefused(0.62))


def page(key: PageKey) -> Callable[[MainWindow], None]:
    """Give the scene of one page."""

    def scene(window: MainWindow) -> None:
        window.show_page(key)

    scene.__name__ = key.value
    return scene


def downloading(window: MainWindow) -> None:
    """Downloads in every state."""
    window.show_page(PageKey.DOWNLOADS)
    window.downloads_page.show_downloads(DownloadsChanged(EVERY_STATE))
    window.downloads_page.show_places(replace(PLACES, free_bytes=1 << 30))
    window.rail.show_downloads(DownloadsChanged(EVERY_STATE))
    window.rail.show_network(NetworkState(is_offline=False, today=TODAY))


def network(window: MainWindow) -> None:
    """The settings of the network, with a token that was refused."""
    window.show_page(PageKey.SETTINGS)
    window.settings_page.show_network(NetworkState(is_offline=False, today=TODAY))
    refused = Failure(ErrorCode.TOKEN_REFUSED, Facts())
    window.settings_page.show_token_answer(TokenAnswer(failure=refused))
    window.settings_page.show_network_card()


def found_elsewhere(window: MainWindow) -> None:
    """Models of other programs, and a folder that is not there."""
    window.show_page(PageKey.MODELS)
    path = Path("/usr/share/ollama/.ollama/models")
    unreadable = Failure(ErrorCode.FOLDER_UNREADABLE, Facts(path=str(path)))
    places = (
        PlaceScanned(Program.LM_STUDIO, Path("/home/ada/.lmstudio/models"), 2, 1),
        PlaceScanned(Program.OLLAMA, path, failure=unreadable),
        PlaceScanned(Program.FOLDER, Path("/media/stick/models"), is_absent=True),
    )
    window.models_page.show_view(ModelsViewKey.INSTALLED)
    window.models_page.files.show_scan_finished(ScanFinished(places, 2))


def find_models(window: MainWindow) -> None:
    """Models to be found."""
    window.show_page(PageKey.MODELS)
    window.models_page.show_view(ModelsViewKey.FIND)


def candidate(window: MainWindow) -> None:
    """Everything about a model that can be had."""
    find_models(window)
    window.models_page.open_candidate(candidate_samples.SEER.repo_id)


def documents(of_page: Callable[[DocumentsPage], None]) -> Callable[[MainWindow], None]:
    """Give a scene of the page of documents in the whole window."""

    def scene(window: MainWindow) -> None:
        window.show_page(PageKey.DOCUMENTS)
        of_page(window.documents_page)

    scene.__name__ = f"documents_{of_page.__name__}"
    return scene


SCENES: tuple[Callable[[MainWindow], None], ...] = (
    turns,
    banner,
    failure,
    toast,
    greeting,
    rail_over_page,
    page(PageKey.MODELS),
    page(PageKey.DOCUMENTS),
    page(PageKey.DOWNLOADS),
    page(PageKey.SETTINGS),
    details("Qwen3 4B Instruct"),
    details("Qwen3 32B"),
    all_versions,
    find_models,
    candidate,
    in_use,
    tight,
    two_memories,
    computer,
    computer_unmeasured,
    computer_measuring,
    computer_busy,
    downloading,
    network,
    found_elsewhere,
    *map(documents, documents_gallery.SCENES),
)


def filled(theme: Theme) -> MainWindow:
    """Give a window that knows some chats and models."""
    window = MainWindow(theme, Path("/home/someone/.local/share/Quillhouse"))
    listed = [samples.conversation(one, one, days_ago=0) for one in TITLES]
    listed += [samples.conversation(one, one, days_ago=5) for one in OLDER]
    window.chat_list.show_chats(events.ChatList(tuple(listed)))
    for shows_models in (window.chat_page, window.models_page):
        shows_models.show_library(LIBRARY)
    window.models_page.show_catalogue(CatalogueShown(candidate_samples.CATALOGUE))
    window.chat_page.show_engine_status(samples.engine_ready(SMOL))
    for page in (window.models_page, window.computer_page):
        page.show_status(samples.engine_ready(SMOL))
        page.show_outlook(fit_samples.OUTLOOK)
    return window


def main(folder: Path, wanted: set[str]) -> None:
    application = QApplication([])
    theme = Theme()
    theme.apply(application)
    for appearance, percent in LOOKS:
        values = {
            **DEFAULTS,
            SettingKey.APPEARANCE: appearance,
            SettingKey.TEXT_SCALE_PERCENT: percent,
        }
        for width, height in SIZES:
            for scene in SCENES:
                name = f"{scene.__name__}_{width}_{percent}_{appearance}"
                if wanted and not any(word in name for word in wanted):
                    continue
                window = filled(theme)
                window.apply_settings(events.SettingsChanged(values))
                window.settings_page.show_settings(events.SettingsChanged(values))
                window.resize(width, height)
                window.show()
                scene(window)
                QTest.qWait(250)
                window.grab().save(str(folder / f"{name}.png"))
                window.close()
                window.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
