"""Loads embedding models into the process of a test."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.documents.embedding_model import EmbeddingProfile
from app.engine.llama import EngineLog, LlamaEmbedder, StopFlag
from app.engine.protocol import LoadEmbedding


class EmbedderLoader:
    """Loads with one log and one flag to stop; `close` closes all."""

    def __init__(self) -> None:
        self.log, self.stop = EngineLog(), StopFlag()
        self._opened: list[LlamaEmbedder] = []

    def load(self, path: Path, profile: EmbeddingProfile | None = None) -> LlamaEmbedder:
        """Load a model as a profile says, or as its file does."""
        profile = profile or EmbeddingProfile()
        request = LoadEmbedding(
            "",
            bytes(path),
            path.name,
            profile.pooling,
            profile.max_tokens,
            profile.n_dimensions,
            profile.text_end,
        )
        self._opened.append(LlamaEmbedder(request, log=self.log, stop=self.stop))
        return self._opened[-1]

    def close(self) -> None:
        """Give all memory back."""
        for one in self._opened:
            one.close()


def rows(embedder: LlamaEmbedder, *texts: str) -> NDArray[np.float32]:
    """Make one vector a row."""
    made = embedder.embed(texts, 1)
    assert made.n_texts == len(texts)
    return np.frombuffer(made.data, np.float32).reshape(len(texts), embedder.n_dimensions)
