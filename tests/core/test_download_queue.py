"""The queue of downloads: single rules, and whatever comes in any order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.core.candidate import RemoteFile
from app.core.download import ACTIVE_STATES, Download, DownloadSpec, DownloadState
from app.core.download_queue import (
    ACCESS,
    OF_THE_DISK,
    OTHER_WAY,
    PASSING,
    ROOM_RETRY_S,
    Attempt,
    DownloadQueue,
    restored,
    retry_wait_s,
)
from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.core.hub_events import DownloadVerb

SIZE = 1000


def spec(name: str) -> DownloadSpec:
    file = RemoteFile(f"{name}.gguf", SIZE, "ab" * 32)
    return DownloadSpec("maker/models-GGUF", "c" * 40, name, "Q4_K_M", (file,))


def queue_of(*names: str, at_once: int = 2) -> DownloadQueue:
    queue = DownloadQueue(at_once=at_once)
    for name in names:
        queue.add(name, spec(name))
    return queue


def states(queue: DownloadQueue) -> dict[str, str]:
    return {row.download_id: row.state.value for row in queue.rows(0.0)}


def test_runs_as_many_as_may_first_come_first() -> None:
    queue = queue_of("a", "b", "c")
    begun = queue.due(0.0)
    assert [one.download_id for one in begun] == ["a", "b"]
    assert queue.due(0.0) == ()
    queue.finish(begun[0], "/models/a.gguf")
    assert [one.download_id for one in queue.due(0.0)] == ["c"]
    row = queue.find("a")
    assert row is not None
    assert (row.state, row.done_bytes, row.fraction) == (DownloadState.DONE, SIZE, 1.0)


def test_a_place_taken_away_sends_the_last_back() -> None:
    queue = queue_of("a", "b", "c", at_once=3)
    attempts = queue.due(0.0)
    queue.at_once = 1
    assert queue.due(0.0) == ()
    assert states(queue) == {"a": "checking", "b": "queued", "c": "queued"}
    assert [queue.is_current(one) for one in attempts] == [True, False, False]


def test_the_same_files_are_queued_once() -> None:
    queue = queue_of("a")
    with pytest.raises(WorldError) as error:
        queue.add("again", spec("a"))
    assert error.value.code is ErrorCode.ALREADY_DOWNLOADING
    (attempt,) = queue.due(0.0)
    queue.fail(attempt, Failure(ErrorCode.DOWNLOAD_DAMAGED), 0.0, 0.5)
    queue.add("again", spec("a"))
    assert states(queue) == {"again": "queued"}


def test_retries_by_itself_ever_later() -> None:
    queue, now_s, waits = queue_of("a"), 0.0, []
    for _ in range(9):
        (attempt,) = queue.due(now_s)
        queue.fail(attempt, Failure(ErrorCode.NO_CONNECTION), now_s, 0.5)
        (row,) = queue.rows(now_s)
        assert row.state is DownloadState.WAITING
        assert row.retry_in_s is not None
        waits.append(row.retry_in_s)
        assert queue.due(now_s + row.retry_in_s - 0.01) == ()
        now_s += row.retry_in_s
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_what_arrives_makes_the_next_failure_a_first_one() -> None:
    queue, now_s = queue_of("a"), 0.0
    for _ in range(5):
        (attempt,) = queue.due(now_s)
        queue.fail(attempt, Failure(ErrorCode.SERVER_SILENT), now_s, 0.5)
        now_s = queue.next_moment_s() or 0.0
    (attempt,) = queue.due(now_s)
    queue.advance(attempt, DownloadState.DOWNLOADING, 1, now_s)
    queue.fail(attempt, Failure(ErrorCode.SERVER_SILENT), now_s, 0.5)
    assert queue.next_moment_s() == now_s + 1.0


def test_tries_again_what_a_change_may_have_healed_and_nothing_else() -> None:
    queue = queue_of("a", "b", "c", at_once=3)
    first, second, third = queue.due(0.0)
    queue.fail(first, Failure(ErrorCode.ACCESS_NEEDED), 0.0, 0.5)
    queue.fail(second, Failure(ErrorCode.NO_CONNECTION), 0.0, 0.5)
    queue.fail(third, Failure(ErrorCode.DOWNLOAD_DAMAGED), 0.0, 0.5)
    queue.try_again(ACCESS)
    assert states(queue) == {"a": "queued", "b": "waiting", "c": "failed"}
    queue.try_again(OTHER_WAY)
    assert states(queue) == {"a": "queued", "b": "queued", "c": "failed"}
    assert queue.next_moment_s() is None


def test_a_folder_that_is_away_is_looked_for_again() -> None:
    queue = queue_of("a")
    (attempt,) = queue.due(0.0)
    queue.fail(attempt, Failure(ErrorCode.FOLDER_ABSENT), 0.0, 0.5)
    assert queue.next_moment_s() == ROOM_RETRY_S


def test_waits_as_long_as_the_server_says() -> None:
    queue = queue_of("a")
    (attempt,) = queue.due(0.0)
    queue.fail(attempt, Failure(ErrorCode.RATE_LIMITED, Facts(seconds=240.0)), 0.0, 0.5)
    assert queue.next_moment_s() == 240.0


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_chance_varies_a_wait_but_not_beyond_bounds(jitter: float) -> None:
    waits = [retry_wait_s(n, jitter) for n in range(1, 12)]
    assert all(1.0 <= one <= 60.0 for one in waits)
    assert waits == sorted(waits)


def test_no_room_is_looked_for_again_soon() -> None:
    queue = queue_of("a")
    (attempt,) = queue.due(0.0)
    queue.fail(attempt, Failure(ErrorCode.DISK_TOO_SMALL), 0.0, 0.5)
    assert states(queue) == {"a": "waiting"}
    assert queue.next_moment_s() == ROOM_RETRY_S
    assert len(queue.due(ROOM_RETRY_S)) == 1


def test_lasting_failures_wait_for_the_user() -> None:
    queue = queue_of("a")
    (attempt,) = queue.due(0.0)
    queue.fail(attempt, Failure(ErrorCode.ACCESS_NEEDED), 0.0, 0.5)
    assert queue.due(1e6) == ()
    queue.command(DownloadVerb.RETRY, "a")
    assert len(queue.due(1e6)) == 1


def test_offline_nothing_runs_and_online_all_goes_on() -> None:
    queue = queue_of("a", "b", "c")
    attempts = queue.due(0.0)
    queue.command(DownloadVerb.PAUSE, "b")
    queue.set_online(is_online=False)
    assert states(queue) == {"a": "waiting", "b": "paused", "c": "waiting"}
    assert not any(queue.is_current(one) for one in attempts)
    queue.command(DownloadVerb.RESUME, "a")
    assert queue.due(1e6) == ()
    assert states(queue)["a"] == "waiting"
    queue.set_online(is_online=True)
    assert [one.download_id for one in queue.due(1e6)] == ["a", "c"]


def test_what_an_abandoned_attempt_says_changes_nothing() -> None:
    queue = queue_of("a")
    (old,) = queue.due(0.0)
    queue.command(DownloadVerb.PAUSE, "a")
    queue.command(DownloadVerb.RESUME, "a")
    (new,) = queue.due(0.0)
    queue.finish(old, "/models/a.gguf")
    queue.fail(old, Failure(ErrorCode.DISK_FULL), 0.0, 0.5)
    assert not queue.advance(old, DownloadState.VERIFYING, 5, 0.0)
    assert states(queue) == {"a": "checking"}
    assert queue.is_current(new)


def test_order_can_be_changed() -> None:
    queue = queue_of("a", "b", "c", at_once=1)
    queue.command(DownloadVerb.UP, "c")
    queue.command(DownloadVerb.UP, "c")
    queue.command(DownloadVerb.UP, "c")
    queue.command(DownloadVerb.DOWN, "a")
    assert list(states(queue)) == ["c", "b", "a"]
    assert [one.download_id for one in queue.due(0.0)] == ["c"]


def test_all_are_paused_and_resumed() -> None:
    queue = queue_of("a", "b", "c", "d")
    first, _ = queue.due(0.0)
    queue.finish(first, "/models/a.gguf")
    queue.command(DownloadVerb.PAUSE_ALL)
    assert states(queue) == {"a": "done", "b": "paused", "c": "paused", "d": "paused"}
    assert queue.due(0.0) == ()
    queue.command(DownloadVerb.RESUME_ALL)
    assert [one.download_id for one in queue.due(0.0)] == ["b", "c"]


def test_hashing_what_is_here_promises_no_time() -> None:
    queue = queue_of("a")
    (attempt,) = queue.due(0.0)
    for n in range(10):
        queue.advance(attempt, DownloadState.CHECKING, n * 100, float(n))
    (row,) = queue.rows(9.0)
    assert (row.seconds_left, row.bytes_per_s) == (None, 0.0)


@pytest.mark.parametrize("state", list(DownloadState))
def test_after_a_restart_nothing_claims_to_run(state: DownloadState) -> None:
    row = restored(Download("a", spec("a"), state, failure=Failure(ErrorCode.DISK_FULL)))
    goes_on = state in ACTIVE_STATES or state is DownloadState.WAITING
    assert row.state is (DownloadState.QUEUED if goes_on else state)


class AnythingGoes(RuleBasedStateMachine):
    """Commands, reports and the passing of time in any order."""

    @initialize(at_once=st.integers(1, 4))
    def begin(self, at_once: int) -> None:
        self.queue = DownloadQueue(at_once=at_once)
        self.now_s = 0.0
        self.attempts: list[Attempt] = []
        self.n_added = 0

    @rule()
    def add(self) -> None:
        self.n_added += 1
        self.queue.add(f"d{self.n_added}", spec(f"m{self.n_added}"))

    @rule(passed_s=st.floats(0.0, 100.0))
    def wait(self, passed_s: float) -> None:
        self.now_s += passed_s
        self.attempts.extend(self.queue.due(self.now_s))

    @rule(verb=st.sampled_from(DownloadVerb), number=st.integers(1, 6))
    def command(self, verb: DownloadVerb, number: int) -> None:
        self.queue.command(verb, f"d{number}")

    @rule(is_online=st.booleans())
    def switch(self, is_online: bool) -> None:
        self.queue.set_online(is_online=is_online)

    @rule(at_once=st.integers(1, 4))
    def limit(self, at_once: int) -> None:
        self.queue.at_once = at_once

    @rule(data=st.data(), state=st.sampled_from(sorted(ACTIVE_STATES)), n=st.integers(0, SIZE))
    def advance(self, data: st.DataObject, state: DownloadState, n: int) -> None:
        if self.attempts:
            self.queue.advance(data.draw(st.sampled_from(self.attempts)), state, n, self.now_s)

    @rule(data=st.data(), code=st.sampled_from(ErrorCode), jitter=st.floats(0.0, 1.0))
    def fail(self, data: st.DataObject, code: ErrorCode, jitter: float) -> None:
        if self.attempts:
            attempt = data.draw(st.sampled_from(self.attempts))
            self.queue.fail(attempt, Failure(code), self.now_s, jitter)

    @rule(codes=st.sampled_from([ACCESS, OTHER_WAY]))
    def try_again(self, codes: frozenset[ErrorCode]) -> None:
        self.queue.try_again(codes)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.attempts:
            self.queue.finish(data.draw(st.sampled_from(self.attempts)), "/models/one.gguf")

    @invariant()
    def rows_make_sense(self) -> None:
        rows = self.queue.rows(self.now_s)
        assert len({row.download_id for row in rows}) == len(rows)
        for row in rows:
            assert 0.0 <= row.fraction <= 1.0
            has_reason = row.state in {DownloadState.WAITING, DownloadState.FAILED}
            assert (row.failure is not None) == has_reason
            assert row.retry_in_s is None or row.state is DownloadState.WAITING
            assert row.bytes_per_s == 0.0 or row.state is DownloadState.DOWNLOADING
            assert row.seconds_left is None or row.seconds_left >= 0.0
            if row.state is DownloadState.WAITING:
                assert row.failure is not None
                is_offline = row.failure.code is ErrorCode.OFFLINE
                assert row.retry_in_s is not None or is_offline
                assert row.failure.code in PASSING | OF_THE_DISK | {ErrorCode.ALREADY_DOWNLOADING}

    @invariant()
    def at_most_one_attempt_is_current(self) -> None:
        for row in self.queue.rows(self.now_s):
            of_row = [one for one in self.attempts if one.download_id == row.download_id]
            n_current = sum(self.queue.is_current(one) for one in of_row)
            assert n_current == (1 if row.state in ACTIVE_STATES else 0)

    @invariant()
    def never_too_many_run_once_looked_at(self) -> None:
        self.attempts.extend(self.queue.due(self.now_s))
        rows = self.queue.rows(self.now_s)
        n_active = sum(row.state in ACTIVE_STATES for row in rows)
        n_queued = sum(row.state is DownloadState.QUEUED for row in rows)
        assert n_active <= self.queue.at_once
        assert n_active == self.queue.at_once or n_queued == 0


AnythingGoes.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_anything_goes = AnythingGoes.TestCase
