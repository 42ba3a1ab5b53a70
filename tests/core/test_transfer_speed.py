"""Speed and time left: right for a steady line, and silent where nothing is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.transfer_speed import LEARNING_S, SILENCE_S, TransferSpeed


@given(
    bytes_per_s=st.integers(1000, 10**9),
    step_s=st.floats(0.05, 1.0),
    start_bytes=st.integers(0, 10**9),
)
def test_a_steady_line_is_told_rightly(bytes_per_s: int, step_s: float, start_bytes: int) -> None:
    speed, now_s = TransferSpeed(), 100.0
    for n in range(60):
        now_s = 100.0 + n * step_s
        speed.note(start_bytes + int(n * step_s * bytes_per_s), now_s)
    assert speed.bytes_per_s(now_s) == pytest.approx(bytes_per_s, rel=0.02)
    left_s = speed.seconds_left(start_bytes + int(now_s - 100.0 + 60) * bytes_per_s, now_s)
    assert left_s is not None
    assert 55 < left_s < 65


def test_nothing_is_told_too_early() -> None:
    speed = TransferSpeed()
    speed.note(0, 0.0)
    speed.note(10**6, LEARNING_S / 2)
    assert speed.bytes_per_s(LEARNING_S / 2) > 0
    assert speed.seconds_left(10**9, LEARNING_S / 2) is None
    speed.note(2 * 10**6, LEARNING_S)
    assert speed.seconds_left(10**9, LEARNING_S) is not None


def test_nothing_is_told_when_nothing_arrives() -> None:
    speed = TransferSpeed()
    for n in range(12):
        speed.note(n * 10**6, float(n))
    assert speed.seconds_left(10**9, 11.0 + SILENCE_S / 2) is not None
    assert speed.bytes_per_s(11.0 + SILENCE_S) == 0.0
    assert speed.seconds_left(10**9, 11.0 + SILENCE_S) is None


def test_a_change_of_speed_shows_within_seconds() -> None:
    speed, done = TransferSpeed(), 0
    for n in range(100):
        done += 10**6 if n < 60 else 10**5
        speed.note(done, n / 4)
    assert 4e5 < speed.bytes_per_s(99 / 4) < 1.5e6


def test_starting_over_begins_anew() -> None:
    speed = TransferSpeed()
    for n in range(20):
        speed.note(n * 10**6, float(n))
    speed.note(0, 20.0)
    assert speed.bytes_per_s(20.0) == 0.0
    assert speed.seconds_left(10**9, 20.0) is None
