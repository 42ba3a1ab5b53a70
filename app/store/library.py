"""The model files that have been used on this computer. The files stay where they are."""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

import msgspec

from app.core.errors import AppError
from app.core.model import ModelFile
from app.core.model_shape import ModelShape
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database, Row
from app.store.model_files import inspect_model

_LOG = logging.getLogger(__name__)

_BYTES_PREFIX = "bytes:"
"""Begins a path in the database that is no text; one that is begins at the root."""
STARTER_NAME = "Starter"
LOADING_NOTE = "loading"
"""Name of the note that holds the path of the model being loaded. Found at start, that load
brought down the program or the computer."""

_UNREAD = ModelFile(Path(), 0, 0, "", "", "", 0, 0, 0, 0, "")


@dataclass(frozen=True, slots=True)
class KnownModels:
    """The models of the list, last used first, by whether their files are there."""

    present: tuple[ModelFile, ...]
    missing: tuple[ModelFile, ...]


class ModelLibrary:
    """Reads and writes the list of models."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def models(self) -> KnownModels:
        """Give all models; those whose files have changed are read again."""
        rows = self._database.read(
            "SELECT path, facts FROM model ORDER BY last_used_at DESC, rowid DESC"
        )
        present, missing = [], []
        for model in map(_model, rows):
            if os.path.isfile(model.path):  # noqa: PTH113 - Path's raises for a locked folder
                present.append(self._up_to_date(model))
            else:
                missing.append(model)
        return KnownModels(tuple(present), tuple(missing))

    def remember(self, model: ModelFile) -> None:
        """Put a model at the top of the list."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO model (path, facts, last_used_at) VALUES (?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET facts = excluded.facts,"
                " last_used_at = excluded.last_used_at",
                (path_text(model.path), _facts(model), moment_text(self._now())),
            )

    def forget(self, path: Path) -> None:
        """Take a model off the list; its file is not touched."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM model WHERE path = ?", (path_text(path),))

    def _up_to_date(self, model: ModelFile) -> ModelFile:
        """Read a file again that is not the one that was read before."""
        try:
            status = model.path.stat()
            if (status.st_size, status.st_mtime_ns) == (model.size_bytes, model.modified_ns):
                return model
            changed = inspect_model(model.path)
        except (AppError, OSError) as error:
            # Still listed: opening it tells the user what is wrong with it now.
            _LOG.warning("a changed model file cannot be read: %s", type(error).__name__)
            return model
        with self._database.write() as connection:
            connection.execute(
                "UPDATE model SET facts = ? WHERE path = ?",
                (_facts(changed), path_text(model.path)),
            )
        return changed


def path_text(path: Path) -> str:
    """Give a path as text that can be stored, also where a name in it is no text."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _BYTES_PREFIX + os.fsencode(path).hex()
    return text


def path_of(text: str) -> Path:
    """Give the path that `path_text` made a text of."""
    if text.startswith(_BYTES_PREFIX):
        return Path(os.fsdecode(bytes.fromhex(text.removeprefix(_BYTES_PREFIX))))
    return Path(text)


def inspect_named(path: Path, starter_path: Path | None) -> ModelFile:
    """Read a model file's facts; the model that comes with Quillhouse goes by its own name.

    Raises:
        WorldError: the file is missing, unreadable, damaged, or not a chat model.
    """
    model = inspect_model(path)
    return replace(model, display_name=STARTER_NAME) if path == starter_path else model


def _facts(model: ModelFile) -> str:
    facts = {name: getattr(model, name) for name in _stored_names()}
    facts["shape"] = _builtins(model.shape)
    return json.dumps(facts, separators=(",", ":"))


def _model(row: Row) -> ModelFile:
    """Give a model of the list; one stored by another version lacks facts and is read again."""
    path, stored = path_of(row["path"]), json.loads(row["facts"])
    names, shape = _stored_names(), _shape(stored.get("shape"))
    known = {name: stored[name] for name in names & stored.keys() - {"shape"}}
    model = replace(_UNREAD, path=path, shape=shape or ModelShape(), **known)
    if names == stored.keys() and shape is not None:
        return model
    return replace(model, modified_ns=0, display_name=model.display_name or path.stem)


def _stored_names() -> set[str]:
    return {field.name for field in fields(ModelFile)} - {"path"}


def _shape(stored: object) -> ModelShape | None:
    """Give a stored shape; None if there is none, or one of another version."""
    try:
        shape = msgspec.convert(stored, ModelShape)
    except msgspec.ValidationError:
        return None
    # Fields that came or went since would be passed over in silence.
    return shape if _builtins(shape) == stored else None


def _builtins(shape: ModelShape) -> object:
    """Give a shape as JSON has it, with lists for tuples."""
    return msgspec.json.decode(msgspec.json.encode(shape))
