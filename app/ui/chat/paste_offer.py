"""The quiet line that offers to keep a long pasted text as a document of the chat."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal_of

SIDE_PX = 14
GAP_PX = 8
ICON_PX = 16


class PasteOffer(QWidget):
    """Offers to attach what was pasted last; it stays in the message otherwise.

    Signals:
        accepted: attach this text.
    """

    accepted = signal_of(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pasted = ""
        self._text = label(
            self.tr("That is a long text. As a document, its sources can be shown."),
            "dim",
            wraps=True,
        )
        self._attach = TextButton(theme, self.tr("Attach as document"), "file-text")
        self._attach.clicked.connect(self._on_attach)
        self._close = IconButton(theme, "x", self.tr("Leave it in the message"), size_px=ICON_PX)
        self._close.clicked.connect(self.drop)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._attach)
        self._layout.addWidget(self._close)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @Slot(object)
    def offer(self, pasted: str) -> None:
        """Offer to attach this text."""
        self._pasted = pasted
        self.show()

    @Slot()
    def drop(self) -> None:
        """Offer nothing any more."""
        self._pasted = ""
        self.hide()

    @Slot()
    def _on_attach(self) -> None:
        pasted = self._pasted
        self.drop()
        self.accepted.emit(pasted)

    @Slot()
    def _restyle(self) -> None:
        self._layout.setContentsMargins(self._theme.px(SIDE_PX), 0, 0, 0)
        self._layout.setSpacing(self._theme.px(GAP_PX))
