"""Text of a document with some of its words marked."""

import html

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.ui.documents.marked_words import marked_ranges
from app.ui.theme import Theme
from app.ui.widgets.text_safety import visible_text


class MarkedLabel(QLabel):
    """Shows a passage; words that were asked for are bold on a ground of their own.

    The only label that reads markup, which is made here: of the text itself nothing is left as
    such.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self._question = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._show)

    def show_text(self, text: str, question: str) -> None:
        """Show another text, with the words of another question marked."""
        self._text, self._question = visible_text(text), question
        self.setAccessibleName(self._text)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Take the colours of the theme."""
        tokens = self._theme.tokens
        opening = f'<b style="background-color: {tokens.highlight}; color: {tokens.text}">'
        parts, place = [], 0
        for first, last in marked_ranges(self._text, self._question):
            parts += [
                html.escape(self._text[place:first]),
                opening,
                html.escape(self._text[first:last]),
                "</b>",
            ]
            place = last
        parts.append(html.escape(self._text[place:]))
        self.setText("".join(parts).replace("\n", "<br>"))
