"""Which embedding models lie in the folders of models. The files stay where they are."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.documents.embedding_model import BUILT_IN_KEY, EmbeddingModel, EmbeddingProfile
from app.core.documents.embedding_profiles import embedding_profile
from app.core.errors import WorldError
from app.core.gguf import plain_name
from app.core.gguf_reader import read_header

_LOG = logging.getLogger(__name__)

MAX_DEPTH = 3
"""Downloads lie two folders deep at most; a folder of models may be a whole disk."""
MAX_FILES = 2000
RANK_POOLING = 4
"""As in llama.cpp's `llama_pooling_type`."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a file was found to be; None is no embedding model."""

    size_bytes: int
    modified_ns: int
    model: EmbeddingModel | None


class EmbeddingModels:
    """Looks into folders; what did not change is not read again."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}

    def find(self, folders: Iterable[Path], files: Iterable[Path] = ()) -> list[EmbeddingModel]:
        """Give the embedding models, by name, each once.

        Args:
            folders: to look into.
            files: to look at besides.
        """
        paths = [*files, *(path for folder in folders for path in _model_files(folder))]
        found: dict[str, EmbeddingModel] = {}
        for path in paths[:MAX_FILES]:
            model = self._model(path)
            if model is not None:
                found.setdefault(model.key, model)
        return sorted(found.values(), key=lambda one: one.name.casefold())

    def _model(self, path: Path) -> EmbeddingModel | None:
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        seen = self._seen.get(path)
        state = (status.st_size, status.st_mtime_ns)
        if seen is None or (seen.size_bytes, seen.modified_ns) != state:
            seen = _Seen(*state, _read(path, status.st_size))
            self._seen[path] = seen
        return seen.model


def built_in_model(path: Path) -> EmbeddingModel:
    """Give the model that comes with Quillhouse."""
    profile = embedding_profile("bert", BUILT_IN_KEY) or EmbeddingProfile()
    return EmbeddingModel(BUILT_IN_KEY, BUILT_IN_KEY, path, profile, is_built_in=True)


def _model_files(folder: Path, depth: int = 0) -> Iterator[Path]:
    """Give the GGUF files of a folder and of those in it, not through links."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda one: one.name)
    except OSError:
        return
    for entry in listed:
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth + 1 < MAX_DEPTH:
                    yield from _model_files(Path(entry.path), depth + 1)
            elif entry.name.endswith(".gguf") and entry.is_file():
                yield Path(entry.path)
        except OSError:
            continue


def _read(path: Path, size_bytes: int) -> EmbeddingModel | None:
    try:
        with path.open("rb") as stream:
            header = read_header(stream, size_bytes, path.name)
    except WorldError as error:
        _LOG.info("not an embedding model: %s", error.code)
        return None
    except OSError as error:
        _LOG.info("a model file cannot be read: %s", error.strerror)
        return None
    if header.of_architecture("pooling_type") == RANK_POOLING:
        return None  # It compares two texts, whatever it is called.
    profile = embedding_profile(header.architecture, path.stem, header.name)
    if profile is None:
        return None
    # The name of the file and its size stay the same when it is moved.
    key = f"{path.stem}-{size_bytes}"
    return EmbeddingModel(key, header.name or plain_name(path.stem), path, profile)
