"""Markdown on screen, whole or growing; long texts are worked off in slices."""

import time
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme
from app.ui.widgets.cited_text import CitedText
from app.ui.widgets.code_colours import CodeColourist, language_name
from app.ui.widgets.markdown_blocks import read_markdown
from app.ui.widgets.markdown_leaves import Leaf
from app.ui.widgets.markdown_stream import LeafUpdate, MarkdownStream
from app.ui.widgets.section_column import SectionColumn
from app.ui.widgets.text_safety import visible_text

# Reading this much at once takes 9 ms, 60 ms in the worst case measured. A longer text is read
# as a stream even when it is there as a whole.
_WHOLE_CHARS: Final = 16_000
_SLICE_CHARS: Final = 4_000
# Long enough for all but very long answers, short enough not to be felt.
_BUDGET_S: Final = 0.03


def warm_up() -> Iterator[None]:
    """Load the parsers in steps of 5 to 25 ms, for idle moments after the first paint.

    Not on another thread: an import holds the interpreter, and a module that two threads import
    at once may be seen half made where modules import each other.
    """
    read_markdown("")
    yield
    language_name("")
    yield
    CodeColourist("python")
    yield


class MarkdownView(SectionColumn):
    """Shows Markdown in a `SectionColumn`.

    Args:
        theme: Colours and scale; call `restyle` when it has changed.
        is_quiet: Smaller and dimmer text.
        parent: The widget this one belongs to.
    """

    def __init__(
        self, theme: Theme, *, is_quiet: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, is_quiet=is_quiet, parent=parent)
        self._text = ""
        self._pending = ""
        self._read: list[Leaf] = []
        self._cited: CitedText | None = None
        self._stream: MarkdownStream | None = None
        self._settled_count = 0
        self._is_finishing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._work)

    def text(self) -> str:
        """The Markdown without characters that hide or reorder text."""
        return self._text

    def is_complete(self) -> bool:
        """Whether all text so far is on screen; a long one needs turns of the event loop."""
        return not self._timer.isActive()

    def append_text(self, text: str) -> None:
        """Show a batch of streamed text."""
        text = visible_text(text)
        if self._stream is None:
            self._stream = MarkdownStream()
            self._settled_count = 0
            self._pending = self._text
        self._text += text
        self._pending += text
        self._is_finishing = False
        if not self._timer.isActive():
            self._work()

    def set_text(self, text: str) -> None:
        """Show a whole text instead of what is shown."""
        self._timer.stop()
        self._text = visible_text(text)
        self._pending = ""
        self._stream = None
        if len(self._text) > _WHOLE_CHARS:
            self._stream = MarkdownStream()
            self._settled_count = 0
            self._pending = self._text
        self._is_finishing = True
        self._work()

    def finish(self) -> None:
        """Take the text as complete."""
        self._is_finishing = True
        if not self._timer.isActive():
            self._work()

    def cite(self, cited: CitedText | None) -> None:
        """Show what the sentences of the text rest on; only blocks that change are drawn anew."""
        self._cited = cited
        self.show_leaves(0, self._read if cited is None else cited.cite(self._read))
        if not self._timer.isActive() and not self.build(_BUDGET_S):
            self._timer.start()

    def _work(self) -> None:
        """Read and show for a while; the timer calls again for the rest."""
        end = time.perf_counter() + _BUDGET_S
        while True:
            if self._pending and self._stream is not None:
                batch, self._pending = self._pending[:_SLICE_CHARS], self._pending[_SLICE_CHARS:]
                self._take(self._stream.append(batch))
            if not self._pending and self._is_finishing:
                self._close()
            is_built = self.build(_BUDGET_S)
            if not self._pending or time.perf_counter() > end:
                break
        if self._pending or not is_built:
            self._timer.start()

    def _take(self, update: LeafUpdate) -> None:
        self._show(self._settled_count, (*update.settled, *update.open))
        self._settled_count += len(update.settled)

    def _close(self) -> None:
        """Settle the open leaves; a text of usual length is read once more as a whole."""
        if self._stream is not None:
            self._take(self._stream.finish())
            self._stream = None
        self._is_finishing = False
        if len(self._text) <= _WHOLE_CHARS:
            self._show(0, read_markdown(self._text))

    def _show(self, first: int, leaves: Sequence[Leaf]) -> None:
        """Show leaves from number `first` on, with the sources of their sentences."""
        self._read[first:] = leaves
        if self._cited is None:
            self.show_leaves(first, leaves)
        else:
            self.show_leaves(0, self._cited.cite(self._read))
