"""Answers with one loaded model: from turns to streamed text.

Keeps the conversation whose keys and values are in the cache, and the files with the saved
memory of others. Talks to the model through `ChatModel`, so that it is tested without
llama.cpp too.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.events import FinishReason
from app.core.placement import DeviceUse
from app.core.thoughts import THOUGHT_OPENING
from app.engine import protocol
from app.engine.answer_batches import AnswerBatches
from app.engine.channels import Channels, has_channels
from app.engine.chat_model import ChatModel, LoadModel, Stop
from app.engine.prompt_builder import Prompt, PromptBuilder, TooLong
from app.engine.protocol import AnyReply, Generate, Load, Phase
from app.engine.stop_strings import StopStrings

_LOG = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 0.1
SAVE_AFTER_TOKENS = 256
"""The memory of a conversation is worth a file once reading it again would take longer."""

Emit = Callable[[AnyReply], None]


@dataclass(slots=True)
class _Cached:
    """The conversation whose keys and values are in the cache."""

    conversation_id: str = ""
    state_path: bytes = b""
    n_saved_tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The model and its prompt builder."""

    model: ChatModel
    prompts: PromptBuilder
    has_channels: bool


class ChatEngine:
    """Serves the requests of the window with at most one model loaded.

    Attributes:
        version: of the library.
        devices: what this build can compute on.
        stop: ends the request being served soon after it is set.
    """

    def __init__(
        self, load_model: LoadModel, stop: Stop, version: str, devices: tuple[str, ...]
    ) -> None:
        self.version = version
        self.devices = devices
        self.stop = stop
        self._load_model = load_model
        self._loaded: _Loaded | None = None
        self._cached = _Cached()

    def load(self, request: Load, emit: Emit) -> None:
        """Load a model and make it ready to chat.

        Raises:
            WorldError: it cannot be loaded, or has no usable chat template.
        """
        self.unload()
        began_s = time.monotonic()
        before_bytes = psutil.Process().memory_info().rss
        emit(protocol.PhaseBegan(request.request_id, Phase.LOADING))
        path, name = Path(os.fsdecode(request.path)), request.display_name
        if not path.is_file():
            raise WorldError(ErrorCode.FILE_MISSING, Facts(file_name=name, path=str(path)))
        advance = _Throttle(lambda part: emit(protocol.LoadAdvanced(request.request_id, part)))
        model = self._load_model(path, name, request.placement, advance)
        try:
            emit(protocol.PhaseBegan(request.request_id, Phase.TEMPLATE))
            channels = has_channels({*model.control_tokens, *model.user_defined_texts})
            self._loaded = _Loaded(model, PromptBuilder(model), channels)
        except BaseException:
            model.close()
            raise
        grown_bytes = psutil.Process().memory_info().rss - before_bytes
        emit(
            protocol.Loaded(
                request.request_id,
                n_ctx=model.n_ctx,
                memory_bytes=max(0, grown_bytes),
                load_s=time.monotonic() - began_s,
                device=_device_line(model.device_uses),
                device_uses=model.device_uses,
            )
        )
        emit(protocol.PhaseBegan(request.request_id, Phase.IDLE))

    def unload(self) -> None:
        """Save the memory of the current conversation and free the model, if there is one."""
        if self._loaded is not None:
            self.save_memory()
            self._loaded.model.close()
        self._loaded = None
        self._cached = _Cached()

    def generate(self, request: Generate, emit: Emit) -> None:
        """Write an answer and send it in batches.

        Raises:
            WorldError: the template fails, the newest message alone is too long, or the
                engine runs out of memory.
        """
        if self._loaded is None:
            raise WorldError(ErrorCode.ENGINE_UNUSABLE, Facts(reason="no model is loaded"))
        began_s = time.monotonic()
        model = self._loaded.model
        emit(protocol.PhaseBegan(request.request_id, Phase.TEMPLATE))
        prompt = self._loaded.prompts.build(
            request.turns,
            request.remembered_from_id,
            may_forget=request.may_forget,
            max_passage_tokens=request.max_passage_tokens,
        )
        if isinstance(prompt, TooLong):
            emit(_context_too_small(request, prompt, model))
            emit(protocol.PhaseBegan(request.request_id, Phase.IDLE))
            return
        self._switch_conversation(model, request, prompt, emit)
        n_reused, n_prompt = model.keep_prefix(prompt.tokens), len(prompt.tokens)
        first_id = prompt.remembered_from_id
        n_passages = prompt.n_passages
        emit(protocol.PromptPlanned(request.request_id, n_prompt, n_reused, first_id, n_passages))
        finished = protocol.Finished(
            request.request_id, FinishReason.STOPPED, n_prompt, n_reused, 0, 0.0, 0.0
        )
        if self._read(model, request.request_id, prompt, emit):
            finished = self._write(self._loaded, request, prompt, began_s, finished, emit)
        emit(finished)
        emit(protocol.PhaseBegan(request.request_id, Phase.IDLE))

    def wants_saving(self) -> bool:
        """Say whether the memory of the current conversation has changed enough to be saved."""
        if self._loaded is None or not self._cached.state_path:
            return False
        n_tokens = len(self._loaded.model.tokens)
        return abs(n_tokens - self._cached.n_saved_tokens) >= SAVE_AFTER_TOKENS

    def save_memory(self, request_id: str = "", emit: Emit | None = None) -> None:
        """Save the memory of the current conversation if it has changed enough.

        Not being able to save costs time later and nothing else, so it is only logged.
        """
        if self._loaded is not None and self.wants_saving():
            if emit is not None:
                emit(protocol.PhaseBegan(request_id, Phase.SAVING))
            size_bytes = self._save_to(
                self._loaded.model, Path(os.fsdecode(self._cached.state_path))
            )
            if emit is not None:
                emit(protocol.MemorySaved(request_id, self._cached.state_path, size_bytes))
        if emit is not None:
            emit(protocol.PhaseBegan(request_id, Phase.IDLE))

    def _save_to(self, model: ChatModel, path: Path) -> int:
        self._cached.n_saved_tokens = len(model.tokens)
        try:
            return model.save_memory(path)
        except OSError as error:
            _LOG.warning("memory of a conversation not saved: %s", error.strerror)
            return 0

    def forget_conversation(self, conversation_id: str) -> None:
        """Drop a deleted conversation from memory, so that it is not saved again."""
        if self._cached.conversation_id == conversation_id and self._loaded is not None:
            self._loaded.model.forget()
            self._cached = _Cached()

    def _switch_conversation(
        self, model: ChatModel, request: Generate, prompt: Prompt, emit: Emit
    ) -> None:
        """Bring the memory of the request's conversation into the cache, if it is on disk."""
        if self._cached.conversation_id == request.conversation_id:
            return
        self.save_memory(request.request_id, emit)
        self._cached = _Cached(request.conversation_id, request.state_path)
        if not request.state_path or len(prompt.tokens) < SAVE_AFTER_TOKENS:
            return
        path = Path(os.fsdecode(request.state_path))
        if not path.is_file():
            return
        emit(protocol.PhaseBegan(request.request_id, Phase.RESTORING))
        if model.restore_memory(path):
            self._cached.n_saved_tokens = len(model.tokens)

    def _read(self, model: ChatModel, request_id: str, prompt: Prompt, emit: Emit) -> bool:
        """Read the prompt and say how far it is; False when it was stopped."""
        emit(protocol.PhaseBegan(request_id, Phase.READING))
        began_s = time.monotonic()
        n_before, n_prompt = len(model.tokens), len(prompt.tokens)

        def report(n_read: float) -> None:
            token_s = (time.monotonic() - began_s) / max(1, n_read - n_before)
            left_s = token_s * (n_prompt - n_read)
            emit(protocol.ReadingAdvanced(request_id, int(n_read), n_prompt, left_s))

        return model.read(prompt.tokens, _Throttle(report))

    def _write(
        self,
        loaded: _Loaded,
        request: Generate,
        prompt: Prompt,
        began_s: float,
        unfinished: protocol.Finished,
        emit: Emit,
    ) -> protocol.Finished:
        emit(protocol.PhaseBegan(request.request_id, Phase.WRITING))
        stop_strings = StopStrings(request.sampling.stop)
        batches = AnswerBatches(
            lambda text, n: emit(protocol.Written(request.request_id, text, n)),
            # The window must be able to tell the thought from the answer.
            opening=f"{THOUGHT_OPENING}\n" if prompt.begins_thought else "",
        )
        stream = loaded.model.write(request.sampling)
        channels = Channels() if loaded.has_channels else None
        reason: FinishReason | None = None
        for text in stream:
            shown, is_stopped = stop_strings.feed(channels.feed(text) if channels else text)
            batches.add(shown)
            if is_stopped:
                reason = FinishReason.END_OF_TURN
                break
        if reason is None:
            last = (channels.rest() if channels else "") + stream.unfinished
            shown, is_stopped = stop_strings.feed(last)
            batches.flush(shown + ("" if is_stopped else stop_strings.rest()))
        else:
            batches.flush()
        is_plain = stream.is_whole and not (prompt.begins_thought or channels)
        if reason is None and is_plain:
            loaded.prompts.remember_answer(request.request_id, batches.text(), stream.tokens)
        first_s = batches.first_s or time.monotonic()
        return msgspec.structs.replace(
            unfinished,
            reason=reason or stream.reason,
            n_answer_tokens=len(stream.tokens),
            first_token_s=first_s - began_s,
            generation_s=time.monotonic() - first_s,
        )


class _Throttle:
    """Passes a value on at most once every `PROGRESS_INTERVAL_S`."""

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report
        self._reported_s = 0.0

    def __call__(self, value: float) -> None:
        now_s = time.monotonic()
        if now_s - self._reported_s >= PROGRESS_INTERVAL_S:
            self._reported_s = now_s
            self._report(value)


def _device_line(uses: Sequence[DeviceUse]) -> str:
    """Name what computes layers, what computes most of them first."""
    computing = sorted((use for use in uses if use.n_layers), key=lambda use: -use.n_layers)
    return ", ".join(dict.fromkeys(use.description for use in computing))


def _context_too_small(
    request: Generate, too_long: TooLong, model: ChatModel
) -> protocol.ContextTooSmall:
    return protocol.ContextTooSmall(
        request.request_id, too_long.n_tokens, model.n_ctx, too_long.n_forgotten
    )
