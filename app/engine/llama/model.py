"""A loaded model with its context: vocabulary, reading, saved memory."""

import ctypes
import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as native

from app.core.errors import BugError, ErrorCode, Facts, WorldError
from app.core.placement import Placement
from app.core.sampling import Sampling
from app.engine.llama.answer import AnswerWriter
from app.engine.llama.context import new_context
from app.engine.llama.library import ABORTED, DECODED, OUT_OF_MEMORY, EngineLog, StopFlag
from app.engine.llama.offload import Offload
from app.engine.llama.state_file import is_whole, seal
from app.engine.load_reasons import load_error
from app.engine.prompt_tokens import ControlToken

PIECE_BYTES = 512
"""No token known is longer; a longer one is asked for again with the size it needs."""

_CONTROL = native.LLAMA_TOKEN_ATTR_CONTROL | native.LLAMA_TOKEN_ATTR_UNKNOWN


class LlamaModel:
    """A loaded model with one context, and what its KV cache holds.

    Attributes:
        n_ctx: context length in tokens that the engine really has.
        tokens: the tokens whose keys and values are in the cache.
        device_uses: what computes it, the processor first.
        stop: ends `read`, `write` and loading soon after it is set.

    Raises:
        WorldError: it does not load; the code and facts say why.
    """

    def __init__(
        self,
        path: Path,
        display_name: str,
        placement: Placement,
        log: EngineLog,
        stop: StopFlag,
        on_progress: Callable[[float], None],
    ) -> None:
        self.display_name = display_name
        self._path = path
        self.stop = stop
        self.tokens: list[int] = []
        self._log = log
        self.context: Any = None
        self._offload = Offload(placement, display_name)
        self._model = self._load(placement, on_progress)
        try:
            self.context = self._new_context(placement)
            self.device_uses = self._offload.uses(log.lines())
            self.vocabulary = native.llama_model_get_vocab(self._model)
            self.memory = native.llama_get_memory(self.context)
            self.n_ctx: int = native.llama_n_ctx(self.context)
            self._n_batch: int = native.llama_n_batch(self.context)
            self.n_vocabulary: int = native.llama_vocab_n_tokens(self.vocabulary)
            self._n_window: int = native.llama_model_n_swa(self._model)
            self._piece_buffer = ctypes.create_string_buffer(PIECE_BYTES)
            self.stop.install(self.context)
            self._check_output()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give all memory back; nothing else may be called afterwards."""
        if self.context is not None:
            native.llama_free(self.context)
            self.context = None
        if self._model is not None:
            native.llama_model_free(self._model)
            self._model = None

    # --- loading ---------------------------------------------------------------------------

    def _load(self, placement: Placement, on_progress: Callable[[float], None]) -> Any:  # noqa: ANN401 - a pointer of llama_cpp
        parameters = native.llama_model_default_params()
        self._offload.apply(parameters)
        # A mapped file plus the processor's repacked weights would be held twice.
        parameters.load_mode = (
            native.LLAMA_LOAD_MODE_MMAP if placement.use_mmap else native.LLAMA_LOAD_MODE_NONE
        )
        parameters.use_extra_bufts = not placement.use_mmap

        def advance(fraction: float, _data: object) -> bool:
            on_progress(fraction)
            return not self.stop.is_set

        callback = native.llama_progress_callback(advance)
        parameters.progress_callback = callback
        self._log.begin()
        model = native.llama_model_load_from_file(os.fsencode(self._path), parameters)
        if not model:
            raise load_error(self._log.lines(), self.display_name, str(self._path))
        return model

    def _new_context(self, placement: Placement) -> Any:  # noqa: ANN401 - a pointer
        context = new_context(self._model, placement)
        if not context:
            raise load_error(self._log.lines(), self.display_name, str(self._path))
        return context

    def _check_output(self) -> None:
        """Compute one token: damaged weights show as numbers that are none, and nowhere else.

        Raises:
            WorldError: MODEL_OUTPUT_INVALID.
        """
        first = self.leading_token
        self._decode([first if first is not None else 0])
        logits = native.llama_get_logits_ith(self.context, -1)
        finite = np.isfinite(np.ctypeslib.as_array(logits, (self.n_vocabulary,))).all()
        self.forget()
        if not finite:
            raise WorldError(ErrorCode.MODEL_OUTPUT_INVALID, Facts(file_name=self.display_name))

    # --- vocabulary ------------------------------------------------------------------------

    @functools.cached_property
    def control_tokens(self) -> dict[str, ControlToken]:
        """Control tokens by their text (`prompt_tokens.Vocabulary`)."""
        found: dict[str, ControlToken] = {}
        for token in range(self.n_vocabulary):
            attributes = native.llama_vocab_get_attr(self.vocabulary, token)
            if attributes & _CONTROL and (text := self.token_text(token)):
                found[text] = ControlToken(
                    token,
                    strips_left=bool(attributes & native.LLAMA_TOKEN_ATTR_LSTRIP),
                    strips_right=bool(attributes & native.LLAMA_TOKEN_ATTR_RSTRIP),
                )
        return found

    @functools.cached_property
    def user_defined_texts(self) -> frozenset[str]:
        """Texts of the tokens that `tokenize` finds in every text."""
        is_user_defined = native.LLAMA_TOKEN_ATTR_USER_DEFINED
        return frozenset(
            self.token_text(token)
            for token in range(self.n_vocabulary)
            if native.llama_vocab_get_attr(self.vocabulary, token) & is_user_defined
        )

    @property
    def leading_token(self) -> int | None:
        """Token that every prompt begins with; None if there is none."""
        if not native.llama_vocab_get_add_bos(self.vocabulary):
            return None
        token: int = native.llama_vocab_bos(self.vocabulary)
        return token if token >= 0 else None

    @property
    def bos_text(self) -> str:
        """Text of the token that begins a prompt, for the chat template."""
        return self.token_text(native.llama_vocab_bos(self.vocabulary))

    @property
    def eos_text(self) -> str:
        """Text of the token that ends a text, for the chat template."""
        return self.token_text(native.llama_vocab_eos(self.vocabulary))

    def token_text(self, token: int) -> str:
        """Give a token's text as the vocabulary writes it; empty for no token."""
        if token < 0:
            return ""
        text: bytes = native.llama_vocab_get_text(self.vocabulary, token) or b""
        return text.decode("utf-8", "replace")

    def chat_template(self) -> str | None:
        """Give the chat template from the file's header; None if there is none."""
        source: bytes | None = native.llama_model_chat_template(self._model, None)
        return source.decode("utf-8", "replace") if source else None

    def tokenize(self, text: str) -> list[int]:
        """Give the tokens of plain text; control tokens written in it stay plain text.

        Raises:
            BugError: llama.cpp wants more room than any text can need.
        """
        encoded = text.encode("utf-8", "replace")
        capacity = len(encoded) + 8
        buffer = (native.llama_token * capacity)()
        n_tokens = native.llama_tokenize(
            self.vocabulary,
            encoded,
            len(encoded),
            buffer,
            capacity,
            False,
            False,
        )
        if n_tokens < 0:
            raise BugError(f"llama_tokenize: {n_tokens} for {capacity} places")
        return list(buffer[:n_tokens])

    def piece(self, token: int) -> bytes:
        """Give the bytes of a token as they stand in an answer; a character may need several."""
        buffer = self._piece_buffer
        n_bytes = native.llama_token_to_piece(
            self.vocabulary, token, buffer, len(buffer), 0, False
        )
        if n_bytes < 0:
            self._piece_buffer = ctypes.create_string_buffer(-n_bytes)
            return self.piece(token)
        return buffer.raw[:n_bytes]

    # --- reading and writing -----------------------------------------------------------------

    def forget(self) -> None:
        """Empty the KV cache."""
        native.llama_memory_clear(self.memory, True)
        self.tokens = []

    def keep_prefix(self, prompt: Sequence[int]) -> int:
        """Drop from the KV cache what `prompt` does not begin with; give how much stays.

        At least the last token of the prompt is left to be read, for its logits.
        """
        n_common = 0
        for ours, theirs in zip(self.tokens, prompt[:-1], strict=False):
            if ours != theirs:
                break
            n_common += 1
        if n_common == len(self.tokens):
            return n_common
        # Layers with a sliding window have dropped what lies before it.
        oldest = native.llama_memory_seq_pos_min(self.memory, 0)
        is_gone = self._n_window > 0 and oldest > max(0, n_common - self._n_window)
        if is_gone or not native.llama_memory_seq_rm(self.memory, 0, n_common, -1):
            self.forget()
            return 0
        del self.tokens[n_common:]
        return n_common

    def read(self, prompt: Sequence[int], on_progress: Callable[[int], None]) -> bool:
        """Read the part of `prompt` that is not in the KV cache yet, batch by batch.

        Args:
            prompt: all tokens; the cache must hold a prefix of it (`keep_prefix`).
            on_progress: called after each batch with the number of tokens in the cache.

        Returns:
            False when it was stopped; what was read stays in the cache.
        """
        while len(self.tokens) < len(prompt):
            start = len(self.tokens)
            if self.stop.is_set or not self._decode(prompt[start : start + self._n_batch]):
                return False
            on_progress(len(self.tokens))
        return True

    def write(self, sampling: Sampling) -> AnswerWriter:
        """Begin an answer after the tokens read."""
        return AnswerWriter(self, sampling)

    def _decode(self, tokens: Sequence[int]) -> bool:
        """Compute `tokens` and add them to the cache; False when it was stopped."""
        array = (native.llama_token * len(tokens))(*tokens)
        result = native.llama_decode(self.context, native.llama_batch_get_one(array, len(tokens)))
        if result == DECODED:
            self.tokens.extend(tokens)
            return True
        if result == ABORTED or self.stop.is_set:
            # The batch may be half done; take it out again.
            if not native.llama_memory_seq_rm(self.memory, 0, len(self.tokens), -1):
                self.forget()
            return False
        raise self.decode_error(result)

    def decode_error(self, result: int) -> WorldError | BugError:
        """Give the error for what llama_decode returned."""
        lines = "\n".join(self._log.lines()[-20:])
        if result == OUT_OF_MEMORY:
            return WorldError(
                ErrorCode.MEMORY_TOO_SMALL, Facts(file_name=self.display_name), lines
            )
        return BugError(f"llama_decode: {result}\n{lines}")

    # --- saved memory --------------------------------------------------------------------------

    def save_memory(self, path: Path) -> int:
        """Write the KV cache and its tokens to a file; give its size, 0 when it did not work.

        Written beside and renamed, so that a file at `path` is always whole.
        """
        part = path.with_suffix(".part")
        array = (native.llama_token * len(self.tokens))(*self.tokens)
        size_bytes: int = native.llama_state_seq_save_file(
            self.context, os.fsencode(part), 0, array, len(self.tokens)
        )
        if size_bytes == 0:
            part.unlink(missing_ok=True)
            return 0
        size_bytes = seal(part)
        part.replace(path)
        return size_bytes

    def restore_memory(self, path: Path) -> bool:
        """Read the KV cache from a file of `save_memory`; an unusable one leaves it empty."""
        self.forget()
        if not is_whole(path):
            return False
        array = (native.llama_token * self.n_ctx)()
        n_tokens = ctypes.c_size_t(0)
        size_bytes = native.llama_state_seq_load_file(
            self.context, os.fsencode(path), 0, array, self.n_ctx, ctypes.byref(n_tokens)
        )
        if size_bytes == 0:
            self.forget()
            return False
        self.tokens = list(array[: n_tokens.value])
        return True
