"""The switch between the two views of the page of models."""

from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QTabBar

from app.ui.theme import Theme
from app.worker.signal_types import signal_of


class ModelsViewKey(StrEnum):
    """The views, as they are stored."""

    FIND = "find"
    INSTALLED = "installed"


class ViewSwitch(QTabBar):
    """Two tabs; each view has its own switch, which always says that this view is shown.

    Args:
        theme: colours and scale.
        own: the view that it stands in.

    Signals:
        view_chosen: the user wants the other view.
    """

    view_chosen = signal_of(ModelsViewKey)

    def __init__(self, theme: Theme, own: ModelsViewKey) -> None:
        super().__init__()
        self._own = own
        self.setAccessibleName(self.tr("Which models to show"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for key, words in (
            (ModelsViewKey.FIND, self.tr("For you")),
            (ModelsViewKey.INSTALLED, self.tr("On this computer")),
        ):
            self.setTabData(self.addTab(words), key)
        self._show_own()
        self.currentChanged.connect(self._on_changed)
        theme.changed.connect(self.updateGeometry)

    def _show_own(self) -> None:
        for place in range(self.count()):
            if self.tabData(place) == self._own:
                self.setCurrentIndex(place)

    @Slot(int)
    def _on_changed(self, place: int) -> None:
        """Ask for the other view; this switch goes on saying that its own is shown."""
        chosen = ModelsViewKey(self.tabData(place))
        if chosen is self._own:
            return
        with QSignalBlocker(self):
            self._show_own()
        self.view_chosen.emit(chosen)
