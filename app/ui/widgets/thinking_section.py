"""What a reasoning model thought before it answered, folded away until the reader asks."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.markdown_view import MarkdownView
from app.ui.widgets.quiet_button import QuietButton

_INDENT_PX: Final = 16
_LINE_PX: Final = 1
_BELOW_PX: Final = 8


class ThinkingSection(QWidget):
    """A button that unfolds the thought; it is not even laid out before that."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._shown_chars = 0
        self._is_finished = False
        self._button = QuietButton(theme, self.tr("Thinking…"), self)
        self._button.setCheckable(True)
        self._button.setAccessibleDescription(
            self.tr("Shows or hides what the model thought before it answered")
        )
        self._button.toggled.connect(self._unfold)
        self._view = MarkdownView(theme, is_quiet=True, parent=self)
        self._view.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, theme.px(_BELOW_PX))
        self._layout.setSpacing(0)
        self._layout.addWidget(self._button)
        self._folded = QVBoxLayout()
        self._folded.setContentsMargins(theme.px(_INDENT_PX), 0, 0, 0)
        self._folded.addWidget(self._view)
        self._layout.addLayout(self._folded)

    @property
    def button(self) -> QuietButton:
        """The button that unfolds and folds the thought."""
        return self._button

    @property
    def view(self) -> MarkdownView:
        """The thought, visible while unfolded."""
        return self._view

    def append_text(self, text: str) -> None:
        """Take a batch of thought."""
        self._text += text
        if self._button.isChecked():
            self._show_new_text()

    def clear(self) -> None:
        """Forget the text."""
        self._text = ""
        self._shown_chars = 0
        self._is_finished = False
        self._view.set_text("")

    def finish(self) -> None:
        """The thought has ended."""
        if self._is_finished:
            return
        self._is_finished = True
        self.setVisible(bool(self._text.strip()))
        self._button.setText(self.tr("Thinking"))
        self._button.updateGeometry()
        if self._button.isChecked():
            self._show_new_text()

    def restyle(self) -> None:
        """Draw everything again in the theme in force."""
        self._button.updateGeometry()
        self._view.restyle()
        self._layout.setContentsMargins(0, 0, 0, self._theme.px(_BELOW_PX))
        self._folded.setContentsMargins(self._theme.px(_INDENT_PX), 0, 0, 0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a line along the thought, so that it is not taken for the answer."""
        if not self._view.isVisible():
            return
        left = self._view.x() - self._theme.px(_INDENT_PX) // 2
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = self._view.geometry().right() + self._theme.px(_INDENT_PX) // 2
        with QPainter(self) as painter:
            colour = QColor(self._theme.tokens.line)
            painter.fillRect(left, self._view.y(), _LINE_PX, self._view.height(), colour)

    def _unfold(self, is_unfolded: bool) -> None:  # noqa: FBT001 - slot of toggled
        self._view.setVisible(is_unfolded)
        if is_unfolded:
            self._show_new_text()

    def _show_new_text(self) -> None:
        if self._shown_chars < len(self._text):
            self._view.append_text(self._text[self._shown_chars :])
            self._shown_chars = len(self._text)
        if self._is_finished:
            self._view.finish()
