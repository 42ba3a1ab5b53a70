"""Asks before a link of an answer is opened: the model wrote it, so look where it leads."""

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
"""Others start programs or connect to other computers unasked."""


class LinkDialog(QDialog):
    """Shows the whole address, and the host in words."""

    def __init__(self, theme: Theme, url: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = QUrl(url)
        self.setWindowTitle(self.tr("Open this link?"))
        may_open = self._url.scheme().lower() in ALLOWED_SCHEMES
        host = self._url.host() or self._url.path() or url
        heading = self.tr("Open {host} in your browser?").format(host=host)
        text = self.tr(
            "The model wrote this link. Opening it leaves Quillhouse: your browser will connect"
            " to that address."
        )
        if not may_open:
            heading = self.tr("This link cannot be opened")
            text = self.tr("Quillhouse opens only web pages and e-mail addresses.")
        address = QLineEdit(self._url.toString())
        address.setReadOnly(True)
        address.setAccessibleName(self.tr("The whole address"))
        open_button = TextButton(theme, self.tr("Open in browser"), "external-link", "primary")
        open_button.setEnabled(may_open)
        open_button.clicked.connect(self._open)
        copy_button = TextButton(theme, self.tr("Copy address"), "copy")
        copy_button.clicked.connect(self._copy)
        cancel_button = TextButton(theme, self.tr("Cancel"))
        cancel_button.clicked.connect(self.reject)
        cancel_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (cancel_button, copy_button, open_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(heading, "heading", wraps=True))
        layout.addWidget(label(text, "dim", wraps=True))
        layout.addWidget(address)
        layout.addLayout(buttons)
        self.setMinimumWidth(theme.px(480))

    @Slot()
    def _open(self) -> None:
        """Hand the address to the browser."""
        QDesktopServices.openUrl(self._url)
        self.accept()

    @Slot()
    def _copy(self) -> None:
        """Put the address into the clipboard."""
        QGuiApplication.clipboard().setText(self._url.toString())
        self.accept()
