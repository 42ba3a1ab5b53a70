"""The queue of downloads in the database, so that it goes on after the program ends."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.core.download import Download, DownloadSpec, DownloadState
from app.core.errors import Failure
from app.store.database import Database, Row, storable
from app.store.model_rows import path_of, path_text

_LOG = logging.getLogger(__name__)

_Lasting = tuple[int, DownloadSpec, DownloadState, Path | None]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is kept of a row besides its state."""

    done_bytes: int = 0
    failure: Failure | None = None
    installed_path: str = ""
    note: str = ""
    folder: str = ""


class DownloadTable:
    """Reads and writes the queue. A row that cannot be read any more is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, _Lasting] = {}

    def rows(self) -> tuple[Download, ...]:
        """Give all rows in their order."""
        rows = self._database.read(
            "SELECT download_id, position, spec, state, facts FROM download ORDER BY position"
        )
        found = (_download_of(row) for row in rows)
        return tuple(one for one in found if one is not None)

    def folders(self) -> dict[str, Path]:
        """Give the models folder that each download has begun in."""
        found = {}
        for row in self._database.read("SELECT download_id, facts FROM download"):
            try:
                facts = msgspec.json.decode(row["facts"], type=_Facts)
            except msgspec.MsgspecError:
                continue  # `rows` says so.
            if facts.folder:
                found[row["download_id"]] = path_of(facts.folder)
        return found

    def keep(self, rows: Sequence[Download], folders: Mapping[str, Path] | None = None) -> None:
        """Keep these rows in this order and no others; nothing is written if all is kept.

        How fast and how far a download is changes all the time and is on the disk anyway, so it
        is only written along with something else.
        """
        places = folders or {}
        lasting = {
            row.download_id: (position, row.spec, row.state, places.get(row.download_id))
            for position, row in enumerate(rows)
        }
        if lasting == self._kept:
            return
        wanted = {
            row.download_id: _values(position, row, places.get(row.download_id))
            for position, row in enumerate(rows)
        }
        with self._database.write() as connection:
            connection.execute("DELETE FROM download")
            connection.executemany(
                "INSERT INTO download (download_id, position, spec, state, facts)"
                " VALUES (?, ?, ?, ?, ?)",
                [(download_id, *one) for download_id, one in wanted.items()],
            )
        self._kept = lasting


def _values(position: int, row: Download, folder: Path | None) -> tuple[int, str, str, str]:
    where = path_text(folder) if folder is not None else ""
    facts = _Facts(row.done_bytes, row.failure, row.installed_path, row.note, where)
    return (position, _text(row.spec), row.state.value, _text(facts))


def _text(value: object) -> str:
    return storable(msgspec.json.encode(value).decode())


def _download_of(row: Row) -> Download | None:
    try:
        spec = msgspec.json.decode(row["spec"], type=DownloadSpec)
        facts = msgspec.json.decode(row["facts"], type=_Facts)
        return Download(
            row["download_id"],
            spec,
            DownloadState(row["state"]),
            facts.done_bytes,
            failure=facts.failure,
            installed_path=facts.installed_path,
            note=facts.note,
        )
    except (msgspec.MsgspecError, ValueError) as error:
        _LOG.warning("a download of another version is ignored: %s", error)
        return None
