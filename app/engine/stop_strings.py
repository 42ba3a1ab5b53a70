"""Ends an answer before a stop string, without showing the beginning of one."""

from collections.abc import Sequence


def beginning_at_end(text: str, string: str) -> int:
    """Count how many characters at the end of `text` are a beginning of `string`."""
    longest = min(len(text), len(string) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(string[:n])), 0)


class StopStrings:
    """Watches streamed text for stop strings.

    Text that may be the beginning of a stop string is held back until it is clear.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = tuple(string for string in stop if string)
        self._held = ""

    def feed(self, text: str) -> tuple[str, bool]:
        """Take the next text; give what can be shown, and whether a stop string was met."""
        if not self._stop:
            return text, False
        text = self._held + text
        found = [place for string in self._stop if (place := text.find(string)) >= 0]
        if found:
            self._held = ""
            return text[: min(found)], True
        n_held = max(beginning_at_end(text, string) for string in self._stop)
        self._held = text[len(text) - n_held :]
        return text[: len(text) - n_held], False

    def rest(self) -> str:
        """Give what was held back, when the answer ended otherwise."""
        held, self._held = self._held, ""
        return held
