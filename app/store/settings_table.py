"""The user's settings in the database, checked against the table in `core/settings.py`."""

import json
import logging

from app.core.settings import DEFAULTS, SettingKey, SettingValue, setting
from app.store.database import Database

_LOG = logging.getLogger(__name__)


class SettingsTable:
    """Reads and writes settings. Keys that this version does not know are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self) -> dict[SettingKey, SettingValue]:
        """Give every setting; the default where nothing, or nothing allowed, is stored."""
        values = dict(DEFAULTS)
        for row in self._database.read("SELECT key, value FROM setting"):
            try:
                key, value = SettingKey(row["key"]), json.loads(row["value"])
            except ValueError:
                continue
            if setting(key).accepts(value):
                values[key] = value
            else:
                _LOG.warning("setting %s has a value that is not allowed", key)
        return values

    def change(self, key: SettingKey, value: SettingValue | None) -> None:
        """Store a value; None, and values that are not allowed, take the default again."""
        with self._database.write() as connection:
            if value is None or not setting(key).accepts(value):
                connection.execute("DELETE FROM setting WHERE key = ?", (key.value,))
            else:
                connection.execute(
                    "INSERT INTO setting (key, value) VALUES (?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key.value, json.dumps(value)),
                )

    # Not settings of the user's, but kept in the same place.

    def note(self, name: str) -> str:
        """Give a note the program keeps for itself; empty if there is none."""
        rows = self._database.read("SELECT value FROM setting WHERE key = ?", (f"note.{name}",))
        return str(json.loads(rows[0]["value"])) if rows else ""

    def keep_note(self, name: str, text: str) -> None:
        """Keep a note; an empty one is removed."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM setting WHERE key = ?", (f"note.{name}",))
            if text:
                connection.execute(
                    "INSERT INTO setting (key, value) VALUES (?, ?)",
                    (f"note.{name}", json.dumps(text)),
                )
