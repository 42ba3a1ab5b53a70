"""The engine process: serves the pipe until it closes.

Started by `app/worker/engine_process.py` as `python -m app --engine`. One thread reads
requests (so that Stop is heard while the engine computes), one serves them.
"""

import argparse
import logging
import os
import queue
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from app.core.errors import AppError, BugError, Failure
from app.core.events import FinishReason
from app.core.json_lines import LineSplitter, ProtocolError
from app.core.placement import Placement
from app.engine import protocol
from app.engine.chat_model import Stop
from app.engine.protocol import AnyReply, AnyRequest
from app.machine import own_process

_LOG = logging.getLogger(__name__)

IDLE_BEFORE_SAVING_S = 2.0
"""After an answer and this much quiet the conversation's memory is saved."""
READ_BYTES = 65536


class Engine(Protocol):
    """What is served; see `ChatEngine`."""

    version: str
    devices: tuple[str, ...]
    stop: Stop

    def load(self, request: protocol.Load, emit: Callable[[AnyReply], None]) -> None:
        """Load a model."""
        ...

    def generate(self, request: protocol.Generate, emit: Callable[[AnyReply], None]) -> None:
        """Write an answer."""
        ...

    def wants_saving(self) -> bool:
        """Say whether there is memory worth saving."""
        ...

    def save_memory(self, request_id: str, emit: Callable[[AnyReply], None]) -> None:
        """Save the memory of the current conversation."""
        ...

    def forget_conversation(self, conversation_id: str) -> None:
        """Drop a deleted conversation."""
        ...


class Survey(Protocol):
    """What tells about this computer; see `llama.LlamaSurvey`."""

    def serve(self, request: protocol.SurveyRequest, emit: Callable[[AnyReply], None]) -> None:
        """Answer one question about this computer."""
        ...


class Embedding(Protocol):
    """What makes vectors; see `EmbeddingEngine`."""

    def serve(self, request: protocol.EmbeddingRequest, emit: Callable[[AnyReply], None]) -> None:
        """Load a model for it, or use that."""
        ...


class _Inbox:
    """Requests on their way from the reading thread to the serving one.

    Stop takes effect at once: on the request being served through the engine's flag, on a
    waiting one by marking it. For any other it comes too late and is forgotten, so that it
    does not stop a later request of the same id.
    """

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._lock = threading.Lock()
        self._requests: queue.Queue[AnyRequest | None] = queue.Queue()
        self._waiting_ids: list[str] = []
        self._stopped_ids: set[str] = set()
        self._current_id = ""

    def put(self, request: AnyRequest | None) -> None:
        """Take a request, or None when there will be no more."""
        with self._lock:
            if not isinstance(request, protocol.Stop):
                self._waiting_ids.append(request.request_id if request is not None else "")
                self._requests.put(request)
            elif request.request_id == self._current_id:
                self._stop.set()
            elif request.request_id in self._waiting_ids:
                self._stopped_ids.add(request.request_id)

    def next(self, wait_s: float) -> AnyRequest | None:
        """Wait for the next request and make it the current one; None at the end.

        Raises:
            queue.Empty: nothing came within `wait_s`.
        """
        request = self._requests.get(timeout=wait_s)
        with self._lock:
            self._stop.clear()
            self._current_id = self._waiting_ids.pop(0)
            if self._current_id in self._stopped_ids:
                self._stopped_ids.discard(self._current_id)
                self._stop.set()
        return request

    def end_current(self) -> None:
        """Say that the current request is done; a Stop for it now means nothing."""
        with self._lock:
            self._current_id = ""


def serve(
    engine: Engine,
    survey: Survey,
    embedding: Embedding,
    requests: BinaryIO,
    replies: BinaryIO,
    on_closed: Callable[[], None] = lambda: None,
) -> None:
    """Serve requests until the pipe closes.

    Args:
        engine: loads and writes.
        survey: tells about this computer.
        embedding: makes vectors of texts.
        requests: lines to read; unbuffered, so that a read gives what is there.
        replies: lines to write.
        on_closed: called from the reading thread as soon as the pipe has closed, even while
            the engine computes.
    """
    inbox = _Inbox(engine.stop)

    def send(reply: AnyReply) -> None:
        replies.write(protocol.encode(reply))
        replies.flush()

    send(protocol.Hello("", protocol.PROTOCOL_VERSION, engine.version, engine.devices))
    reader = threading.Thread(
        target=_read_requests, args=(requests, inbox, on_closed), name="requests", daemon=True
    )
    reader.start()
    while True:
        try:
            request = inbox.next(IDLE_BEFORE_SAVING_S)
        except queue.Empty:
            if engine.wants_saving():
                engine.save_memory("", send)
            continue
        if request is None:
            break
        _serve_one(engine, survey, embedding, request, send)
        inbox.end_current()
    reader.join()


def _read_requests(requests: BinaryIO, inbox: _Inbox, on_closed: Callable[[], None]) -> None:
    lines = LineSplitter()
    try:
        while piece := requests.read(READ_BYTES):
            for line in lines.feed(piece):
                inbox.put(protocol.decode_request(line))
    except (ProtocolError, OSError):
        _LOG.exception("the window process cannot be understood")
    on_closed()
    inbox.put(None)


def _serve_one(
    engine: Engine,
    survey: Survey,
    embedding: Embedding,
    request: AnyRequest,
    send: Callable[[AnyReply], None],
) -> None:
    """Serve one request; whatever goes wrong becomes a reply."""
    try:
        match request:
            case protocol.Load():
                engine.load(request, send)
            case protocol.Generate():
                engine.generate(request, send)
            case protocol.SaveMemory():
                engine.save_memory(request.request_id, send)
            case protocol.ForgetConversation():
                engine.forget_conversation(request.conversation_id)
            case protocol.ReadDevices() | protocol.EstimateMemory() | protocol.Calibrate():
                survey.serve(request, send)
            case protocol.LoadEmbedding() | protocol.Embed():
                embedding.serve(request, send)
            case protocol.Stop():
                pass
    except AppError as error:
        _fail(engine, request, Failure.of(error), send)
    except Exception as error:  # noqa: BLE001 - the engine's one last resort
        _LOG.exception("request failed")
        bug = BugError(f"{type(error).__name__}: {error}", type(error).__name__)
        _fail(engine, request, Failure.of(bug), send)


def _fail(
    engine: Engine, request: AnyRequest, failure: Failure, send: Callable[[AnyReply], None]
) -> None:
    """Say that a request failed; an error that follows a stop counts as stopped."""
    if engine.stop.is_set and isinstance(request, protocol.Generate):
        send(protocol.Finished(request.request_id, FinishReason.STOPPED, 0, 0, 0, 0.0, 0.0))
        return
    send(protocol.Failed(request.request_id, failure))


def main(arguments: list[str]) -> None:
    """Be the engine process until the window closes the pipe."""
    parser = argparse.ArgumentParser(prog="quillhouse --engine")
    parser.add_argument("--memory-limit-bytes", type=int, default=0)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    replies = own_process.private_output()
    os.umask(0o077)
    own_process.live_and_die_with_parent()
    own_process.limit_memory(options.memory_limit_bytes)
    # Imported here: it takes a quarter of a second and may fail, which the log then tells.
    from app.engine import llama  # noqa: PLC0415
    from app.engine.chat_engine import ChatEngine  # noqa: PLC0415
    from app.engine.embedding_engine import EmbeddingEngine  # noqa: PLC0415

    log, stop = llama.EngineLog(), llama.StopFlag()

    def load_model(
        path: Path, name: str, placement: Placement, advance: Callable[[float], None]
    ) -> llama.LlamaModel:
        return llama.LlamaModel(path, name, placement, log, stop, advance)

    engine = ChatEngine(load_model, stop, llama.engine_version(), llama.device_names())
    survey = llama.LlamaSurvey(log, stop)
    embedding = EmbeddingEngine(partial(llama.LlamaEmbedder, log=log, stop=stop))
    # Exit at once when the window is gone, in the middle of a computation too.
    with os.fdopen(0, "rb", buffering=0) as requests:
        serve(engine, survey, embedding, requests, replies, on_closed=lambda: os._exit(0))
