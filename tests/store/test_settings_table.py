"""Settings in the database."""

import json

import pytest

from app.core.settings import DEFAULTS, SettingKey, SettingValue
from app.store.database import Database
from app.store.settings_table import SettingsTable


@pytest.fixture
def table(database: Database) -> SettingsTable:
    return SettingsTable(database)


def put(database: Database, key: str, value: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (key, value))


def test_everything_begins_with_its_default(table: SettingsTable) -> None:
    assert table.values() == DEFAULTS


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (SettingKey.APPEARANCE, "dark"),
        (SettingKey.ENTER_SENDS, False),
        (SettingKey.TEMPERATURE, 1.5),
        (SettingKey.TEMPERATURE, 1),
        (SettingKey.SEED, -1),
        (SettingKey.INSTRUCTIONS, 'Be "brief".\nAlways, ä 🦙.'),
        (SettingKey.MODEL_PATH, "/models/田中.gguf"),
    ],
)
def test_a_change_is_kept_with_its_type(
    table: SettingsTable, database: Database, key: SettingKey, value: SettingValue
) -> None:
    table.change(key, value)
    database.close()
    database.open()
    stored = table.values()[key]
    assert stored == value
    assert type(stored) is type(DEFAULTS[key])
    table.change(key, None)
    assert table.values() == DEFAULTS


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (SettingKey.APPEARANCE, "pink"),
        (SettingKey.TEMPERATURE, 99.0),
        (SettingKey.TOP_K, True),
        (SettingKey.TOP_K, "40"),
    ],
)
def test_a_value_that_is_not_allowed_takes_the_default(
    table: SettingsTable, database: Database, key: SettingKey, value: SettingValue
) -> None:
    table.change(key, value)
    assert table.values()[key] == DEFAULTS[key]
    put(database, key.value, json.dumps(value))
    assert table.values()[key] == DEFAULTS[key]


@pytest.mark.parametrize("value", ["", "{", "null", "[1]", "NaN", "Infinity", "1e999"])
def test_a_value_that_is_no_value_takes_the_default(
    table: SettingsTable, database: Database, value: str
) -> None:
    put(database, SettingKey.TEMPERATURE.value, value)
    assert table.values() == DEFAULTS


def test_what_another_version_stored_is_kept(table: SettingsTable, database: Database) -> None:
    put(database, "future.setting", '"kept"')
    table.change(SettingKey.SEED, 7)
    assert table.values() == {**DEFAULTS, SettingKey.SEED: 7}
    rows = database.read("SELECT value FROM setting WHERE key = 'future.setting'")
    assert [row["value"] for row in rows] == ['"kept"']


def test_half_a_character_in_a_text_is_replaced(table: SettingsTable) -> None:
    table.change(SettingKey.INSTRUCTIONS, "broken \ud83d")
    assert table.values()[SettingKey.INSTRUCTIONS] == "broken \ufffd"


def test_notes_are_apart_from_settings(table: SettingsTable) -> None:
    assert table.note("draft") == ""
    table.keep_note("draft", "half a thou")
    table.keep_note("draft", "half a thought")
    assert table.note("draft") == "half a thought"
    assert table.values() == DEFAULTS
    table.keep_note("draft", "")
    assert table.note("draft") == ""
