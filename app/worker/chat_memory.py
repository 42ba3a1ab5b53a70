"""Where the engine keeps what the model remembers of each chat, in the room the user allows."""

import hashlib
import logging

from app.core.errors import AppError
from app.core.settings import DEFAULTS, SettingKey, SettingValue
from app.store.saved_states import SavedStates
from app.worker.load_plan import LoadPlan

_LOG = logging.getLogger(__name__)


class ChatMemory:
    """Names the files of saved model memory, and sees that they do not grow too many."""

    def __init__(self, saved_states: SavedStates) -> None:
        self._saved_states = saved_states
        self._limit_bytes = _limit_bytes(DEFAULTS)

    def apply_settings(self, values: dict[SettingKey, SettingValue]) -> None:
        """Follow the room that the user allows, at once: what is above it is the user's text."""
        self._limit_bytes = _limit_bytes(values)
        self.keep_within_limit()

    def keep_within_limit(self) -> None:
        """Delete what was used longest ago until the rest has room."""
        self._saved_states.evict(self._limit_bytes)

    def forget(self, conversation_id: str) -> None:
        """Delete what is kept of a conversation."""
        self._saved_states.delete_conversation(conversation_id)

    def path_for(self, conversation_id: str, plan: LoadPlan, engine_version: str) -> str:
        """Give the file for a conversation: only good for what is in its name.

        Empty when none is to be kept, or none can be: that only costs time later.
        """
        if self._limit_bytes == 0:
            return ""
        model, kv_type = plan.model, plan.placement.kv_type.value
        facts = (str(model.path), model.size_bytes, model.modified_ns, kv_type, engine_version)
        fingerprint = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
        try:
            return str(self._saved_states.path_for(conversation_id, fingerprint))
        except AppError as error:
            _LOG.warning("no memory of chats can be kept: %s %s", error.code, error.detail)
            return ""


def _limit_bytes(values: dict[SettingKey, SettingValue]) -> int:
    return int(values[SettingKey.SAVED_STATE_LIMIT_MB]) * 1_000_000
