"""The engine is built as asked, built anew when asked otherwise, and never by surprise."""

from pathlib import Path

import engine_build
import pytest
from engine_build import EngineBuild, pip_calls, wanted

PIN = "llama-cpp-python==0.3.36"
CUDA = EngineBuild(cmake_args="-DGGML_CUDA=on")
INDEX = EngineBuild(wheel_index="https://wheels.example/cpu")


def test_without_wishes_the_engine_is_plain() -> None:
    assert wanted({}, None) == EngineBuild()
    assert wanted({}, None).is_plain


def test_a_wish_is_kept_when_the_next_start_says_nothing() -> None:
    first = wanted({"CMAKE_ARGS": "-DGGML_CUDA=on"}, None)
    assert first == CUDA
    assert wanted({}, first) == CUDA


@pytest.mark.parametrize("value", ["", " ", "none"])
def test_a_wish_set_to_nothing_is_withdrawn(value: str) -> None:
    assert wanted({"CMAKE_ARGS": value}, CUDA).is_plain


def test_both_wishes_are_heard() -> None:
    build = wanted({"CMAKE_ARGS": "-DA=1", "QUILLHOUSE_WHEEL_INDEX": "https://w.example"}, None)
    assert build == EngineBuild("-DA=1", "https://w.example")


def test_a_plain_engine_comes_from_pips_cache_if_it_is_there() -> None:
    calls = pip_calls(PIN, EngineBuild(), replaces=False)
    assert calls == [["-v", PIN]]


@pytest.mark.parametrize("build", [CUDA, INDEX])
def test_a_special_engine_never_comes_from_the_cache(build: EngineBuild) -> None:
    first, second = pip_calls(PIN, build, replaces=False)
    assert {"--no-cache-dir", "--force-reinstall", "--no-deps"} <= set(first)
    assert second == [PIN], "what the engine itself depends on still has to come"


def test_going_back_to_plain_replaces_the_special_engine() -> None:
    first, _ = pip_calls(PIN, EngineBuild(), replaces=True)
    assert "--force-reinstall" in first
    assert "--no-cache-dir" not in first


@pytest.mark.parametrize(
    ("flags", "has_it"), [("fpu amx_int8 avx2", True), ("fpu avx2", False), ("", False)]
)
def test_the_matrix_unit_is_seen(tmp_path: Path, flags: str, *, has_it: bool) -> None:
    processor = tmp_path / "cpuinfo"
    processor.write_text(f"processor : 0\nflags : {flags}\n", encoding="utf-8")
    assert engine_build.has_amx(processor) is has_it
    assert not engine_build.has_amx(tmp_path / "none")


def test_with_the_matrix_unit_an_engine_from_before_is_built_anew() -> None:
    build = wanted({}, EngineBuild(), leaves_out_amx=True)
    assert build.facts != EngineBuild().facts
    first, _ = pip_calls(PIN, build, replaces=True)
    assert "--no-cache-dir" in first


def test_without_it_stamps_stay_what_they_were() -> None:
    assert wanted({}, None).facts == (EngineBuild(),)
    assert str(EngineBuild()) == "EngineBuild(cmake_args='', wheel_index='')"


def test_flags_of_the_users_stay_when_the_matrix_unit_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CXXFLAGS", "-O2")
    monkeypatch.delenv("CFLAGS", raising=False)
    assert EngineBuild().variables == {"CMAKE_ARGS": ""}
    variables = EngineBuild(leaves_out_amx=True).variables
    assert variables["CXXFLAGS"] == "-O2 -U__AMX_INT8__"
    assert variables["CFLAGS"] == "-U__AMX_INT8__"


def test_the_extra_index_is_used_for_the_engine_alone() -> None:
    first, second = pip_calls(PIN, INDEX, replaces=False)
    assert first[first.index("--extra-index-url") + 1] == INDEX.wheel_index
    assert "--extra-index-url" not in second


def test_a_choice_is_remembered(tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    assert engine_build.remembered(note) is None
    engine_build.remember(note, CUDA)
    assert engine_build.remembered(note) == CUDA


@pytest.mark.parametrize("content", ["", "{", "[]", '{"other": 1}'])
def test_a_damaged_note_counts_as_none(tmp_path: Path, content: str) -> None:
    note = tmp_path / "note.json"
    note.write_text(content, encoding="utf-8")
    assert engine_build.remembered(note) is None
