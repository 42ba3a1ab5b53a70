"""What the window process and the engine process say to each other, and its framing.

The only file both sides share. Messages are typed structs, one JSON object a line (JSON Lines):
no pickle, no port, readable in a log. Paths are bytes (as `os.fsencode` gives them), since a
file name need not be text. The child's first message is `Hello`; its version is
compared before anything else. Every request has an id, and every reply names the request it
belongs to, so that late replies can be dropped.
"""

from enum import StrEnum

import msgspec

from app.core.computer import Device
from app.core.documents.embedding_model import Pooling
from app.core.errors import Failure
from app.core.events import FinishReason, PromptTurn
from app.core.fit.memory import MemoryNeed
from app.core.fit.speed import Calibration
from app.core.json_lines import line_of, message_of
from app.core.placement import DeviceUse, Placement
from app.core.sampling import Sampling

PROTOCOL_VERSION = 5
"""Raised whenever a message changes."""


class Request(msgspec.Struct, frozen=True, tag=True):
    """From the window to the engine."""

    request_id: str


class Load(Request, frozen=True, tag=True):
    """Load a model file; whatever was loaded is unloaded first."""

    path: bytes
    display_name: str
    placement: Placement


class Generate(Request, frozen=True, tag=True):
    """Write an answer; `request_id` is the id of the turn being written.

    Attributes:
        state_path: file with the saved memory of this conversation, to be read before and
            written after; empty when nothing is to be kept.
        remembered_from_id: the first turn that reached the model last time; empty for all.
        may_forget: older turns may be left out when the context is too small.
        max_passage_tokens: how much of documents may be read anew; 0 for as much as fits. The
            best passage is read in any case.
    """

    conversation_id: str
    turns: tuple[PromptTurn, ...]
    sampling: Sampling
    state_path: bytes = b""
    remembered_from_id: str = ""
    may_forget: bool = False
    max_passage_tokens: int = 0


class Stop(Request, frozen=True, tag=True):
    """Stop the request of this id as soon as possible."""


class SaveMemory(Request, frozen=True, tag=True):
    """Save the memory of the current conversation to its file, if it has grown."""


class ForgetConversation(Request, frozen=True, tag=True):
    """Drop a deleted conversation from memory, so that it is not saved again."""

    conversation_id: str


class ReadDevices(Request, frozen=True, tag=True):
    """Say what this build can compute on, and how much memory that has now."""


class EstimateMemory(Request, frozen=True, tag=True):
    """Say what a model would take as placed, without loading its weights.

    Of the file at `path` only the header is read; the rest may be a hole.
    """

    path: bytes
    placement: Placement


class Calibrate(Request, frozen=True, tag=True):
    """Measure the processor: about three seconds.

    Attributes:
        processor: name of it, which the result is good for.
        n_threads: to write with at most.
        n_threads_batch: to read with.
    """

    processor: str
    n_threads: int
    n_threads_batch: int


class LoadEmbedding(Request, frozen=True, tag=True):
    """Load a model that makes vectors; one that was loaded for this before is unloaded first.

    Attributes:
        pooling: how the vectors of tokens become one.
        max_tokens: longer texts are cut to so many tokens, those around them included.
        n_dimensions: how many of a vector's numbers are kept; 0 for all.
        text_end: what must stand at the end of every text; empty for what the file says.
    """

    path: bytes
    display_name: str
    pooling: Pooling
    max_tokens: int
    n_dimensions: int = 0
    text_end: str = ""


class Embed(Request, frozen=True, tag=True):
    """Make vectors of texts. A Stop ends it early, with those that are done.

    Attributes:
        texts: with the model's prefixes, ready to be read.
        n_threads: to compute with.
    """

    texts: tuple[str, ...]
    n_threads: int


EmbeddingRequest = LoadEmbedding | Embed
SurveyRequest = ReadDevices | EstimateMemory | Calibrate
"""What is asked of a process of its own that ends afterwards."""
AnyRequest = (
    Load | Generate | Stop | SaveMemory | ForgetConversation | EmbeddingRequest | SurveyRequest
)


class Phase(StrEnum):
    """What the engine is about to do; tells what it died of if it dies."""

    LOADING = "loading"
    TEMPLATE = "template"
    RESTORING = "restoring"
    READING = "reading"
    WRITING = "writing"
    SAVING = "saving"
    IDLE = "idle"


class Reply(msgspec.Struct, frozen=True, tag=True):
    """From the engine to the window."""

    request_id: str


class Hello(Reply, frozen=True, tag=True):
    """First message of the engine: it can be used.

    Attributes:
        engine_version: of the library, part of the fingerprint of saved memory.
        devices: names of what this build can compute on, the processor among them.
    """

    protocol_version: int
    engine_version: str
    devices: tuple[str, ...]


class PhaseBegan(Reply, frozen=True, tag=True):
    """The engine begins a phase."""

    phase: Phase


class LoadAdvanced(Reply, frozen=True, tag=True):
    """Loading has come to `fraction`, 0.0 to 1.0."""

    fraction: float


class Loaded(Reply, frozen=True, tag=True):
    """A model is ready.

    Attributes:
        n_ctx: context length in tokens that the engine really has.
        memory_bytes: how much the process grew by.
        load_s: seconds it took.
        device: what it computes on.
        device_uses: what each device does, the processor first.
    """

    n_ctx: int
    memory_bytes: int
    load_s: float
    device: str
    device_uses: tuple[DeviceUse, ...] = ()


class PromptPlanned(Reply, frozen=True, tag=True):
    """The prompt is known.

    Attributes:
        remembered_from_id: its first turn, empty if all fit.
        n_passages: how many of the newest turn's passages are in it, the best ones.
    """

    n_prompt_tokens: int
    n_reused_tokens: int
    remembered_from_id: str
    n_passages: int = 0


class ContextTooSmall(Reply, frozen=True, tag=True):
    """The conversation does not fit and nothing was dropped; the request has ended."""

    n_prompt_tokens: int
    n_ctx: int
    n_forgotten: int


class ReadingAdvanced(Reply, frozen=True, tag=True):
    """So much of the prompt has been read; `seconds_left` is negative while unknown."""

    n_read_tokens: int
    n_prompt_tokens: int
    seconds_left: float


class Written(Reply, frozen=True, tag=True):
    """New text of the answer: whole characters, several tokens a message."""

    text: str
    n_tokens: int


class Finished(Reply, frozen=True, tag=True):
    """The answer has ended; counts in tokens, times in seconds."""

    reason: FinishReason
    n_prompt_tokens: int
    n_reused_tokens: int
    n_answer_tokens: int
    first_token_s: float
    generation_s: float


class MemorySaved(Reply, frozen=True, tag=True):
    """The memory of a conversation is on disk."""

    path: bytes
    size_bytes: int


class EmbeddingLoaded(Reply, frozen=True, tag=True):
    """A model that makes vectors is ready.

    Attributes:
        n_dimensions: of the vectors as they are given.
        load_s: seconds it took.
    """

    n_dimensions: int
    load_s: float


class Embedded(Reply, frozen=True, tag=True):
    """Vectors of length 1, row by row, as float32 in the machine's byte order.

    Attributes:
        n_texts: how many rows: the first so many texts, fewer than asked for if stopped.
        n_cut: how many of these texts were too long and were cut.
        compute_s: seconds it took.
    """

    vectors: bytes
    n_dimensions: int
    n_texts: int
    n_cut: int
    compute_s: float


class Devices(Reply, frozen=True, tag=True):
    """What this build can compute on."""

    devices: tuple[Device, ...]


class MemoryEstimated(Reply, frozen=True, tag=True):
    """What the engine says that a model would take; None when it could not say."""

    need: MemoryNeed | None


class CalibrationAdvanced(Reply, frozen=True, tag=True):
    """Measuring has come to `fraction`, 0.0 to 1.0."""

    fraction: float


class CalibrationEnded(Reply, frozen=True, tag=True):
    """The processor has been measured; None when that was stopped."""

    calibration: Calibration | None


class Failed(Reply, frozen=True, tag=True):
    """The request has ended in an error."""

    failure: Failure


AnyReply = (
    Hello
    | PhaseBegan
    | LoadAdvanced
    | Loaded
    | PromptPlanned
    | ContextTooSmall
    | ReadingAdvanced
    | Written
    | Finished
    | MemorySaved
    | EmbeddingLoaded
    | Embedded
    | Devices
    | MemoryEstimated
    | CalibrationAdvanced
    | CalibrationEnded
    | Failed
)

_ENCODER = msgspec.json.Encoder()
_REQUEST_DECODER: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_REPLY_DECODER: msgspec.json.Decoder[AnyReply] = msgspec.json.Decoder(AnyReply)


def encode(message: AnyRequest | AnyReply) -> bytes:
    """Give `message` as one line; see `line_of`.

    Raises:
        MessageTooLongError: the other side would refuse it.
    """
    return line_of(message, _ENCODER.encode, msgspec.to_builtins)


def decode_request(line: bytes) -> AnyRequest:
    """Read one line from the window.

    Raises:
        ProtocolError: the line is not a request.
    """
    return message_of(line, _REQUEST_DECODER.decode, msgspec.MsgspecError)


def decode_reply(line: bytes) -> AnyReply:
    """Read one line from the engine.

    Raises:
        ProtocolError: the line is not a reply.
    """
    return message_of(line, _REPLY_DECODER.decode, msgspec.MsgspecError)
