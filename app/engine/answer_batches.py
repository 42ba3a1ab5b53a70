"""Written text on its way to the window: one message a frame, not one a token."""

import time
from collections.abc import Callable

BATCH_INTERVAL_S = 0.03
"""About two frames of a screen; the eye does not see the difference."""


class AnswerBatches:
    """Collects the text of tokens and sends it now and then.

    Args:
        send: takes text and the number of its tokens.
        opening: goes before the first text, and belongs to no token.

    Attributes:
        first_s: monotonic time of the first text in seconds; 0.0 until then.
    """

    def __init__(self, send: Callable[[str, int], None], opening: str = "") -> None:
        self.first_s = 0.0
        self._send = send
        self._opening = opening
        self._waiting: list[str] = []
        self._n_tokens = 0
        self._sent: list[str] = []
        self._sent_s = 0.0

    def add(self, text: str) -> None:
        """Take the text of one more token, and send what waits if it is time."""
        self._waiting.append(text)
        self._n_tokens += 1
        if time.monotonic() - self._sent_s >= BATCH_INTERVAL_S:
            self.flush()

    def flush(self, last_text: str = "") -> None:
        """Send what waits, and `last_text`, which belongs to tokens already counted."""
        text = "".join(self._waiting) + last_text
        self._waiting.clear()
        if not text:
            return
        text, self._opening = self._opening + text, ""
        self._send(text, self._n_tokens)
        self._n_tokens = 0
        self._sent.append(text)
        self._sent_s = time.monotonic()
        self.first_s = self.first_s or self._sent_s

    def text(self) -> str:
        """Everything sent so far."""
        return "".join(self._sent)
