"""A download in words, and sums over the queue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.download import Download, DownloadNote, DownloadState
from app.ui.downloads import download_words as words
from app.ui.quantities import part_text, rate_text, time_left_text, traffic_text
from tests.ui.downloads.samples import GB, RUNNING, download, spec


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (RUNNING, "1.2 of 5.0 GB · 3.4 MB/s · about 18 minutes left"),
        (replace(RUNNING, seconds_left=None), "1.2 of 5.0 GB · 3.4 MB/s"),
        (replace(RUNNING, bytes_per_s=0.0), "1.2 of 5.0 GB · waiting for the server"),
        (replace(RUNNING, state=DownloadState.QUEUED, done_bytes=0), "5.0 GB"),
        (replace(RUNNING, state=DownloadState.PAUSED), "1.2 of 5.0 GB"),
        (
            replace(RUNNING, state=DownloadState.CHECKING),
            "1.2 of 5.0 GB · checking what is here already",
        ),
        (
            replace(RUNNING, state=DownloadState.CHECKING, done_bytes=0),
            "5.0 GB · asking for size and checksum",
        ),
        (
            replace(RUNNING, state=DownloadState.VERIFYING, done_bytes=5 * GB),
            "5.0 of 5.0 GB · checking that it arrived undamaged",
        ),
        (
            replace(RUNNING, state=DownloadState.WAITING, retry_in_s=12.4),
            "1.2 of 5.0 GB · tries again in 12 s",
        ),
        (
            replace(RUNNING, state=DownloadState.WAITING),
            "1.2 of 5.0 GB · goes on by itself",
        ),
        (replace(RUNNING, state=DownloadState.DONE), "5.0 GB"),
        (
            download(of=spec(size_bytes=0), done_bytes=GB, bytes_per_s=1e6),
            "1.0 GB so far · 977 KB/s",
        ),
        (download(of=spec(files=())), "waiting for the server"),
    ],
)
def test_the_line_says_how_far_and_what_is_going_on(shown: Download, expected: str) -> None:
    assert words.progress_text(shown) == expected


def test_notes_that_are_not_known_say_nothing() -> None:
    assert words.note_text(replace(RUNNING, note="from_the_future")) == ""
    assert "nothing was downloaded" in words.note_text(
        replace(RUNNING, note=DownloadNote.ALREADY_HERE)
    )


def test_the_whole_queue_gets_a_time_only_when_all_of_it_goes_on() -> None:
    queued = download(DownloadState.QUEUED, "two")
    assert words.total_text((RUNNING, queued)).endswith("about 44 minutes left")
    for hindered in (
        replace(queued, state=DownloadState.PAUSED),
        replace(queued, state=DownloadState.WAITING),
        replace(queued, spec=spec(size_bytes=0)),
        replace(RUNNING, download_id="two", seconds_left=None),
    ):
        assert "left" not in words.total_text((RUNNING, hindered))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=6), st.integers(0, 99))
def test_missing_room_is_what_is_to_come_less_what_is_free(
    sizes: list[tuple[int, int]], free_gb: int
) -> None:
    queue = [
        download(of=spec(size_bytes=size * GB), done_bytes=min(done, size) * GB)
        for size, done in sizes
    ]
    to_come = sum((size - min(done, size)) * GB for size, done in sizes)
    missing = words.missing_room_bytes(queue, free_gb * GB)
    assert missing == max(0, to_come - free_gb * GB)


@given(st.floats(0, 10**9))
def test_every_time_left_can_be_said(seconds: float) -> None:
    assert time_left_text(seconds).endswith("left")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "less than a minute left"),
        (59.9, "less than a minute left"),
        (60, "about a minute left"),
        (150, "about 2 minutes left"),
        (59 * 60 + 20, "about 59 minutes left"),
        (60 * 60, "about 1 h left"),
        (78 * 60, "about 1 h 20 min left"),
        (119 * 60, "about 2 h left"),
        (25 * 3600, "more than a day left"),
    ],
)
def test_time_left_is_as_rough_as_it_is_known(seconds: float, expected: str) -> None:
    assert time_left_text(seconds) == expected


@given(st.integers(1, 10**13), st.floats(0, 1))
def test_a_part_is_told_in_the_unit_of_the_whole(whole: int, share: float) -> None:
    text = part_text(round(whole * share), whole)
    part, _, rest = text.partition(" of ")
    assert part.replace(",", "").replace(".", "").isdigit()
    assert rest.endswith(("KB", "MB", "GB"))


def test_speeds_and_traffic_have_a_unit_that_fits() -> None:
    assert rate_text(2.5 * (1 << 20)) == "2.5 MB/s"
    assert rate_text(3) == "1 KB/s"
    assert traffic_text(0) == "0 bytes"
    assert traffic_text(1) == "1 KB"
