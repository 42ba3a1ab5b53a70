"""Writes an answer token by token: sample, detokenize, decode."""

import codecs
import secrets
from collections.abc import Iterator
from typing import Any, Protocol

from llama_cpp import llama_cpp as native

from app.core.errors import BugError, WorldError
from app.core.events import FinishReason
from app.core.sampling import Sampling
from app.engine.llama.library import ABORTED, DECODED, NO_ROOM, StopFlag


class Session(Protocol):
    """What writing needs of a loaded model; see `LlamaModel`."""

    context: Any
    vocabulary: Any
    memory: Any
    n_ctx: int
    n_vocabulary: int
    tokens: list[int]
    stop: StopFlag

    def piece(self, token: int) -> bytes:
        """Give the bytes of a token."""
        ...

    def forget(self) -> None:
        """Empty the KV cache."""
        ...

    def decode_error(self, result: int) -> WorldError | BugError:
        """Give the error for what llama_decode returned."""
        ...


class AnswerWriter:
    """Writes one answer, token by token: iterate for the text of each.

    Attributes:
        reason: why it ended; set when the iteration has ended.
        tokens: the tokens written so far, without the one that ended the turn.
        unfinished: what stands for a character of which only the beginning was written, and
            no token's own text. Empty when the answer was ended from outside: the rest of
            the character was still to come.
        is_whole: the texts are all that the tokens stand for.
    """

    def __init__(self, model: Session, sampling: Sampling) -> None:
        self.reason = FinishReason.END_OF_TURN
        self.tokens: list[int] = []
        self.unfinished = ""
        self.is_whole = True
        self._model = model
        self._sampling = sampling

    def __iter__(self) -> Iterator[str]:
        """Give the new text after each token: whole characters, often none or several."""
        model = self._model
        chain = _sampler_chain(self._sampling, model.n_vocabulary)
        try:
            yield from self._write(chain)
        finally:
            native.llama_sampler_free(chain)

    def _write(self, chain: Any) -> Iterator[str]:  # noqa: ANN401 - a pointer of llama_cpp
        model = self._model
        context, vocabulary = model.context, model.vocabulary
        sample, decode = native.llama_sampler_sample, native.llama_decode
        is_end = native.llama_vocab_is_eog
        characters = codecs.getincrementaldecoder("utf-8")("replace")
        # Built once: the loop only changes the token in it.
        next_token = (native.llama_token * 1)()
        batch = native.llama_batch_get_one(next_token, 1)
        max_tokens = self._sampling.max_tokens or model.n_ctx
        while True:
            token = sample(chain, context, -1)
            if is_end(vocabulary, token):
                break
            self.tokens.append(token)
            yield characters.decode(model.piece(token))
            if self._must_end(max_tokens):
                break
            next_token[0] = token
            result = decode(context, batch)
            if result != DECODED:
                self._note_failed_decode(result)
                break
            model.tokens.append(token)
        rest = characters.decode(b"", final=True)
        self.is_whole = not rest
        if self.reason is FinishReason.END_OF_TURN:
            self.unfinished = rest

    def _must_end(self, max_tokens: int) -> bool:
        if self._model.stop.is_set:
            self.reason = FinishReason.STOPPED
        elif len(self.tokens) >= max_tokens:
            self.reason = FinishReason.MAX_TOKENS
        elif len(self._model.tokens) >= self._model.n_ctx:
            self.reason = FinishReason.CONTEXT_FULL
        else:
            return False
        return True

    def _note_failed_decode(self, result: int) -> None:
        if result == ABORTED or self._model.stop.is_set:
            self.reason = FinishReason.STOPPED
        elif result == NO_ROOM:
            self.reason = FinishReason.CONTEXT_FULL
        else:
            raise self._model.decode_error(result)
        n_kept = len(self._model.tokens)
        if not native.llama_memory_seq_rm(self._model.memory, 0, n_kept, -1):
            self._model.forget()


def _sampler_chain(sampling: Sampling, n_vocabulary: int) -> Any:  # noqa: ANN401 - a pointer
    """Build the chain in llama.cpp's usual order: penalties, top-k, top-p, min-p, temperature."""
    chain = native.llama_sampler_chain_init(native.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:  # noqa: ANN401 - a pointer of llama_cpp
        native.llama_sampler_chain_add(chain, sampler)

    if sampling.repeat_penalty != 1.0:
        last_n, penalty = sampling.repeat_last_n, sampling.repeat_penalty
        add(native.llama_sampler_init_penalties(n_vocabulary, last_n, penalty, 0.0, 0.0))
    if sampling.temperature <= 0.0:
        add(native.llama_sampler_init_greedy())
        return chain
    if sampling.top_k > 0:
        add(native.llama_sampler_init_top_k(sampling.top_k))
    if sampling.top_p < 1.0:
        add(native.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p > 0.0:
        add(native.llama_sampler_init_min_p(sampling.min_p, 1))
    add(native.llama_sampler_init_temp(sampling.temperature))
    seed = sampling.seed if sampling.seed is not None else secrets.randbits(32)
    add(native.llama_sampler_init_dist(seed & 0xFFFFFFFF))
    return chain
