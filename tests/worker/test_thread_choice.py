"""The number of threads with which vectors are made follows what else the computer does."""

from app.worker.thread_choice import PROBE_EVERY, PROBES, ThreadChoice

QUIET = {2: 1000.0, 1: 600.0}
BUSY = {2: 40.0, 1: 400.0}
"""Characters a second, by threads: the second as measured beside other programs."""


def work(choice: ThreadChoice, speeds: dict[int, float], n_pieces: int) -> list[int]:
    chosen = []
    for _ in range(n_pieces):
        chosen.append(choice.n_threads)
        choice.learn(chosen[-1], 100, 100 / speeds[chosen[-1]])
    return chosen


def test_the_faster_number_is_taken_and_the_other_one_tried_now_and_then() -> None:
    choice = ThreadChoice(2)
    assert work(choice, QUIET, 5 * PROBE_EVERY).count(1) == 1 + 4 * PROBES
    # Other programs begin to compute: within a few pieces of work it is noticed.
    work(choice, BUSY, 2 * PROBE_EVERY)
    assert work(choice, BUSY, 5 * PROBE_EVERY).count(2) <= 5 * PROBES
    # And that they have ended.
    work(choice, QUIET, 6 * PROBE_EVERY)
    assert work(choice, QUIET, 5 * PROBE_EVERY).count(2) >= 5 * (PROBE_EVERY - PROBES)


def test_who_begins_on_a_busy_computer_notices_at_once() -> None:
    assert work(ThreadChoice(2), BUSY, 10)[PROBES:] == [1] * (10 - PROBES)


def test_one_core_leaves_no_choice() -> None:
    assert set(work(ThreadChoice(1), QUIET, 2 * PROBE_EVERY)) == {1}
