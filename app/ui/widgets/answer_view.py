"""One answer: what the model thought, folded away, and its Markdown, growing as it streams."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.cited_text import CitedPart, CitedText, chip_number
from app.ui.widgets.markdown_view import MarkdownView
from app.ui.widgets.reasoning import Parted, ReasoningSplitter, answer_part
from app.ui.widgets.section_column import LinkActivated
from app.ui.widgets.thinking_section import ThinkingSection
from app.worker.signal_types import signal_of

__all__ = ["AnswerView", "LinkActivated"]


class AnswerView(QWidget):
    """Shows one answer in Markdown, as high as its text at the width it is given.

    Links are never followed and images never loaded: `link_activated` tells the owner, who asks.

    Args:
        theme: Colours and scale; a change is followed at once.
        parent: The widget this one belongs to.

    Signals:
        link_activated: a link was chosen.
        source_activated: the chip with this number was chosen.
    """

    link_activated = signal_of(LinkActivated)
    source_activated = signal_of(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._raw = ""
        self._parts: Sequence[CitedPart] | None = None
        self._has_parts_to_come = False
        self._splitter = ReasoningSplitter()
        self._thinking: ThinkingSection | None = None
        self._answer = MarkdownView(theme, parent=self)
        self._answer.link_activated.connect(self._report_link)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._answer)
        theme.changed.connect(self._restyle)

    def append_text(self, text: str) -> None:
        """Show a batch of streamed text; about 30 batches a second are meant."""
        self._raw += text
        self._show(self._splitter.feed(text))
        if self._has_parts_to_come:
            self.cite(self._parts)

    def set_text(self, text: str) -> None:
        """Show a whole answer instead of what is shown."""
        self._raw = text
        self._splitter = ReasoningSplitter()
        first, last = self._splitter.feed(text), self._splitter.finish()
        if self._thinking is not None:
            self._thinking.clear()
        self._show_thought(first.thought + last.thought)
        self._answer.cite(None)
        self._answer.set_text(first.answer + last.answer)
        if self._thinking is not None:
            self._thinking.finish()
        if self._parts is not None:
            self.cite(self._parts)

    def finish(self) -> None:
        """The stream has ended: show the last block as it will stay."""
        self._show(self._splitter.finish())
        if self._thinking is not None:
            self._thinking.finish()
        self._answer.finish()

    def cite(self, parts: Sequence[CitedPart] | None) -> None:
        """Show what sentences rest on.

        Args:
            parts: sentences, by their place in `text()`, some of which may be still to come; None
                where nothing is said of sources.
        """
        self._parts = parts
        if parts is None:
            self._answer.cite(None)
            return
        self._has_parts_to_come = any(part.end > len(self._raw) for part in parts)
        # The thought comes first, so the answer is the end of what was given.
        answer = answer_part(self._raw)
        before = len(self._raw) - len(answer)
        moved = [replace(part, start=part.start - before, end=part.end - before) for part in parts]
        self._answer.cite(CitedText(answer, moved))

    def text(self) -> str:
        """The Markdown exactly as it was given, with what the model thought."""
        return self._raw

    def answer_text(self) -> str:
        """The Markdown to copy: without what the model thought and without hidden characters."""
        return self._answer.text().strip("\n")

    def is_complete(self) -> bool:
        """Whether all text so far is on screen; a very long one takes some time after a call."""
        return self._answer.is_complete()

    def _show(self, parted: Parted) -> None:
        self._show_thought(parted.thought)
        if parted.answer:
            self._answer.append_text(parted.answer)
        if self._thinking is not None and not self._splitter.is_thinking:
            self._thinking.finish()

    def _show_thought(self, thought: str) -> None:
        if self._thinking is None:
            if not thought.strip():
                return
            self._thinking = ThinkingSection(self._theme, self)
            self._thinking.view.link_activated.connect(self._report_link)
            self._layout.insertWidget(0, self._thinking)
            self.setTabOrder(self._thinking.view, self._answer)
        self._thinking.append_text(thought)

    def _restyle(self) -> None:
        self._answer.restyle()
        if self._thinking is not None:
            self._thinking.restyle()

    def _report_link(self, link: LinkActivated) -> None:
        number = chip_number(link.url)
        if number is None:
            self.link_activated.emit(link)
        else:
            self.source_activated.emit(number)
