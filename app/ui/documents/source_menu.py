"""Choosing folders and files on this computer."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.worker.signal_types import signal_of

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class ChosenPaths:
    """Folders and files that the user wants to have in a collection."""

    paths: tuple[Path, ...]


class SourceMenuButton(TextButton):
    """A button with a menu: a folder, or files.

    Signals:
        chosen: these are wanted.
    """

    chosen = signal_of(ChosenPaths)

    def __init__(self, theme: Theme, text: str, kind: str = "") -> None:
        super().__init__(theme, text, "plus", kind)
        menu = QMenu(self)
        menu.addAction(self.tr("Choose a folder…")).triggered.connect(self._on_folder)
        menu.addAction(self.tr("Choose files…")).triggered.connect(self._on_files)
        self.setMenu(menu)

    @Slot()
    def _on_folder(self) -> None:
        """Let the user choose a folder."""
        self._tell(chosen_folder(self.window()))

    @Slot()
    def _on_files(self) -> None:
        """Let the user choose files."""
        self._tell(chosen_files(self.window()))

    def _tell(self, paths: tuple[Path, ...]) -> None:
        if paths:
            self.chosen.emit(ChosenPaths(paths))


def chosen_folder(window: QWidget) -> tuple[Path, ...]:
    """Let the user choose a folder; nothing if they do not."""
    title = translate("documents", "Choose a folder of documents")
    path = QFileDialog.getExistingDirectory(window, title, str(Path.home()))
    return (Path(path),) if path else ()


def chosen_files(window: QWidget) -> tuple[Path, ...]:
    """Let the user choose files; nothing if they do not."""
    title = translate("documents", "Choose documents")
    paths, _ = QFileDialog.getOpenFileNames(window, title, str(Path.home()))
    return tuple(Path(path) for path in paths)
