"""What chats are asked from, and what answers rest on, as texts of the database."""

import json
import logging
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.core.documents.evidence import AnswerSources, ChatDocuments, Source
from app.store.database import storable
from app.store.model_rows import path_of, path_text

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


def documents_text(documents: ChatDocuments) -> str:
    """Give what a chat is asked from as it is stored; empty for no documents at all."""
    return "" if documents == ChatDocuments() else _text(documents)


def documents_of(text: str) -> ChatDocuments:
    """Give what a chat is asked from; no documents where that cannot be read."""
    return _of(text, ChatDocuments) or ChatDocuments()


def sources_text(sources: AnswerSources | None) -> str:
    """Give what an answer rests on as it is stored; empty for None."""
    return "" if sources is None else _text(sources)


def sources_of(text: str) -> AnswerSources | None:
    """Give what an answer rests on; None where that is nothing or cannot be read."""
    return _of(text, AnswerSources)


def source_text(source: Source | None) -> str:
    """Give one source as it is stored; empty for None."""
    return "" if source is None else _text(source)


def source_of(text: str) -> Source | None:
    """Give one source; None where that is nothing or cannot be read."""
    return _of(text, Source)


def _text(value: ChatDocuments | AnswerSources | Source) -> str:
    # Not by msgspec's own encoder, which refuses text with halves of characters.
    plain = msgspec.to_builtins(value, enc_hook=_plain)
    return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def _of(text: str, kind: type[T]) -> T | None:
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=_rich)
    except (msgspec.MsgspecError, RecursionError) as error:
        # The message may quote what is stored, so only its kind is kept.
        _LOG.warning("stored %s cannot be read: %s", kind.__name__, type(error).__name__)
        return None


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return path_text(value)
    raise TypeError(type(value).__name__)


def _rich(kind: type, value: Any) -> object:  # noqa: ANN401 - as msgspec calls it
    if kind is Path and isinstance(value, str):
        return path_of(value)
    raise TypeError(kind.__name__)
