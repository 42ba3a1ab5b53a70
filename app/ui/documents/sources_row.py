"""The folders and files that a collection is made of."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.documents.source_menu import ChosenPaths, SourceMenuButton
from app.ui.icons import pixmap
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.foreign_text import foreign_text
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import label
from app.ui.widgets.quiet_button import QuietButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

MOST_SHOWN = 8
LONGEST_CHARS = 32
ICON_PX = 15


class SourceChip(QFrame):
    """A folder or file with a cross; the tooltip has the whole path.

    Signals:
        removed: it is to belong to the collection no more.
    """

    removed = signal_of(Path)

    def __init__(self, theme: Theme, path: Path) -> None:
        super().__init__()
        self._theme = theme
        self._path = path
        name = foreign_text(path.name or str(path), LONGEST_CHARS)
        self.setProperty("surface", "chip")
        self.setToolTip(foreign_text(str(path), 400))
        self.setAccessibleName(name)
        self._icon = label()
        remove = IconButton(theme, "x", self.tr("Leave out {name}").format(name=name), size_px=14)
        remove.clicked.connect(self._on_removed)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon)
        self._layout.addWidget(label(name))
        self._layout.addWidget(remove)
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        """Take the colours and sizes of the theme."""
        px = self._theme.px
        self._layout.setContentsMargins(px(10), px(1), px(2), px(1))
        self._layout.setSpacing(px(6))
        # Names of folders have no ending, as a rule; to look would be to touch the disk.
        name = "file-text" if self._path.suffix else "folder-open"
        side, scale = px(ICON_PX), self.devicePixelRatioF()
        self._icon.setPixmap(pixmap(name, self._theme.tokens.dim, side, scale))

    @Slot()
    def _on_removed(self) -> None:
        """It is not wanted any more."""
        self.removed.emit(self._path)


class SourcesRow(QWidget):
    """A chip for each; of many only the first until all are wanted.

    Signals:
        add_requested: these folders and files are to belong to it too.
        remove_requested: this one is not.
    """

    add_requested = signal_of(ChosenPaths)
    remove_requested = signal_of(Path)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sources: tuple[Path, ...] = ()
        self._is_whole = False
        self._row: WrappingRow | None = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(self.tr("Folders and files"))
        self._fill()

    def show_sources(self, sources: Sequence[Path]) -> None:
        """Show what belongs to the collection."""
        if tuple(sources) != self._sources:
            self._sources = tuple(sources)
            self._fill()

    def _fill(self) -> None:
        """Make the row anew; the keyboard goes on at its end if it was in it."""
        old, row = self._row, WrappingRow(self._theme, gap_px=6)
        had_focus = old is not None and old.isAncestorOf(self.window().focusWidget())
        shown = self._sources if self._is_whole else self._sources[:MOST_SHOWN]
        for path in shown:
            chip = SourceChip(self._theme, path)
            chip.removed.connect(self.remove_requested.emit)
            row.add(chip)
        if n_more := len(self._sources) - len(shown):
            text = self.tr("and {n} more").format(n=count_text(n_more))
            more = QuietButton(self._theme, text)
            more.setAccessibleName(text)
            more.clicked.connect(self._on_more)
            row.add(more)
        adding = SourceMenuButton(self._theme, self.tr("Add…"), kind="chip")
        adding.setAccessibleName(self.tr("Add folders or files"))
        adding.chosen.connect(self.add_requested.emit)
        row.add(adding)
        self._layout.addWidget(row)
        row.show()
        self._row = row
        if old is not None:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        if had_focus:
            adding.setFocus()

    @Slot()
    def _on_more(self) -> None:
        """Show all of them."""
        self._is_whole = True
        self._fill()
