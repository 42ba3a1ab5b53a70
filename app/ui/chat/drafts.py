"""What was typed and not sent, and what is being sent but may not be stored yet."""

from dataclasses import dataclass

from app.core.events import SendRequest


@dataclass(frozen=True, slots=True)
class PendingSend:
    """A message of which it is not known yet whether it was stored.

    Attributes:
        typed: the text exactly as it stands in the composer.
    """

    request: SendRequest
    typed: str


@dataclass(frozen=True, slots=True)
class Edit:
    """An earlier message that is being written differently, as far as it is."""

    turn_id: str
    text: str


class Drafts:
    """The text typed in each chat; None stands for the chat not begun."""

    def __init__(self) -> None:
        self._texts: dict[str | None, str] = {}

    def keep(self, conversation_id: str | None, text: str) -> bool:
        """Keep a text; say whether it differs from what was kept."""
        if self._texts.get(conversation_id, "") == text:
            return False
        self._texts[conversation_id] = text
        return True

    def text(self, conversation_id: str | None, stored: str = "") -> str:
        """Give the text of a chat: what was typed here, or else what was stored before."""
        return self._texts.setdefault(conversation_id, stored)

    def drop_sent(self, conversation_id: str | None, text: str) -> None:
        """Forget a text that was sent, unless something else has been typed since."""
        if self._texts.get(conversation_id) == text:
            self._texts[conversation_id] = ""
