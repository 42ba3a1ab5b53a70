"""The model files that are known on this computer. The files stay where they are."""

import logging
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

from app.core.errors import AppError
from app.core.model import ModelFile
from app.core.origin import Origin, Program
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database
from app.store.model_files import FileState, file_state, inspect_model
from app.store.model_groups import copies_among, is_there, listed_models, rank_of
from app.store.model_identity import fingerprint_of
from app.store.model_rows import OPENED, ModelRow, path_text, row_of, row_values

_LOG = logging.getLogger(__name__)
_SELECT = "SELECT path, facts, last_used_at, origin, is_hidden FROM model"

_NAMING_PROGRAMS = frozenset({Program.OLLAMA, Program.MSTY, Program.ANYTHING_LLM, Program.JAN})

STARTER_NAME = "Starter"
LOADING_NOTE = "loading"
"""Name of the note that holds the path of the model being loaded. Found at start, that load
brought down the program or the computer."""


@dataclass(frozen=True, slots=True)
class KnownModels:
    """The models of the list, last used first, by whether their files are there.

    Attributes:
        origins: where each comes from, and where else it is.
    """

    present: tuple[ModelFile, ...]
    missing: tuple[ModelFile, ...]
    origins: Mapping[Path, Origin] = field(default_factory=dict)


class ModelLibrary:
    """Reads and writes the list of models.

    A model that was found and is taken off the list is only hidden, so that the next scan does
    not bring it back: it comes back when the user opens it, or names a folder that it is in.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def models(self) -> KnownModels:
        """Give all models, each once; those whose files have changed are read again."""
        rows = [self._up_to_date(row) for row in self.rows() if not row.is_hidden]
        listed = listed_models(rows)
        return KnownModels(
            tuple(one.row.model for one in listed if one.is_present),
            tuple(one.row.model for one in listed if not one.is_present),
            {one.row.path: one.origin for one in listed},
        )

    def present_copy(self, path: Path) -> Path | None:
        """Give where a model is that was at `path`: there, or wherever a copy of it still is."""
        listed = listed_models(row for row in self.rows() if not row.is_hidden)
        found = next((one for one in listed if path in one.paths and one.is_present), None)
        if found is None:
            return None
        return path if is_there(path) else found.row.path

    def rows(self) -> list[ModelRow]:
        """Give all files, hidden ones and copies too, as they were when they were last read."""
        query = f"{_SELECT} ORDER BY last_used_at DESC, rowid DESC"
        return [row_of(row) for row in self._database.read(query)]

    def remember(self, model: ModelFile, origin: Origin | None = None) -> None:
        """Put a model at the top of the list.

        Args:
            model: that was loaded.
            origin: whose file it is, where that is not known yet; None for one that was opened.
        """
        row = self._row(model.path)
        if row is None:
            row = ModelRow(model, origin or OPENED, fingerprint_of(model.path))
        elif _state(row.model) != _state(model):
            row = _with_new_content(row, model)
        used_at = moment_text(self._now())
        row = replace(row, model=_named_as(row, model), last_used_at=used_at, is_hidden=False)
        with self._database.write() as connection:
            _put(connection, row)

    def take(self, rows: Iterable[ModelRow], *, is_explicit: bool = False) -> frozenset[Path]:
        """Add files that were found, or bring what is known of them up to date.

        Args:
            rows: of the files.
            is_explicit: the user asked for just these; hidden ones come back.

        Returns:
            Those that are new.
        """
        known = {row.path: row for row in self.rows()}
        new = set()
        with self._database.write() as connection:
            for row in rows:
                earlier = known.get(row.path)
                if earlier is None:
                    new.add(row.path)
                else:
                    row = _merged(earlier, row, is_explicit=is_explicit)  # noqa: PLW2901
                if row != earlier:
                    _put(connection, row)
        return frozenset(new)

    def complete(self) -> None:
        """Make those comparable that were opened before copies were looked for."""
        rows = [row for row in self.rows() if not row.fingerprint and is_there(row.path)]
        self.take(replace(row, fingerprint=fingerprint_of(row.path)) for row in rows)

    def forget(self, path: Path) -> None:
        """Take a model with all its copies off the list; no file is touched."""
        group = next(
            (one for one in copies_among(self.rows()) if any(row.path == path for row in one)), []
        )
        with self._database.write() as connection:
            for row in group:
                if row.origin.program is Program.OPENED:
                    _drop(connection, row.path)
                else:
                    _put(connection, replace(row, is_hidden=True))

    def drop(self, paths: Iterable[Path]) -> None:
        """Take files off the list that are known to be gone for good."""
        with self._database.write() as connection:
            for path in paths:
                _drop(connection, path)

    def drop_gone(self, programs: Container[Program], folder: Path) -> None:
        """Take files off the list that are no longer in a folder, which is there and was read.

        What was used stays, as missing: the user may wonder where it went.
        """
        gone = [
            row.path
            for row in self.rows()
            if row.origin.program in programs
            and row.path.is_relative_to(folder)
            and (row.is_hidden or not row.last_used_at)
            and _is_gone(row.path)
        ]
        if gone:
            self.drop(gone)

    def drop_unused(self, folder: Path) -> None:
        """Take files off the list that were only found since the user named their folder."""
        self.drop(
            row.path
            for row in self.rows()
            if row.origin.program is Program.FOLDER
            and row.path.is_relative_to(folder)
            and not row.last_used_at
        )

    def _row(self, path: Path) -> ModelRow | None:
        found = self._database.read(f"{_SELECT} WHERE path = ?", (path_text(path),))
        return row_of(found[0]) if found else None

    def _up_to_date(self, row: ModelRow) -> ModelRow:
        """Read a file again that is not the one that was read before."""
        try:
            if file_state(row.path) == _state(row.model):
                return row
            model = inspect_model(row.path)
        except FileNotFoundError:
            return row
        except (AppError, OSError) as error:
            # Still listed: opening it tells the user what is wrong with it now.
            _LOG.warning("a changed model file cannot be read: %s", type(error).__name__)
            return row
        changed = _with_new_content(row, model)
        with self._database.write() as connection:
            _put(connection, changed)
        return changed


def inspect_named(path: Path, starter_path: Path | None) -> ModelFile:
    """Read a model file's facts; the model that comes with Quillhouse goes by its own name.

    Raises:
        WorldError: the file is missing, unreadable, damaged, or not a chat model.
    """
    model = inspect_model(path)
    return replace(model, display_name=STARTER_NAME) if path == starter_path else model


def _put(connection: Connection, row: ModelRow) -> None:
    connection.execute(
        "INSERT INTO model (path, facts, last_used_at, origin, is_hidden) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET facts = excluded.facts,"
        " last_used_at = excluded.last_used_at, origin = excluded.origin,"
        " is_hidden = excluded.is_hidden",
        row_values(row),
    )


def _drop(connection: Connection, path: Path) -> None:
    connection.execute("DELETE FROM model WHERE path = ?", (path_text(path),))


def _merged(earlier: ModelRow, found: ModelRow, *, is_explicit: bool) -> ModelRow:
    """Add to what is known of a file what was found out now."""
    one, other = earlier.origin, found.origin
    # In a folder that the user named may lie another program's.
    whose = min((other.program, one.program), key=rank_of)
    is_same = earlier.fingerprint in {"", found.fingerprint}
    kept = one if is_same else _without_content(one)
    origin = replace(
        other,
        program=whose,
        repo_id=other.repo_id or kept.repo_id,
        commit=other.commit or kept.commit,
        sha256=other.sha256 or kept.sha256,
        replaces=other.replaces or kept.replaces,
        is_kept=other.is_kept or kept.is_kept,
    )
    return replace(
        found,
        origin=origin,
        last_used_at=earlier.last_used_at,
        is_hidden=earlier.is_hidden and not is_explicit,
    )


def _with_new_content(row: ModelRow, model: ModelFile) -> ModelRow:
    """Give the row of a file that was read again, and forget a hash that holds no more."""
    fingerprint = fingerprint_of(row.path)
    is_same = bool(fingerprint) and fingerprint == row.fingerprint
    origin = row.origin if is_same else _without_content(row.origin)
    return replace(row, model=_named_as(row, model), origin=origin, fingerprint=fingerprint)


def _named_as(row: ModelRow, model: ModelFile) -> ModelFile:
    """Give facts under the name of the row; some programs have names of their own."""
    has_own_name = row.origin.program in _NAMING_PROGRAMS
    name = row.model.display_name if has_own_name else model.display_name
    return replace(model, path=row.path, display_name=name)


def _without_content(origin: Origin) -> Origin:
    """Give what of an origin still holds when the file's content has changed."""
    return replace(origin, commit="", sha256="")


def _state(model: ModelFile) -> FileState:
    return FileState(model.size_bytes, model.modified_ns)


def _is_gone(path: Path) -> bool:
    """Say whether a file is not there; one that cannot be looked at may be."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
