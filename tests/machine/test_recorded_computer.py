"""Computers in files."""

import json
from pathlib import Path

import pytest

from app.core.computer import Computer, System
from app.core.errors import ErrorCode, WorldError
from app.core.fit.budget import budget_of
from app.machine.computer import read_computer
from app.machine.recorded_computer import MAX_FILE_BYTES, read_recorded, write_recorded

RECORDED = sorted((Path(__file__).resolve().parents[1] / "computers").glob("*.json"))
SMALL = {"system": "linux", "memory_bytes": 100, "available_bytes": 50}
CARD = {
    "name": "CUDA0",
    "description": "A card",
    "backend": "CUDA",
    "kind": "graphics_card",
    "total_bytes": 8,
    "free_bytes": 7,
}


def test_there_are_enough_of_them() -> None:
    assert len(RECORDED) >= 14 + 8


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_was_written_is_read_the_same(path: Path, tmp_path: Path) -> None:
    computer = read_recorded(path)
    assert computer.is_recorded
    copy = tmp_path / "copy.json"
    write_recorded(computer, copy)
    assert read_recorded(copy) == computer
    assert copy.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    assert budget_of(read_recorded(copy)) == budget_of(computer)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["copy.json"]


def test_this_computer_can_be_recorded(tmp_path: Path) -> None:
    computer = read_computer(())
    write_recorded(computer, tmp_path / "this.json")
    read = read_recorded(tmp_path / "this.json")
    assert read.is_recorded
    assert (read.processor, read.memory_bytes) == (computer.processor, computer.memory_bytes)


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_text(json.dumps(SMALL))
    expected = Computer(System.LINUX, 100, 50, is_recorded=True)
    assert read_recorded(tmp_path / "small.json") == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ""),
        (b"{", ""),
        (b"\xff\xfe\x00", ""),
        (b"[" * 100_000, ""),
        (b"[]", ""),
        (b"null", ""),
        (b" " * (MAX_FILE_BYTES + 1), ""),
        (json.dumps({**SMALL, "system": "amiga"}).encode(), "$.system"),
        (json.dumps({**SMALL, "memory_bytes": "8 GB"}).encode(), "$.memory_bytes"),
        (json.dumps({**SMALL, "memory_bytes": 1e400}).encode(), ""),
        (json.dumps({**SMALL, "memory_bytes": -1}).encode(), "memory_bytes"),
        (json.dumps({**SMALL, "available_bytes": 101}).encode(), "available_bytes"),
        (json.dumps({**SMALL, "processor": {"n_cores": 0}}).encode(), "processor.n_cores"),
        (
            json.dumps({**SMALL, "processor": {"n_fast_cores": 2}}).encode(),
            "processor.n_fast_cores",
        ),
        (
            json.dumps({**SMALL, "devices": [{**CARD, "total_bytes": -8}]}).encode(),
            "devices.total_bytes",
        ),
        (
            json.dumps({**SMALL, "devices": [{**CARD, "free_bytes": -7}]}).encode(),
            "devices.free_bytes",
        ),
        (json.dumps({**SMALL, "devices": [CARD, CARD]}).encode(), "devices.name"),
        (json.dumps({**SMALL, "devices": [{**CARD, "kind": 1}]}).encode(), "$.devices[0].kind"),
        (
            json.dumps({**SMALL, "power": {"battery_percent": 101}}).encode(),
            "power.battery_percent",
        ),
        (
            json.dumps(
                {**SMALL, "unused_cards": [{"description": "", "vendor": "", "memory_bytes": -1}]}
            ).encode(),
            "unused_cards.memory_bytes",
        ),
    ],
)
def test_a_bad_file_is_a_typed_error(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(WorldError) as caught:
        read_recorded(path)
    assert caught.value.code is ErrorCode.COMPUTER_FILE_UNUSABLE
    assert caught.value.facts.file_name == "bad.json"
    assert caught.value.facts.reason == reason
    assert caught.value.detail


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_missing_file_and_a_folder_are_typed_errors(name: str, tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        read_recorded(tmp_path / name)
    assert caught.value.code is ErrorCode.COMPUTER_FILE_UNUSABLE


def test_what_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as caught:
        write_recorded(Computer(System.LINUX, 100, 50), tmp_path / "nowhere" / "computer.json")
    assert caught.value.code is ErrorCode.COMPUTER_FILE_UNUSABLE
    assert list(tmp_path.glob("*.json")) == []
