"""A step is done once, and again when anything it depends on has changed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import Stamps, Step, fingerprint

FACTS = st.lists(st.text(max_size=8) | st.integers() | st.booleans(), max_size=4)


def step(*accepted: str, done: list[str] | None = None) -> Step:
    """A step that only says that it was done."""
    said = done if done is not None else []
    return Step("one", "One", accepted, lambda: said.append("done"))


def test_a_step_that_was_never_done_is_not_done(tmp_path: Path) -> None:
    assert not Stamps(tmp_path).is_done(step("a"))


def test_a_step_that_was_done_is_not_done_again(tmp_path: Path) -> None:
    done: list[str] = []
    stamps = Stamps(tmp_path)
    stamps.do(step("a", done=done))
    assert stamps.is_done(step("a"))
    assert done == ["done"]


def test_a_step_whose_facts_changed_is_done_again(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path)
    stamps.do(step("a"))
    assert not stamps.is_done(step("b"))


def test_a_step_is_also_done_by_one_that_does_more(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path)
    stamps.do(step("with tests"))
    assert stamps.is_done(step("without", "with tests"))
    stamps.do(step("without", "with tests"))
    assert not stamps.is_done(step("with tests"))


def test_a_step_that_fails_leaves_no_stamp_even_if_it_was_done_before(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path)
    stamps.do(step("a"))

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stamps.do(Step("one", "One", ("b",), fail))
    assert not stamps.is_done(step("a"))
    assert not stamps.is_done(step("b"))


def test_a_step_whose_work_has_vanished_is_done_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.touch()
    one = Step("one", "One", ("a",), lambda: None, made.exists)
    stamps = Stamps(tmp_path)
    stamps.do(one)
    assert stamps.is_done(one)
    made.unlink()
    assert not stamps.is_done(one)


@pytest.mark.parametrize("content", [b"", b"a", b"\xff\xfe", b"abc\n"])
def test_a_damaged_stamp_counts_for_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "quillhouse-one.stamp").write_bytes(content)
    assert not Stamps(tmp_path).is_done(step("abc"))


@given(FACTS, FACTS)
def test_fingerprints_are_equal_exactly_when_the_facts_are(
    one: list[object], other: list[object]
) -> None:
    same = repr(one) == repr(other)
    assert (fingerprint(*one) == fingerprint(*other)) is same
