"""Asks before a link of an answer is opened: the model wrote it, so look where it leads."""

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.text_safety import is_safe_link, link_host


class LinkDialog(QDialog):
    """Shows the whole address, and the host, spelled so that no letter can pass for another.

    Args:
        theme: scale.
        url: the address.
        parent: the window.
        is_from_model: a model wrote it; else it is that of a model's page or licence.
    """

    def __init__(
        self,
        theme: Theme,
        url: str,
        parent: QWidget | None = None,
        *,
        is_from_model: bool = True,
    ) -> None:
        super().__init__(parent)
        self._url = QUrl(url)
        self.setWindowTitle(self.tr("Open this link?"))
        may_open = is_safe_link(url)
        heading = self.tr("Open {host} in your browser?").format(host=link_host(url))
        text = self.tr(
            "The model wrote this link. Opening it leaves Quillhouse: your browser will connect"
            " to that address."
        )
        if not is_from_model:
            text = self.tr("Your browser will connect to that address; Quillhouse does not.")
        if not may_open:
            heading = self.tr("This link cannot be opened")
            text = self.tr(
                "Quillhouse opens only web pages and e-mail addresses that show plainly where they"
                " lead."
            )
        address = QLineEdit(self._spelled())
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

    def _spelled(self) -> str:
        """Give the address as it goes over the network."""
        return self._url.toString(QUrl.ComponentFormattingOption.FullyEncoded)

    @Slot()
    def _open(self) -> None:
        """Hand the address to the browser."""
        QDesktopServices.openUrl(self._url)
        self.accept()

    @Slot()
    def _copy(self) -> None:
        """Put the address into the clipboard."""
        QGuiApplication.clipboard().setText(self._spelled())
        self.accept()
