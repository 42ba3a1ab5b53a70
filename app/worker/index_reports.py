"""What the window is told of collections, made from what is kept and what is going on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.documents.collections import (
    Collection,
    CollectionState,
    CollectionSummary,
    IndexProgress,
    IndexStage,
)
from app.core.documents.embedding_model import EmbeddingModel, name_of_key
from app.core.documents.embedding_profiles import unknown_language
from app.core.errors import ErrorCode, Facts, Failure
from app.store.document_files import Counts
from app.worker.index_pace import Speed


@dataclass(slots=True)
class Doing:
    """What is going on and is not kept.

    Attributes:
        scanning: collections that are being looked into for the first time.
        away: sources that are not there, by collection.
        scan_failures: why sources cannot be looked into, by collection.
        halted: why nothing can be read or kept.
        embedding_failures: why no vectors are made, by key of the model.
        models: embedding models on this computer, by key; None until it is known which.
        partial: chunks that were done of contents that are not completed, by collection.
    """

    scanning: frozenset[str] = frozenset()
    away: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    scan_failures: dict[str, Failure] = field(default_factory=dict)
    halted: Failure | None = None
    embedding_failures: Mapping[str, Failure] = field(default_factory=dict)
    models: Mapping[str, EmbeddingModel] | None = None
    partial: Mapping[str, int] = field(default_factory=dict)
    reading_name: str = ""
    reading_collection: str = ""
    waits_for: str = ""
    pages: Speed = field(default_factory=Speed)
    read_bytes: Speed = field(default_factory=Speed)
    chunks: Speed = field(default_factory=Speed)


def summary_of(
    collection: Collection,
    counts: Counts,
    spoken: Mapping[str, int],
    doing: Doing,
    skipped: tuple[Failure, ...] = (),
) -> CollectionSummary:
    """Give what a card says of a collection; `spoken` has its chunks by language."""
    model = (doing.models or {}).get(collection.embedding_key)
    return CollectionSummary(
        collection=collection,
        state=_state_of(collection, counts, doing),
        n_files=counts.n_files,
        n_searchable=counts.n_searchable,
        n_ready=counts.n_ready,
        n_skipped=counts.n_skipped,
        n_partly=counts.n_partly,
        n_pages=counts.n_pages,
        n_chunks=counts.n_chunks,
        languages=tuple(spoken),
        embedding_name=model.name if model is not None else name_of_key(collection.embedding_key),
        unknown_language=unknown_language(model.profile, spoken) if model is not None else "",
        failure=_failure_of(collection, counts, doing),
        skipped=skipped,
    )


def progress_of(collection: Collection, counts: Counts, doing: Doing) -> IndexProgress | None:
    """Give how far a collection is; None when nothing is done with it."""
    key = collection.collection_id
    if collection.is_paused:
        return None
    if key in doing.scanning and not counts.n_pending:
        return IndexProgress(key, IndexStage.SCANNING, counts.n_files, counts.n_files)
    n_there = counts.n_files - counts.n_away
    if counts.n_pending:
        bytes_s = doing.read_bytes.per_second()
        return IndexProgress(
            key,
            IndexStage.READING,
            n_there - counts.n_pending,
            n_there,
            doing.pages.per_second(),
            counts.pending_bytes / bytes_s if bytes_s else None,
            doing.reading_name if doing.reading_collection == key else "",
        )
    if counts.n_embedded < counts.n_chunks:
        n_done = min(counts.n_chunks, counts.n_embedded + doing.partial.get(key, 0))
        chunks_s = doing.chunks.per_second()
        return IndexProgress(
            key,
            IndexStage.EMBEDDING,
            n_done,
            counts.n_chunks,
            chunks_s,
            (counts.n_chunks - n_done) / chunks_s if chunks_s else None,
            waits_for=doing.waits_for,
        )
    return None


def ended_progress(collection_id: str, counts: Counts) -> IndexProgress:
    """Give the last word on a collection: all is done."""
    n_chunks = counts.n_chunks
    return IndexProgress(collection_id, IndexStage.EMBEDDING, n_chunks, n_chunks, None, 0.0)


def _state_of(collection: Collection, counts: Counts, doing: Doing) -> CollectionState:
    is_scanning = collection.collection_id in doing.scanning
    if counts.n_away and counts.n_away == counts.n_files:
        state = CollectionState.AWAY
    elif not counts.n_files and not is_scanning:
        is_away = bool(doing.away.get(collection.collection_id))
        state = CollectionState.AWAY if is_away else CollectionState.EMPTY
    elif collection.is_paused and (counts.n_pending or counts.n_embedded < counts.n_chunks):
        state = CollectionState.PAUSED
    elif is_scanning:
        state = CollectionState.SCANNING
    elif counts.n_pending:
        state = CollectionState.READING
    elif counts.n_embedded < counts.n_chunks:
        state = CollectionState.UNDERSTANDING
    else:
        state = CollectionState.PAUSED if collection.is_paused else CollectionState.READY
    return state


def _failure_of(collection: Collection, counts: Counts, doing: Doing) -> Failure | None:
    key = collection.collection_id
    is_behind = bool(counts.n_pending) or counts.n_embedded < counts.n_chunks
    if doing.halted is not None and is_behind:
        return doing.halted
    if key in doing.scan_failures:
        return doing.scan_failures[key]
    away = doing.away.get(key, ())
    if away:
        return Failure(ErrorCode.FOLDER_ABSENT, Facts(path=str(away[0])))
    wanted = collection.embedding_key
    if counts.n_chunks and doing.models is not None and wanted not in doing.models:
        # Without it no question has a vector, whatever the documents have.
        return Failure(ErrorCode.EMBEDDING_MODEL_MISSING, Facts(name_of_key(wanted)))
    if counts.n_embedded < counts.n_chunks:
        return doing.embedding_failures.get(wanted)
    return None
