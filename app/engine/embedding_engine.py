"""Vectors of texts with one loaded embedding model.

Talks to the model through `Embedder`, so that it is tested without llama.cpp too.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from app.core.errors import ErrorCode, Facts, WorldError
from app.engine import protocol
from app.engine.protocol import AnyReply, Embed, LoadEmbedding, Phase

Emit = Callable[[AnyReply], None]


@dataclass(frozen=True, slots=True)
class Vectors:
    """What a model made of texts.

    Attributes:
        data: float32, row by row, each of length 1.
        n_texts: rows; fewer than texts if it was stopped.
        n_cut: how many of the texts were cut.
    """

    data: bytes
    n_texts: int
    n_cut: int


class Embedder(Protocol):
    """A loaded embedding model."""

    @property
    def n_dimensions(self) -> int:
        """Numbers in each vector that it gives."""
        ...

    def embed(self, texts: Sequence[str], n_threads: int) -> Vectors:
        """Make vectors, until it is stopped.

        Raises:
            WorldError: EMBEDDING_MODEL_UNUSABLE, it computes nonsense or fails.
        """
        ...

    def close(self) -> None:
        """Give all memory back."""
        ...


LoadEmbedder = Callable[[LoadEmbedding], Embedder]
"""Loads what a request names.

Raises:
    WorldError: it does not load.
"""


class EmbeddingEngine:
    """Serves the requests for vectors with at most one model loaded."""

    def __init__(self, load: LoadEmbedder) -> None:
        self._load = load
        self._embedder: Embedder | None = None

    def serve(self, request: protocol.EmbeddingRequest, emit: Emit) -> None:
        """Load a model, or make vectors with it.

        Raises:
            WorldError: EMBEDDING_MODEL_MISSING, EMBEDDING_MODEL_UNUSABLE or MEMORY_TOO_SMALL.
        """
        match request:
            case LoadEmbedding():
                emit(self._loaded(request, emit))
            case Embed():
                emit(self._embedded(request))
        emit(protocol.PhaseBegan(request.request_id, Phase.IDLE))

    def _loaded(self, request: LoadEmbedding, emit: Emit) -> protocol.EmbeddingLoaded:
        if self._embedder is not None:
            self._embedder.close()
            self._embedder = None
        began_s = time.monotonic()
        emit(protocol.PhaseBegan(request.request_id, Phase.LOADING))
        _yield_to_chat()
        path, name = os.fsdecode(request.path), request.display_name
        if not Path(path).is_file():
            facts = Facts(file_name=name, path=path)
            raise WorldError(ErrorCode.EMBEDDING_MODEL_MISSING, facts)
        self._embedder = self._load(request)
        load_s = time.monotonic() - began_s
        return protocol.EmbeddingLoaded(request.request_id, self._embedder.n_dimensions, load_s)

    def _embedded(self, request: Embed) -> protocol.Embedded:
        if self._embedder is None:
            facts = Facts(reason="no model is loaded")
            raise WorldError(ErrorCode.EMBEDDING_MODEL_UNUSABLE, facts)
        began_s = time.monotonic()
        made = self._embedder.embed(request.texts, request.n_threads)
        return protocol.Embedded(
            request.request_id,
            made.data,
            self._embedder.n_dimensions,
            made.n_texts,
            made.n_cut,
            time.monotonic() - began_s,
        )


def _yield_to_chat() -> None:
    """Let the process that writes answers go first for the processor."""
    process = psutil.Process()
    lower = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", BACKGROUND_NICENESS)
    if process.nice() != lower:
        process.nice(lower)


BACKGROUND_NICENESS = 12
"""The process that writes answers has 5, the window 0."""
