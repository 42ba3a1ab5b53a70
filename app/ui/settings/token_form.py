"""The access token for models whose publishers want to be asked."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.hub_events import TokenAnswer, TokenRequest
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import foreign_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

FIELD_PX = 200


class TokenForm(QWidget):
    """A field for a token, or the word that one is kept; what was wrong stands below.

    Signals:
        token_entered: keep this token; empty: forget the one that is kept.
        token_page_requested: show the page on which tokens are made.

    Attributes:
        title: what stands above it.
    """

    token_entered = signal_of(TokenRequest)
    token_page_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._has_token = False
        self.title = self.tr("Access token for models that want to be asked")
        explanation = self.tr(
            "Some publishers let you download only after you have accepted their terms on the"
            " model's page. A token of the kind “read” then shows that you have. It is kept in"
            " this system's keyring and sent to huggingface.co only."
        )
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText("hf_…")
        self._field.setAccessibleName(self.title)
        self._field.setAccessibleDescription(explanation)
        self._field.textChanged.connect(self._on_typed)
        self._field.returnPressed.connect(self._on_keep)
        self._keep = TextButton(theme, self.tr("Keep this token"))
        self._keep.setEnabled(False)
        self._keep.clicked.connect(self._on_keep)
        self._get = TextButton(theme, self.tr("Get a token…"), "external-link", "quiet")
        self._get.clicked.connect(self.token_page_requested)
        self._kept = label(self.tr("A token is kept."), "strong")
        self._forget = TextButton(theme, self.tr("Forget it"), "trash-2")
        self._forget.clicked.connect(self._on_forget)
        self._answer = IconLine(theme, "dim")
        entering = WrappingRow(theme, gap_px=8)
        # In a part of its own, since a row goes by the size that a widget would like to have.
        self._field_part = QWidget()
        inside = QHBoxLayout(self._field_part)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._field)
        for part in (self._field_part, self._keep, self._get, self._kept, self._forget):
            entering.add(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 8)
        layout.setSpacing(6)
        layout.addWidget(label(self.title, "strong", wraps=True))
        layout.addWidget(label(explanation, "dim", wraps=True))
        layout.addWidget(entering)
        layout.addWidget(self._answer)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_token(has_token=False)

    def focus_first(self) -> None:
        """Give the keyboard to the field, or to what stands in its place."""
        (self._forget if self._has_token else self._field).setFocus()

    def show_token(self, *, has_token: bool) -> None:
        """Show whether one is kept."""
        had_focus = self._field.hasFocus() or self._keep.hasFocus() or self._forget.hasFocus()
        self._has_token = has_token
        entering: tuple[QWidget, ...] = (self._field_part, self._keep, self._get)
        keeping: tuple[QWidget, ...] = (self._kept, self._forget)
        for part in entering:
            part.setVisible(not has_token)
        for part in keeping:
            part.setVisible(has_token)
        if had_focus:
            self.focus_first()

    def show_answer(self, answer: TokenAnswer) -> None:
        """Say whether a token was accepted; one that was not stays in the field."""
        self._on_typed()
        if answer.failure is not None:
            message = message_for(answer.failure)
            text = f"{message.title}. {message.what_happened} {message.what_to_do}"
            self._say(text, Tone.BAD)
            return
        self._field.clear()
        name = foreign_text(answer.name)
        words = self.tr("Accepted, for the account {name}.").format(name=name)
        self._say(words if name else self.tr("Forgotten."), Tone.GOOD)

    def show_not_asked(self) -> None:
        """Say nothing any more: the user stayed offline."""
        self._on_typed()
        self._say("", Tone.GOOD)

    def _say(self, text: str, tone: Tone) -> None:
        self._answer.say(tone, text)
        if text:
            announce(self, text)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._field.setMinimumWidth(self._theme.px(FIELD_PX))

    @Slot()
    def _on_typed(self) -> None:
        """There is something to be kept."""
        self._keep.setEnabled(bool(self._field.text().strip()))

    @Slot()
    def _on_keep(self) -> None:
        """Ask whether the token is accepted, and keep it then."""
        token = self._field.text().strip()
        if token and self._keep.isEnabled():
            self._keep.setEnabled(False)
            self._say(self.tr("Asking huggingface.co whether it is valid…"), Tone.PLAIN)
            self.token_entered.emit(TokenRequest(token))

    @Slot()
    def _on_forget(self) -> None:
        """Keep it no longer."""
        self.token_entered.emit(TokenRequest(""))
