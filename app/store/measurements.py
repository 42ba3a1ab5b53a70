"""What was measured of this computer and of models on it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from app.core.fit.learning import Run, learnt
from app.core.fit.speed import Calibration, RunRecord
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database
from app.store.model_rows import path_of, path_text

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

MAX_RECORDS = 500
"""Models come and go; of those that have not run for longest nothing is remembered."""


class Measurements:
    """Reads and writes measurements. One that cannot be read any more counts as none."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def calibrations(self) -> tuple[Calibration, ...]:
        """Give what was measured of each processor and version of the engine, newest first."""
        rows = self._database.read("SELECT facts FROM calibration ORDER BY measured_at DESC")
        found = (_decoded(row["facts"], Calibration) for row in rows)
        return tuple(one for one in found if one is not None)

    def keep_calibration(self, calibration: Calibration) -> None:
        """Keep a calibration in place of an earlier one of the same processor and engine."""
        moment = moment_text(self._now())
        facts = msgspec.json.encode(replace(calibration, measured_at=moment)).decode()
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO calibration"
                " (engine_version, processor, facts, measured_at) VALUES (?, ?, ?, ?)",
                (calibration.engine_version, calibration.processor, facts, moment),
            )
            # What runs taught was said beside the former calibration.
            connection.execute("DELETE FROM run_record")

    def records(self) -> dict[str, RunRecord]:
        """Give what runs taught, by key."""
        rows = self._database.read("SELECT record_key, facts FROM run_record")
        found = {row["record_key"]: _decoded(row["facts"], RunRecord) for row in rows}
        return {key: record for key, record in found.items() if record is not None}

    def learn(self, run: Run) -> None:
        """Take one more run into account."""
        record = learnt(self.records().get(run.key, RunRecord()), run)
        with self._database.write(durable=False) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO run_record (record_key, facts, updated_at)"
                " VALUES (?, ?, ?)",
                (run.key, msgspec.json.encode(record).decode(), moment_text(self._now())),
            )
            connection.execute(
                "DELETE FROM run_record WHERE record_key NOT IN"
                " (SELECT record_key FROM run_record ORDER BY updated_at DESC LIMIT ?)",
                (MAX_RECORDS,),
            )

    def wanted_contexts(self) -> dict[Path, int]:
        """Give the context lengths that the user wants for single models, in tokens."""
        rows = self._database.read("SELECT path, n_ctx FROM wanted_context")
        return {path_of(row["path"]): row["n_ctx"] for row in rows}

    def want_context(self, path: Path, n_ctx: int) -> None:
        """Remember a context length for a model; 0 leaves it to the choice again."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM wanted_context WHERE path = ?", (path_text(path),))
            if n_ctx > 0:
                connection.execute(
                    "INSERT INTO wanted_context (path, n_ctx) VALUES (?, ?)",
                    (path_text(path), n_ctx),
                )


def _decoded(text: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError as error:
        _LOG.warning("a measurement of another version is ignored: %s", error)
        return None
