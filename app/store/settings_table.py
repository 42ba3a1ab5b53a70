"""The user's settings in the database, checked against the table in `core/settings.py`."""

import json
import logging

from app.core.settings import DEFAULTS, SettingKey, SettingValue, setting
from app.store.database import Database, storable

_LOG = logging.getLogger(__name__)


class SettingsTable:
    """Reads and writes settings. Keys that this version does not know are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self) -> dict[SettingKey, SettingValue]:
        """Give every setting; the default where nothing, or nothing allowed, is stored."""
        values = dict(DEFAULTS)
        known = {key.value: key for key in SettingKey}
        for row in self._database.read("SELECT key, value FROM setting"):
            key = known.get(row["key"])
            if key is None:
                continue
            try:
                value = json.loads(row["value"])
            except ValueError:
                value = None
            if setting(key).accepts(value):
                # A number without a fraction may have been stored where one is expected.
                values[key] = float(value) if isinstance(DEFAULTS[key], float) else value
            else:
                _LOG.warning("setting %s has a value that is not allowed", key)
        return values

    def change(self, key: SettingKey, value: SettingValue | None) -> None:
        """Store a value; None, and values that are not allowed, take the default again."""
        if isinstance(value, str):
            value = storable(value)
        is_kept = value is not None and setting(key).accepts(value)
        self._keep(key.value, value if is_kept else None)

    # Not settings of the user's, but kept in the same place.

    def note(self, name: str) -> str:
        """Give a note the program keeps for itself; empty if there is none."""
        rows = self._database.read("SELECT value FROM setting WHERE key = ?", (f"note.{name}",))
        return str(json.loads(rows[0]["value"])) if rows else ""

    def keep_note(self, name: str, text: str, *, durable: bool = True) -> None:
        """Keep a note; an empty one is removed.

        Args:
            name: of the note.
            text: what to keep.
            durable: it has to survive the end of the computer, not only that of the program.
        """
        self._keep(f"note.{name}", text or None, durable=durable)

    def _keep(self, key: str, value: SettingValue | None, *, durable: bool = True) -> None:
        with self._database.write(durable=durable) as connection:
            if value is None:
                connection.execute("DELETE FROM setting WHERE key = ?", (key,))
            else:
                connection.execute(
                    "INSERT INTO setting (key, value) VALUES (?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key, json.dumps(value)),
                )
