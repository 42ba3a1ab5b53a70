"""Models in several files."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import ErrorCode, WorldError
from app.core.gguf_parts import part_name, part_names, stem_of
from app.store.model_files import file_state, inspect_model
from tests.gguf_samples import chat_model
from tests.gguf_splitter import split


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole" / "Tiny-Q4_K_M.gguf"
    path.parent.mkdir()
    path.write_bytes(chat_model().without("general.name").file())
    return path


@pytest.fixture
def parts(whole: Path, tmp_path: Path) -> list[Path]:
    return split(whole, tmp_path, 3)


def refusal(path: Path) -> WorldError:
    with pytest.raises(WorldError) as caught:
        inspect_model(path)
    return caught.value


def test_a_model_in_parts_has_the_facts_of_the_whole(whole: Path, parts: list[Path]) -> None:
    one, several = inspect_model(whole), inspect_model(parts[0])
    assert several == replace(
        one,
        path=parts[0],
        size_bytes=sum(part.stat().st_size for part in parts),
        modified_ns=max(part.stat().st_mtime_ns for part in parts),
    )
    assert several.display_name == "Tiny-Q4_K_M"
    assert several.shape.weights_bytes == several.weights_bytes


def test_the_starter_in_parts_has_its_facts(starter_path: Path, tmp_path: Path) -> None:
    one, several = inspect_model(starter_path), inspect_model(split(starter_path, tmp_path, 4)[3])
    assert several.path.name.endswith("-00001-of-00004.gguf")
    assert (several.shape, several.n_parameters) == (one.shape, one.n_parameters)


def test_opening_any_part_opens_the_first(parts: list[Path]) -> None:
    assert [inspect_model(part) for part in parts[1:]] == [inspect_model(parts[0])] * 2


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_set_that_is_not_complete_names_the_part_that_is_missing(
    parts: list[Path], missing: int
) -> None:
    parts[missing].unlink()
    error = refusal(parts[(missing + 1) % 3])
    assert error.code is ErrorCode.MODEL_PART_MISSING
    assert error.facts.file_name == parts[missing].name


def test_a_part_that_was_cut_off_is_named(parts: list[Path]) -> None:
    parts[2].write_bytes(parts[2].read_bytes()[:-40])
    error = refusal(parts[0])
    assert error.code is ErrorCode.MODEL_TRUNCATED
    assert error.facts.file_name == parts[2].name


def test_parts_that_changed_places_are_refused(parts: list[Path]) -> None:
    second = parts[1].read_bytes()
    parts[1].write_bytes(parts[2].read_bytes())
    parts[2].write_bytes(second)
    assert refusal(parts[0]).code is ErrorCode.MODEL_DAMAGED


def test_a_part_of_another_set_is_refused(whole: Path, parts: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    parts[1].write_bytes(split(whole, other, 3)[0].read_bytes())
    assert refusal(parts[0]).code is ErrorCode.MODEL_DAMAGED


def test_a_part_under_another_name_cannot_find_the_others(parts: list[Path]) -> None:
    renamed = parts[0].rename(parts[0].with_name("renamed.gguf"))
    error = refusal(renamed)
    assert (error.code, error.facts.reason) == (ErrorCode.MODEL_NOT_FOR_CHAT, "part_of_set")


def test_a_whole_model_that_is_named_like_a_part_is_whole(whole: Path) -> None:
    odd = whole.rename(whole.with_name("odd-00002-of-00003.gguf"))
    assert inspect_model(odd).path == odd


def test_size_and_time_are_those_of_all_parts(parts: list[Path]) -> None:
    model = inspect_model(parts[0])
    state = file_state(parts[0])
    assert (state.size_bytes, state.modified_ns) == (model.size_bytes, model.modified_ns)
    parts[1].unlink()
    assert file_state(parts[0]).size_bytes < model.size_bytes


@pytest.mark.parametrize(
    ("name", "number", "count"),
    [
        ("a-00001-of-00003.gguf", 1, 3),
        ("UD-Q3_K_XL-00002-of-00004.GGUF", 2, 4),
        ("a-00004-of-00003.gguf", 0, 0),
        ("a-00000-of-00003.gguf", 0, 0),
        ("a-00001-of-99999.gguf", 0, 0),
        ("a-1-of-3.gguf", 0, 0),
        ("-00001-of-00003.gguf", 0, 0),
        ("a-00001-of-00003.gguf.part", 0, 0),
        ("a.gguf", 0, 0),
    ],
)
def test_names_of_parts(name: str, number: int, count: int) -> None:
    part = part_name(name)
    assert (part.number, part.count) == (number, count) if part else number == 0
    assert name in part_names(name)


def test_the_name_without_its_number() -> None:
    assert stem_of("big model-00002-of-00003.gguf") == "big model"
    assert stem_of("v1.5.gguf") == "v1.5"
    assert stem_of("no ending") == "no ending"
