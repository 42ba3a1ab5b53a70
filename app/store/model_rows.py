"""Models of the list as rows of the database."""

import json
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path

import msgspec

from app.core.model import ModelFile
from app.core.model_shape import ModelShape
from app.core.origin import Origin, Program
from app.store.database import Row

OPENED = Origin(Program.OPENED)
"""What is said of a file of which nothing else is known."""

_BYTES_PREFIX = "bytes:"
"""Begins a path in the database that is no text; one that is begins at the root."""
_UNREAD = ModelFile(Path(), 0, 0, "", "", "", 0, 0, 0, 0, "")
_FINGERPRINT = "fingerprint"
_NOT_STORED = ("also_at", "also_probably_at")
"""Found anew each time, since files come and go."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One file of the list.

    Attributes:
        fingerprint: see `app/store/model_identity.py`; empty if it is not known.
        last_used_at: UTC, ISO 8601; empty for one that was found and never used.
        is_hidden: the user took it off the list, and its file is still there.
    """

    model: ModelFile
    origin: Origin = OPENED
    fingerprint: str = ""
    last_used_at: str = ""
    is_hidden: bool = False

    @property
    def path(self) -> Path:
        """Where the file is, or was."""
        return self.model.path


def row_values(row: ModelRow) -> tuple[str | int, ...]:
    """Give what is stored: path, facts, last_used_at, origin, is_hidden."""
    path = path_text(row.path)
    return (path, facts_text(row.model), row.last_used_at, origin_text(row), row.is_hidden)


def row_of(stored: Row) -> ModelRow:
    """Give a row that was stored."""
    origin, fingerprint = _origin(stored["origin"])
    return ModelRow(
        _model(stored), origin, fingerprint, stored["last_used_at"], bool(stored["is_hidden"])
    )


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


def origin_text(row: ModelRow) -> str:
    """Give where a file comes from as it is stored."""
    stored = msgspec.to_builtins(row.origin)
    kept = {key: value for key, value in stored.items() if key not in _NOT_STORED}
    if row.origin.replaces:
        kept["replaces"] = path_text(Path(row.origin.replaces))
    return json.dumps({**kept, _FINGERPRINT: row.fingerprint}, separators=(",", ":"))


def facts_text(model: ModelFile) -> str:
    """Give the facts of a file as they are stored."""
    facts = {name: getattr(model, name) for name in _stored_names()}
    facts["shape"] = _builtins(model.shape)
    return json.dumps(facts, separators=(",", ":"))


def _origin(text: str) -> tuple[Origin, str]:
    """Read a stored origin; one of before there were any, or of another version, says nothing."""
    try:
        fingerprint = json.loads(text).get(_FINGERPRINT, "")
        origin = msgspec.json.decode(text, type=Origin)
        if origin.replaces:
            origin = replace(origin, replaces=str(path_of(origin.replaces)))
        return origin, str(fingerprint)
    except (ValueError, AttributeError, msgspec.MsgspecError):
        return OPENED, ""


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
