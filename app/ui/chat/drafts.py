"""What was typed and not sent, and what is being sent but may not be stored yet."""

from dataclasses import dataclass

from app.core.conversation import Role
from app.core.events import SendRequest, ShownConversation


@dataclass(frozen=True, slots=True)
class PendingSend:
    """A message of which it is not known yet whether it was stored.

    Attributes:
        typed: the text exactly as it stands in the composer.
        known_ids: the turns of the chat before.
    """

    request: SendRequest
    typed: str
    known_ids: frozenset[str]

    def is_stored_in(self, shown: ShownConversation) -> bool:
        """Say whether a conversation holds the message as a turn that was not there before."""
        wanted_id = self.request.conversation_id
        if wanted_id is not None and wanted_id != shown.conversation.conversation_id:
            return False
        return any(
            one.turn.role is Role.USER
            and one.turn.text == self.request.text
            and one.turn.turn_id not in self.known_ids
            for one in shown.turns
        )


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
