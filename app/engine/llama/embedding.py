"""A loaded embedding model: texts in, vectors out.

One text at a time: on a processor a batch of several texts is slower, since attention grows with
the square of the whole batch (measured: 24 texts of 196 tokens a second alone, 16 in batches of
2048 tokens). Flash attention doubles the speed, for these models too.
"""

import ctypes
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as native
from numpy.typing import NDArray

from app.core.documents.embedding_model import NotForSearch, Pooling
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf_types import EMBEDDING_ARCHITECTURES
from app.core.placement import Placement
from app.engine.embedding_engine import Vectors
from app.engine.llama.library import DECODED, EngineLog, StopFlag
from app.engine.llama.offload import Offload
from app.engine.load_reasons import load_error
from app.engine.protocol import LoadEmbedding

MAX_CHARACTERS_PER_TOKEN = 64
"""No text has fewer tokens than this allows; what is longer is cut before it is tokenized."""
_SPARE_TOKENS = 8
_POOLING = {
    Pooling.FILE: native.LLAMA_POOLING_TYPE_UNSPECIFIED,
    Pooling.MEAN: native.LLAMA_POOLING_TYPE_MEAN,
    Pooling.CLS: native.LLAMA_POOLING_TYPE_CLS,
    Pooling.LAST: native.LLAMA_POOLING_TYPE_LAST,
}
_USABLE = frozenset(_POOLING.values()) - {native.LLAMA_POOLING_TYPE_UNSPECIFIED}
_META_BYTES = 64


class LlamaEmbedder:
    """An embedding model on the processor.

    Attributes:
        n_dimensions: numbers in each vector that it gives.

    Raises:
        WorldError: EMBEDDING_MODEL_UNUSABLE or MEMORY_TOO_SMALL, with the reason.
    """

    def __init__(self, request: LoadEmbedding, log: EngineLog, stop: StopFlag) -> None:
        self._name = request.display_name
        self._log = log
        self._stop = stop
        self._context: Any = None
        self._model = self._load(os.fsdecode(request.path))
        try:
            self._refuse_other_kinds(request.pooling)
            n_train: int = native.llama_model_n_ctx_train(self._model)
            self._max_tokens = max(_SPARE_TOKENS, min(request.max_tokens, n_train))
            self._context, self._pooling = self._new_context(_POOLING[request.pooling])
            self._vocabulary = native.llama_model_get_vocab(self._model)
            self._memory = native.llama_get_memory(self._context)
            n_out: int = native.llama_model_n_embd_out(self._model)
            self._n_out = n_out
            self.n_dimensions = min(request.n_dimensions or n_out, n_out)
            self._opening, self._closing = self._tokens_around(request.text_end)
            stop.install(self._context)
            self.embed(("",), 1)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give all memory back; nothing else may be called afterwards."""
        if self._context is not None:
            native.llama_free(self._context)
            self._context = None
        if self._model is not None:
            native.llama_model_free(self._model)
            self._model = None

    def embed(self, texts: Sequence[str], n_threads: int) -> Vectors:
        """Make vectors, text by text, until it is stopped.

        Raises:
            WorldError: EMBEDDING_MODEL_UNUSABLE, it computes nonsense or fails.
        """
        native.llama_set_n_threads(self._context, n_threads, n_threads)
        rows: list[bytes] = []
        n_cut = 0
        for text in texts:
            tokens, is_cut = self._tokens(text)
            vector = None if self._stop.is_set else self._vector(tokens)
            if vector is None:
                break
            rows.append(vector.tobytes())
            n_cut += is_cut
        return Vectors(b"".join(rows), len(rows), n_cut)

    # --- loading ---------------------------------------------------------------------------

    def _load(self, path: str) -> Any:  # noqa: ANN401 - a pointer of llama_cpp
        parameters = native.llama_model_default_params()
        offload = Offload(Placement(n_ctx=0), self._name)
        offload.apply(parameters)
        parameters.load_mode = native.LLAMA_LOAD_MODE_NONE
        parameters.use_extra_bufts = True
        self._log.begin()
        model = native.llama_model_load_from_file(os.fsencode(path), parameters)
        if not model:
            raise self._unusable(path)
        return model

    def _refuse_other_kinds(self, pooling: Pooling) -> None:
        """Refuse models that would give vectors which say nothing.

        A context can be told to pool in any way, whatever the model was trained for.
        """
        architecture = self._fact("general.architecture")
        stated = self._fact(f"{architecture}.pooling_type")
        if stated == str(native.LLAMA_POOLING_TYPE_RANK):
            raise self._error(NotForSearch.RERANKER)
        is_unsaid = not stated and pooling is Pooling.FILE
        if is_unsaid and architecture not in EMBEDDING_ARCHITECTURES:
            raise self._error(NotForSearch.WRITES)

    def _fact(self, key: str) -> str:
        """Give a value of the file's header; empty if it is not there."""
        buffer = ctypes.create_string_buffer(_META_BYTES)
        n_bytes = native.llama_model_meta_val_str(self._model, key.encode(), buffer, _META_BYTES)
        return buffer.value.decode("utf-8", "replace") if n_bytes >= 0 else ""

    def _new_context(self, pooling: int) -> tuple[Any, int]:
        """Make a context; give it and its pooling."""
        parameters = native.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = self._max_tokens
        parameters.n_seq_max = 1
        parameters.embeddings = True
        parameters.pooling_type = pooling
        parameters.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_ENABLED
        parameters.no_perf = True
        context = native.llama_init_from_model(self._model, parameters)
        if not context:
            # A few architectures cannot use flash attention; the library then knows best.
            parameters.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_AUTO
            context = native.llama_init_from_model(self._model, parameters)
        if not context:
            raise self._unusable()
        actual: int = native.llama_pooling_type(context)
        if actual in _USABLE:
            return context, actual
        native.llama_free(context)
        if actual != native.LLAMA_POOLING_TYPE_NONE:
            # It ranks passages, and makes no vectors.
            raise self._error(NotForSearch.RERANKER)
        return self._new_context(native.LLAMA_POOLING_TYPE_MEAN)

    # --- tokens ----------------------------------------------------------------------------

    def _tokens(self, text: str) -> tuple[list[int], bool]:
        """Give the tokens of a text as the model wants them, and whether it had to be cut."""
        limit = self._max_tokens * MAX_CHARACTERS_PER_TOKEN
        inner = self._tokenized(text[:limit])
        room = self._max_tokens - len(self._opening) - len(self._closing)
        is_cut = len(text) > limit or len(inner) > room
        tokens = [*self._opening, *inner[:room], *self._closing]
        return tokens or [max(0, native.llama_vocab_eos(self._vocabulary))], is_cut

    def _tokenized(self, text: str, *, is_whole: bool = False) -> list[int]:
        """Give the tokens of a text; if it `is_whole`, with what the file puts around it."""
        encoded = text.encode("utf-8", "replace")
        capacity = len(encoded) + _SPARE_TOKENS
        buffer = (native.llama_token * capacity)()
        # Control tokens written in a text stay plain text.
        n_tokens = native.llama_tokenize(
            self._vocabulary, encoded, len(encoded), buffer, capacity, is_whole, False
        )
        if n_tokens < 0:
            raise self._error(f"llama_tokenize: {n_tokens}")
        return list(buffer[:n_tokens])

    def _tokens_around(self, text_end: str) -> tuple[list[int], list[int]]:
        """Give what stands before and behind every text, also one that had to be cut.

        Models need what they were trained with, whether their files say so or not: several
        published ones do not (llama.cpp, issues 14252 and 14280), or name the end of a turn
        instead of the end of a text (its pull request 14314).
        """
        vocabulary = self._vocabulary
        around = self._tokenized("", is_whole=True)
        n_before = len(around) > 1 or (
            len(around) == 1 and not native.llama_vocab_get_add_eos(vocabulary)
        )
        opening, closing = around[:n_before], around[n_before:]
        if not around and self._pooling == native.LLAMA_POOLING_TYPE_LAST:
            closing = _known(native.llama_vocab_eos(vocabulary))
        elif not around:
            opening = _known(native.llama_vocab_bos(vocabulary))
            closing = _known(native.llama_vocab_sep(vocabulary))
        return opening, self._token(text_end) or closing

    def _token(self, text: str) -> list[int]:
        """Give the control token that is written so; none if the vocabulary has no such one."""
        if not text:
            return []
        encoded = text.encode()
        buffer = (native.llama_token * len(encoded))()
        n_tokens = native.llama_tokenize(
            self._vocabulary, encoded, len(encoded), buffer, len(encoded), False, True
        )
        is_one = n_tokens == 1 and native.llama_vocab_is_control(self._vocabulary, buffer[0])
        return [buffer[0]] if is_one else []

    # --- computing -------------------------------------------------------------------------

    def _vector(self, tokens: Sequence[int]) -> NDArray[np.float32] | None:
        """Compute one vector of length 1; None when it was stopped."""
        if self._memory:
            native.llama_memory_clear(self._memory, True)
        array = (native.llama_token * len(tokens))(*tokens)
        batch = native.llama_batch_get_one(array, len(tokens))
        result = native.llama_decode(self._context, batch)
        if self._stop.is_set:
            return None
        if result != DECODED:
            raise self._error(f"llama_decode: {result}")
        pointer = native.llama_get_embeddings_seq(self._context, 0)
        if not pointer:
            raise self._error("no vector")
        numbers = np.ctypeslib.as_array(
            ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (self._n_out,)
        )
        vector = numbers[: self.n_dimensions].astype(np.float32)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise self._error("not a number")
        return vector / np.float32(length)

    def _error(self, reason: str) -> WorldError:
        facts = Facts(file_name=self._name, reason=reason)
        lines = "\n".join(self._log.lines()[-20:])
        return WorldError(ErrorCode.EMBEDDING_MODEL_UNUSABLE, facts, lines)

    def _unusable(self, path: str = "") -> WorldError:
        """Give the error for a model that did not load, from the log."""
        error = load_error(self._log.lines(), self._name, path)
        if error.code is ErrorCode.MEMORY_TOO_SMALL:
            return error
        facts = Facts(file_name=self._name, reason=error.facts.reason or error.code.value)
        return WorldError(ErrorCode.EMBEDDING_MODEL_UNUSABLE, facts, error.detail)


def _known(token: int) -> list[int]:
    return [token] if token >= 0 else []
