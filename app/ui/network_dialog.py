"""Asks once before anything goes over the network."""

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.core.network import HUB_HOST
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import breakable_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow

WIDTH_PX = 500


class NetworkDialog(QDialog):
    """Says who would be contacted, what they see, and what is never sent. Show it with `open`.

    It is accepted by "Use the internet".

    Args:
        theme: colours and scale.
        parent: what it belongs to.
        host: the Hub, or a mirror of it.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None, host: str = HUB_HOST) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Use the internet?"))
        lead = self._lead(host)
        lines = (
            (
                "info",
                self.tr(
                    "They see your internet address, and which models you search for, look at or"
                    " download."
                ),
            ),
            (
                "circle-check",
                self.tr(
                    "Never sent: your chats, your documents, and anything about you or this"
                    " computer."
                ),
            ),
            (
                "list",
                self.tr(
                    "Every request is written down for you in the settings, and you can switch the"
                    " internet off there at any time."
                ),
            ),
        )
        use = TextButton(theme, self.tr("Use the internet"), "wifi", "primary")
        # No default: the Enter that sent the question must not answer this one, too.
        use.setAutoDefault(False)
        use.clicked.connect(self.accept)
        stay = TextButton(theme, self.tr("Stay offline"), "wifi-off")
        stay.setAutoDefault(False)
        stay.clicked.connect(self.reject)
        buttons = WrappingRow(theme, gap_px=8)
        buttons.add(use)
        buttons.add(stay)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "heading", wraps=True))
        layout.addWidget(label(lead, wraps=True))
        for icon_name, text in lines:
            line = IconLine(theme, "dim", icon_name)
            line.say(Tone.PLAIN, text)
            layout.addWidget(line)
        layout.addSpacing(4)
        layout.addWidget(buttons)
        self.setFixedWidth(theme.px(WIDTH_PX))
        use.setFocus()

    def _lead(self, host: str) -> str:
        """Say who would be contacted."""
        if host == HUB_HOST:
            text = self.tr(
                "For this, Quillhouse has to contact {host}, where most open models are"
                " published, and its servers for downloads. It is offline now."
            )
        else:
            text = self.tr(
                "For this, Quillhouse has to contact {host}, the mirror of huggingface.co that"
                " your settings name, and the servers it sends downloads from. It is offline now."
            )
        return text.format(host=host if host == HUB_HOST else breakable_text(host))
