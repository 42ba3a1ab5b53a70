"""Embedding models are found in folders; what only looks like one is not."""

import shutil
from pathlib import Path

import gguf

from app.store.embedding_models import EmbeddingModels
from tests.engine import tiny_embedders


def test_what_makes_no_vectors_is_not_offered_whatever_it_is_called(
    tmp_path: Path, starter_path: Path
) -> None:
    right = tiny_embedders.bert(tmp_path / "bge-small.gguf")
    tiny_embedders.bert(tmp_path / "bge-base.gguf", gguf.PoolingType.RANK)
    shutil.copy(starter_path, tmp_path / "bge-large.gguf")
    (tmp_path / "bge-m3.gguf").write_bytes(right.path.read_bytes()[:1000])
    (tmp_path / "multilingual-e5-small.gguf").mkdir()
    found = EmbeddingModels().find([tmp_path])
    assert [one.path for one in found] == [right.path]


def test_a_moved_file_is_the_same_model_and_one_that_changed_is_read_again(
    tmp_path: Path,
) -> None:
    models, deep = EmbeddingModels(), tmp_path / "maker__repo" / "Q8_0"
    deep.mkdir(parents=True)
    tiny = tiny_embedders.xlm_roberta(tmp_path / "multilingual-e5-small.gguf")
    (before,) = models.find([tmp_path])
    tiny.path.rename(deep / tiny.path.name)
    (after,) = models.find([tmp_path])
    assert (after.key, after.path) == (before.key, deep / tiny.path.name)
    tiny_embedders.bert(after.path)
    (changed,) = models.find([tmp_path])
    assert changed.key != before.key
