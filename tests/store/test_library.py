"""The list of models, with real files."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.model import ModelFile
from app.store.database import Database
from app.store.library import STARTER_NAME, ModelLibrary, inspect_named
from app.store.model_files import inspect_model
from tests.gguf_samples import chat_model
from tests.phantom_models import write_phantom
from tests.store.conftest import Clock


@pytest.fixture
def library(database: Database, clock: Clock) -> ModelLibrary:
    return ModelLibrary(database, clock)


def make_model(folder: Path, name: str, title: str = "Tiny Sample") -> ModelFile:
    path = folder / name
    path.write_bytes(chat_model().set("general.name", "str", title).file())
    return inspect_model(path)


def listed(library: ModelLibrary) -> tuple[tuple[ModelFile, ...], tuple[ModelFile, ...]]:
    """Give the models that are there, and those that are not."""
    known = library.models()
    return known.present, known.missing


def test_models_come_back_as_they_were_last_used_first(
    library: ModelLibrary, tmp_path: Path
) -> None:
    first = make_model(tmp_path, "a.gguf", "First")
    second = make_model(tmp_path, "ä 田.gguf", "Second")
    library.remember(first)
    library.remember(second)
    assert listed(library) == ((second, first), ())
    library.remember(first)
    assert listed(library) == ((first, second), ())


def test_a_file_that_is_gone_is_listed_apart_and_comes_back(
    library: ModelLibrary, tmp_path: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    library.remember(model)
    away = model.path.rename(tmp_path / "elsewhere")
    assert listed(library) == ((), (model,))
    away.rename(model.path)
    assert listed(library) == ((model,), ())


def test_a_file_that_was_replaced_is_read_again(library: ModelLibrary, tmp_path: Path) -> None:
    library.remember(make_model(tmp_path, "a.gguf", "Old"))
    new = make_model(tmp_path, "a.gguf", "Newer")
    assert library.models().present == (new,)
    assert library.models().present[0].display_name == "Newer"


def test_a_file_with_another_time_is_read_again(library: ModelLibrary, tmp_path: Path) -> None:
    model = make_model(tmp_path, "a.gguf")
    library.remember(replace(model, architecture="what was in it before"))
    os.utime(model.path, ns=(1, 1))
    assert library.models().present == (replace(model, modified_ns=1),)


def test_a_file_that_is_no_model_any_more_is_still_listed(
    library: ModelLibrary, tmp_path: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    library.remember(model)
    model.path.write_bytes(b"something else")
    assert library.models().present == (model,)


def test_facts_stored_by_another_version_are_read_again(
    library: ModelLibrary, database: Database, tmp_path: Path
) -> None:
    here, gone = make_model(tmp_path, "a.gguf"), make_model(tmp_path, "gone.gguf")
    for model in (here, gone):
        library.remember(model)
    gone.path.unlink()
    facts = json.dumps({"size_bytes": 1, "of_the_future": True})
    with database.write() as connection:
        connection.execute("UPDATE model SET facts = ?", (facts,))
    known = library.models()
    assert known.present == (here,)
    assert [model.display_name for model in known.missing] == ["gone"]


@pytest.mark.parametrize("changed", ["missing", "older", "newer", "nonsense"])
def test_a_shape_stored_by_another_version_is_read_again(
    library: ModelLibrary, database: Database, tmp_path: Path, changed: str
) -> None:
    model = make_model(tmp_path, "a.gguf")
    library.remember(model)
    facts = json.loads(database.read("SELECT facts FROM model")[0]["facts"])
    if changed == "missing":
        del facts["shape"]
    elif changed == "older":
        del facts["shape"]["layers"][0]["state_bytes"]
    elif changed == "newer":
        facts["shape"]["of_the_future"] = 1
    else:
        facts["shape"] = [1, 2, 3]
    with database.write() as connection:
        connection.execute("UPDATE model SET facts = ?", (json.dumps(facts),))
    assert library.models().present == (model,)
    stored = json.loads(database.read("SELECT facts FROM model")[0]["facts"])
    assert stored["shape"]["layers"][0]["state_bytes"] == 0


@pytest.mark.parametrize("name", ["qwen3.5-0.8b", "gpt-oss-20b", "gemma-4-e2b"])
def test_the_shape_of_a_real_model_comes_back_whole(
    library: ModelLibrary, tmp_path: Path, name: str
) -> None:
    model = inspect_model(write_phantom(tmp_path, name, with_vocabulary=True))
    assert len(model.shape.layers) == model.n_layers
    library.remember(model)
    assert library.models().present[0].shape == model.shape


def test_forgetting_a_model_leaves_its_file(library: ModelLibrary, tmp_path: Path) -> None:
    model = make_model(tmp_path, "a.gguf")
    library.remember(model)
    library.forget(model.path)
    assert listed(library) == ((), ())
    assert model.path.is_file()


def test_the_starter_goes_by_its_own_name(tmp_path: Path) -> None:
    model = make_model(tmp_path, "a.gguf")
    assert inspect_named(model.path, model.path).display_name == STARTER_NAME
    assert inspect_named(model.path, tmp_path / "other").display_name == "Tiny Sample"
    assert inspect_named(model.path, None).display_name == "Tiny Sample"


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_file_whose_name_is_no_text_is_listed_and_forgotten(
    library: ModelLibrary, tmp_path: Path
) -> None:
    model = make_model(tmp_path, os.fsdecode(b"mod\xe8le.gguf"))
    library.remember(model)
    assert listed(library) == ((model,), ())
    library.forget(model.path)
    assert listed(library) == ((), ())
