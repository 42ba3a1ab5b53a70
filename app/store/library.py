"""The model files that have been used on this computer. The files stay where they are."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from app.core.model import ModelFile
from app.store.database import Database, Row
from app.store.model_files import inspect_model

STARTER_NAME = "Starter"


class ModelLibrary:
    """Reads and writes the list of models."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def models(self) -> tuple[ModelFile, ...]:
        """Give all models, last used first; their files may be gone."""
        rows = self._database.read(
            "SELECT path, facts FROM model ORDER BY last_used_at DESC, rowid DESC"
        )
        return tuple(_model(row) for row in rows)

    def remember(self, model: ModelFile) -> None:
        """Put a model at the top of the list."""
        facts = {key: value for key, value in asdict(model).items() if key != "path"}
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO model (path, facts, last_used_at) VALUES (?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET facts = excluded.facts,"
                " last_used_at = excluded.last_used_at",
                (str(model.path), json.dumps(facts), self._now().isoformat()),
            )

    def forget(self, path: Path) -> None:
        """Take a model off the list; its file is not touched."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM model WHERE path = ?", (str(path),))


def inspect_named(path: Path, starter_path: Path | None) -> ModelFile:
    """Read a model file's facts; the model that comes with Quillhouse goes by its own name.

    Raises:
        WorldError: the file is missing, unreadable, damaged, or not a chat model.
    """
    model = inspect_model(path)
    return replace(model, display_name=STARTER_NAME) if path == starter_path else model


def _model(row: Row) -> ModelFile:
    return ModelFile(path=Path(row["path"]), **json.loads(row["facts"]))
