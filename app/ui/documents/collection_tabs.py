"""The switch between the views of a collection."""

from enum import StrEnum

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QTabBar

from app.ui.theme import Theme
from app.worker.signal_types import signal_of


class TabKey(StrEnum):
    """The views, from first to last."""

    FILES = "files"
    TRY = "try"
    EVERY_FILE = "every_file"


class CollectionTabs(QTabBar):
    """Three tabs.

    Signals:
        chosen: this view is wanted.
    """

    chosen = signal_of(TabKey)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("What to show of this collection"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setUsesScrollButtons(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for key, words in (
            (TabKey.FILES, self.tr("Files")),
            (TabKey.TRY, self.tr("Try a question")),
            (TabKey.EVERY_FILE, self.tr("Ask every file")),
        ):
            self.setTabData(self.addTab(words), key)
        self.currentChanged.connect(self._on_changed)
        theme.changed.connect(self.updateGeometry)

    def choose(self, key: TabKey) -> None:
        """Show another view."""
        self.setCurrentIndex(list(TabKey).index(key))

    @Slot(int)
    def _on_changed(self, place: int) -> None:
        """Tell of it."""
        self.chosen.emit(TabKey(self.tabData(place)))
