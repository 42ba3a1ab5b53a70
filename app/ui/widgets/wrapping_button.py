"""A button whose words go on in the next line where there is no room."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton


class WrappingButton(TextButton):
    """For words that may be longer than a narrow window is wide, as at twice the text size."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon_name: str = "",
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, icon_name, kind, parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _words(self) -> str:
        return self.text().replace("\n", " ")

    def _around(self) -> QSize:
        """Give the room that everything but the text takes."""
        text = self.fontMetrics().size(0, self.text())
        return super().sizeHint() - text

    def sizeHint(self) -> QSize:
        """All words in one line."""
        self.ensurePolished()
        return self._around() + self.fontMetrics().size(0, self._words())

    def minimumSizeHint(self) -> QSize:
        """The longest word."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        longest = max(metrics.horizontalAdvance(word) for word in self._words().split(" "))
        return QSize(self._around().width() + longest, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of all lines at this width."""
        self.ensurePolished()
        wrapped = "\n".join(self._lines(width_px))
        return self._around().height() + self.fontMetrics().size(0, wrapped).height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the words anew."""
        super().resizeEvent(event)
        wrapped = "\n".join(self._lines(self.width()))
        if wrapped != self.text():
            self.setText(wrapped)

    def _lines(self, width_px: int) -> list[str]:
        words = self._words()
        room = width_px - self._around().width()
        if self.fontMetrics().size(0, words).width() <= room:
            return [words]
        layout = QTextLayout(words, self.font())
        layout.setTextOption(_by_words())
        lines: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, room))
            lines.append(words[line.textStart() :][: line.textLength()].strip(" "))
        layout.endLayout()
        return lines


def _by_words() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    return option
