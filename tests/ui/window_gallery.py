"""Draws the whole window, page by page and in several sizes, to PNG files to be looked at.

Run `QT_QPA_PLATFORM=offscreen python -m tests.ui.window_gallery FOLDER [PART_OF_A_NAME]`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core import events
from app.core.conversation import TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.settings import DEFAULTS, SettingKey
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.rail import PageKey
from tests.ui.chat import samples
from tests.ui.chat.samples import ANSWER, SMOL, STARTER, answer, question

SIZES = ((720, 520), (1180, 780), (1280, 800))
LOOKS = (("light", 100), ("light", 200), ("dark", 100), ("dark", 200))
TITLES = ("Lease: notice period", "Recipe without eggs", "Letter to the school")
OLDER = ("Tax return checklist", "Explain my blood test and what every value means for me")
LIBRARY = events.Library((STARTER, SMOL), (), STARTER)


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


def page(key: PageKey) -> Callable[[MainWindow], None]:
    """Give the scene of one page."""

    def scene(window: MainWindow) -> None:
        window.show_page(key)

    scene.__name__ = key.value
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
)


def filled(theme: Theme) -> MainWindow:
    """Give a window that knows some chats and models."""
    window = MainWindow(theme, Path("/home/someone/.local/share/Quillhouse"))
    listed = [samples.conversation(one, one, days_ago=0) for one in TITLES]
    listed += [samples.conversation(one, one, days_ago=5) for one in OLDER]
    window.chat_list.show_chats(events.ChatList(tuple(listed)))
    for shows_models in (window.chat_page, window.models_page):
        shows_models.show_library(LIBRARY)
    window.chat_page.show_engine_status(samples.engine_ready(SMOL))
    window.models_page.show_status(samples.engine_ready(SMOL))
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
