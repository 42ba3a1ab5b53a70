"""The look that is known before the database is open."""

import stat
import sys
from pathlib import Path

import pytest

from app.core.settings import DEFAULTS, SettingKey
from app.store.look_file import LookFile

DARK = {
    **DEFAULTS,
    SettingKey.APPEARANCE: "dark",
    SettingKey.TEXT_SCALE_PERCENT: 150,
    SettingKey.RAIL_COLLAPSED: True,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "look.json"


def test_the_look_is_kept_and_nothing_else(path: Path) -> None:
    LookFile(path).keep({**DARK, SettingKey.INSTRUCTIONS: "My secret"})
    assert LookFile(path).read() == DARK
    assert "secret" not in path.read_text(encoding="utf-8")
    assert [one.name for one in path.parent.iterdir() if one.is_file()] == [path.name]


def test_a_missing_file_means_defaults(path: Path) -> None:
    assert LookFile(path).read() == DEFAULTS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"look.appearance": "da',
        b"\xff\xfe",
        b"[" * 100_000,
        b'["dark"]',
        b'{"look.appearance": "pink", "look.text_scale_percent": 1e9, "look.rail_collapsed": 1}',
        b'{"look.appearance": ["dark"], "look.text_scale_percent": null, "x": 1}',
    ],
)
def test_what_a_damaged_file_says_is_not_believed(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert LookFile(path).read() == DEFAULTS


def test_a_damaged_file_is_written_anew(path: Path) -> None:
    path.write_bytes(b"{")
    LookFile(path).keep(DARK)
    assert LookFile(path).read() == DARK


def test_an_unchanged_look_is_not_written_again(path: Path) -> None:
    LookFile(path).keep(DARK)
    written_ns = path.stat().st_mtime_ns, path.stat().st_ino
    LookFile(path).keep({**DARK, SettingKey.TOP_K: 7})
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == written_ns


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_its_user_can_read_it(path: Path) -> None:
    LookFile(path).keep(DARK)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_keeps_nothing_from_working(path: Path) -> None:
    path.with_suffix(".part").mkdir()
    LookFile(path).keep(DARK)
    assert LookFile(path).read() == DEFAULTS
