"""Payloads of the signals between the window and the workers, one frozen dataclass each.

Requests end in `Request`; everything else is a fact about what has happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.core.conversation import (
    AnswerMeasurement,
    Conversation,
    Role,
    ShownTurn,
    TurnState,
)
from app.core.documents.evidence import ChatDocuments, PromptPassage
from app.core.errors import Failure
from app.core.fit.memory import NO_MEMORY, MemoryNeed
from app.core.model import ModelFile
from app.core.origin import Origin
from app.core.placement import DeviceUse, Placement, StepDown
from app.core.sampling import Sampling
from app.core.settings import SettingKey, SettingValue

# --- the window asks the conversation worker -------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConversationRequest:
    """Something about one conversation: open, delete, restore, answer again.

    Attributes:
        turn_id: bring this turn into sight; empty for the end.
    """

    conversation_id: str
    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """Something about one turn: regenerate, show this sibling, delete, restore."""

    conversation_id: str
    turn_id: str


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Store the user's text and have it answered; a new conversation when the id is None.

    Attributes:
        edited_id: the user's earlier turn that this one stands in for, as another version of
            it; None for the next message.
        serial: names this request in the reply.
        documents: what the chat is asked from, from now on; None leaves that as it is.
    """

    conversation_id: str | None
    text: str
    edited_id: str | None = None
    serial: int = 0
    documents: ChatDocuments | None = None


@dataclass(frozen=True, slots=True)
class ChatDocumentsRequest:
    """Ask this chat from other documents, or from none, from now on."""

    conversation_id: str
    documents: ChatDocuments


@dataclass(frozen=True, slots=True)
class RenameRequest:
    """Give a conversation a title."""

    conversation_id: str
    title: str


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Keep text typed but not sent; the id is None for a conversation not begun."""

    conversation_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Search titles and texts; `serial` lets the window drop late results."""

    query: str
    serial: int


@dataclass(frozen=True, slots=True)
class SettingRequest:
    """Change one setting; None takes the default again."""

    key: SettingKey
    value: SettingValue | None


# --- the conversation worker says ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreReady:
    """The store is open. `damaged_path` is where an unreadable database was put aside."""

    new_chat_draft: str = ""
    damaged_path: str = ""


@dataclass(frozen=True, slots=True)
class ChatList:
    """All conversations, newest first."""

    conversations: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """A conversation and the branch of turns to show, after it was opened or changed."""

    conversation: Conversation
    turns: tuple[ShownTurn, ...]


@dataclass(frozen=True, slots=True)
class MessageStored:
    """The message of the request with this serial is on disk, in this conversation."""

    serial: int
    conversation_id: str


@dataclass(frozen=True, slots=True)
class SendFailed:
    """A message could not be stored, so it was not sent; the window keeps the text."""

    request: SendRequest
    failure: Failure


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """Something else could not be stored or read."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Deleted:
    """A conversation (`turn_id` None) or a turn and all below it is hidden and can come back."""

    conversation_id: str
    turn_id: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class PurgeRequest:
    """What was deleted can no longer come back; remove it for good."""

    deleted: tuple[Deleted, ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A conversation that matches; `snippet` has the matches between U+2068 and U+2069.

    Attributes:
        turn_id: the turn that matches best; empty if only the title does.
    """

    conversation_id: str
    title: str
    snippet: str
    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found, best first."""

    serial: int
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """All settings, after start or a change."""

    values: dict[SettingKey, SettingValue]


@dataclass(frozen=True, slots=True)
class Library:
    """Model files known to this computer, last used first; `starter` is the bundled one.

    `origins` says of each path whose file it is; the starter's is left out.
    """

    models: tuple[ModelFile, ...]
    missing: tuple[ModelFile, ...] = ()
    starter: ModelFile | None = None
    origins: Mapping[Path, Origin] = field(default_factory=dict)


# --- requests to the engine worker -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromptTurn:
    """A turn as it goes into the prompt; the id lets the engine recognise its own answers.

    Attributes:
        passages: of documents, put before the user's text: best first in the newest turn, of
            which as many are taken as fit; in reading order in earlier turns, all of which are
            taken, so that the prompt begins as it did.
    """

    turn_id: str
    role: Role
    text: str
    passages: tuple[PromptPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Write an answer.

    Attributes:
        answer_id: the turn being written; names this request everywhere.
        conversation_id: whose memory of the model this is.
        turns: the branch, with instructions first if there are any.
        remembered_from_id: the first turn that reached the model last time; None for all.
        may_forget: older turns may be left out when the context is too small.
    """

    answer_id: str
    conversation_id: str
    turns: tuple[PromptTurn, ...]
    sampling: Sampling
    remembered_from_id: str | None = None
    may_forget: bool = False


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """Load a model file in place.

    Attributes:
        n_ctx: wanted context length in tokens, 0 for automatic; None takes what is remembered
            for this model.
        is_forced: also if it seems too big for this computer.
    """

    path: Path
    n_ctx: int | None = None
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class StopRequest:
    """Stop writing (or waiting to write) an answer."""

    answer_id: str


# --- the engine worker says ------------------------------------------------------------------


class EngineState(StrEnum):
    """States of the engine's supervisor; drawn in `app/worker/engine_supervisor.py`."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is doing and with which model."""

    state: EngineState
    model: ModelFile | None = None
    is_loading: bool = False


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """A model is being loaded; `fraction` 0.0 to 1.0, `seconds_left` None until known."""

    model: ModelFile
    fraction: float
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model is ready.

    Attributes:
        stepped_down: what the load ladder gave up, in order; empty when all went as asked.
        memory_bytes: how much the engine process grew by.
        load_s: seconds it took.
        device: where it computes, for one quiet line.
        predicted: memory that it was expected to take.
        is_returning: it was not chosen, but has come back because another load failed.
        device_uses: what each device does, the processor first.
    """

    model: ModelFile
    placement: Placement
    stepped_down: tuple[StepDown, ...]
    memory_bytes: int
    load_s: float
    device: str
    predicted: MemoryNeed = NO_MEMORY
    is_returning: bool = False
    device_uses: tuple[DeviceUse, ...] = ()

    @property
    def taken_bytes(self) -> int:
        """Memory that it takes everywhere.

        With graphics, as the engine itself counts: what a process grows by leaves out the memory
        of cards, and takes in pages of a mapped file that it could do without.
        """
        if not self.placement.devices:
            return self.memory_bytes
        return sum(use.memory_bytes for use in self.device_uses)


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """A model could not be loaded; whatever was loaded before is loaded again."""

    path: Path
    failure: Failure


@dataclass(frozen=True, slots=True)
class ModelSkipped:
    """The last start ended while this model was being loaded, so it was not loaded again."""

    path: Path


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    """The prompt is read; `remembered_from_id` is the first turn that reached the model.

    `n_passages` of the newest turn's passages, the best ones, reached it too.
    """

    answer_id: str
    conversation_id: str
    remembered_from_id: str | None
    n_passages: int = 0


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """The prompt is being read; `seconds_left` is None until it can be told."""

    answer_id: str
    n_read_tokens: int
    n_prompt_tokens: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class AnswerDelta:
    """New text of an answer, to be appended."""

    answer_id: str
    text: str
    n_tokens: int


class FinishReason(StrEnum):
    """Why an answer ended."""

    END_OF_TURN = "end_of_turn"
    STOPPED = "stopped"
    MAX_TOKENS = "max_tokens"
    CONTEXT_FULL = "context_full"


STATE_AFTER: dict[FinishReason, TurnState] = {
    FinishReason.END_OF_TURN: TurnState.COMPLETE,
    FinishReason.STOPPED: TurnState.STOPPED,
    FinishReason.MAX_TOKENS: TurnState.CUT_OFF,
    FinishReason.CONTEXT_FULL: TurnState.CUT_OFF,
}
"""The state of a turn after its answer has ended for a reason."""


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """An answer has ended well or was stopped."""

    answer_id: str
    reason: FinishReason
    model_name: str
    measurement: AnswerMeasurement | None


@dataclass(frozen=True, slots=True)
class AnswerFailed:
    """An answer ended in an error; the text so far is kept."""

    answer_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class MemoryFull:
    """The conversation no longer fits and nothing was dropped yet.

    Attributes:
        n_prompt_tokens: what the whole conversation would take.
        n_ctx: context length in tokens.
        n_forgotten: how many of the oldest turns would be left out.
    """

    answer_id: str
    conversation_id: str
    n_prompt_tokens: int
    n_ctx: int
    n_forgotten: int


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """The engine process died or cannot be started; `is_restarting` while it is coming back."""

    failure: Failure
    is_restarting: bool
