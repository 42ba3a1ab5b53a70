"""The bundled catalogue's files: read quickly and strictly, and never in the program's way."""

import json
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.candidate import as_model_versions
from app.core.errors import BugError
from app.store.catalogue_file import (
    MODELS_NAME,
    SHAPES_NAME,
    Catalogue,
    load_catalogue,
    read_catalogue,
)

BUNDLED = Path(__file__).parents[2] / "resources" / "catalogue"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "catalogue"))


def change(folder: Path, name: str, edit: Change) -> None:
    path = folder / name
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_every_version_can_be_judged(folder: Path) -> None:
    catalogue = read_catalogue(folder)
    for one in catalogue.candidates:
        assert one.is_curated
        for model in as_model_versions(one).models:
            assert model.shape.layers, model.path
            assert model.shape.weights_bytes == pytest.approx(model.size_bytes, rel=0.001)


def test_it_is_read_within_60_ms(folder: Path) -> None:
    read_catalogue(folder)
    times_s = []
    for _ in range(5):
        began_s = time.perf_counter()
        read_catalogue(folder)
        times_s.append(time.perf_counter() - began_s)
    assert min(times_s) < 0.06


@pytest.mark.parametrize(
    ("name", "edit", "place"),
    [
        (MODELS_NAME, lambda one: one.update(extra=1), "extra"),
        (MODELS_NAME, lambda one: one["models"][3].update(ramrequired=8), "models[3]"),
        (MODELS_NAME, lambda one: one["models"][0]["files"][0].update(md5="0"), "files[0]"),
        (MODELS_NAME, lambda one: one["models"][0].update(uses=["everything"]), "uses"),
        (MODELS_NAME, lambda one: one["models"][0].update(unverified=["taste"]), "unverified"),
        (MODELS_NAME, lambda one: one["models"][0].update(n_parameters="4B"), "n_parameters"),
        (MODELS_NAME, lambda one: one["models"][0].pop("sentence"), "sentence"),
        (MODELS_NAME, lambda one: one["models"].append(one["models"][0]), "twice"),
        (MODELS_NAME, lambda one: one["models"][0].update(shape="no-such"), "no-such"),
        (MODELS_NAME, lambda one: one["models"][0]["files"].append({"path": "a.txt"}), "version"),
        (MODELS_NAME, lambda one: one["models"][0].update(files=[]), "version"),
        (MODELS_NAME, lambda one: one.update(schema=2), "schema 2"),
        (SHAPES_NAME, lambda one: one["models"][0].update(layers=[99]), "no such layer"),
        (SHAPES_NAME, lambda one: one["models"][0].update(layers=[]), "no such layer"),
        (SHAPES_NAME, lambda one: one["models"][0].update(extra=0), "extra"),
    ],
)
def test_a_mistake_is_named(folder: Path, name: str, edit: Change, place: str) -> None:
    change(folder, name, edit)
    with pytest.raises(BugError) as caught:
        read_catalogue(folder)
    assert name in caught.value.detail
    assert place in caught.value.detail


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize("name", [MODELS_NAME, SHAPES_NAME])
def test_without_a_sound_catalogue_there_is_an_empty_one(
    folder: Path, name: str, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    folder.joinpath(name).write_bytes(content)
    with caplog.at_level(logging.ERROR):
        assert load_catalogue(folder) == Catalogue()
    assert name in caplog.text


def test_a_missing_or_endless_file_is_no_catalogue(folder: Path) -> None:
    assert load_catalogue(folder / "nowhere") == Catalogue()
    with folder.joinpath(MODELS_NAME).open("ab") as stream:
        stream.truncate(1 << 30)
    assert load_catalogue(folder) == Catalogue()
