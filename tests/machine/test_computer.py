"""This computer as a whole."""

import logging
import os
import sys
import time
from pathlib import Path

import pytest

from app.core.computer import Device, DeviceKind, System
from app.machine import probe
from app.machine.computer import read_computer
from app.machine.probe import guarded, number_in, output_of, text_of

TIME_LIMIT_S = 1.0
CPU = Device("CPU", "A processor", "CPU", DeviceKind.PROCESSOR, 1 << 34, 1 << 34)


def test_this_computer_is_read_within_a_second() -> None:
    started = time.perf_counter()
    computer = read_computer((CPU,))
    assert time.perf_counter() - started < TIME_LIMIT_S
    assert computer.devices == (CPU,)
    assert 0 < computer.available_bytes <= computer.memory_bytes
    assert not computer.is_recorded


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_the_system_is_linux() -> None:
    assert read_computer(()).system is System.LINUX


def test_a_failed_probe_is_logged_and_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> int:
        raise PermissionError(13, "not for you")

    with caplog.at_level(logging.WARNING):
        assert guarded("size of a thing", fail, 7) == 7
    assert "size of a thing not known: PermissionError" in caplog.text


def test_a_mistake_of_ours_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded("nothing", lambda: 1 // 0, 7)


def test_a_program_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PROGRAM_LIMIT_S", 0.2)
    started = time.perf_counter()
    endless = (sys.executable, "-c", "import threading; threading.Event().wait()")
    assert guarded("nothing", lambda: output_of(*endless), "given up") == "given up"
    assert time.perf_counter() - started < 5


def test_a_program_that_is_not_there_is_no_error() -> None:
    assert guarded("nothing", lambda: output_of("/nowhere/nvidia-smi"), "none") == "none"


def test_what_a_program_prints_counts_although_it_fails() -> None:
    script = "import sys; print('half an answer'); sys.exit(1)"
    assert output_of(sys.executable, "-c", script).strip() == "half an answer"


def test_small_files_of_the_system(tmp_path: Path) -> None:
    for text, number in (("12", 12), ("-1", -1), ("max", None), ("", None), ("1.5", None)):
        (tmp_path / "file").write_text(f"{text}\n")
        assert number_in(tmp_path / "file") == number
    (tmp_path / "bytes").write_bytes(b"\xff\xfename" + os.linesep.encode())
    assert text_of(tmp_path / "bytes").endswith("name")
    assert text_of(tmp_path / "missing") == text_of(tmp_path) == ""
