"""What the engine says that a model takes, without loading it."""

import ctypes
from dataclasses import replace
from pathlib import Path

import pytest
from llama_cpp import llama_cpp as native

from app.core.errors import WorldError
from app.core.fit.memory import engine_need, predict_memory
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import ModelShape, bytes_of
from app.core.placement import KvType, Placement
from app.engine.llama import EngineLog, LlamaModel, StopFlag, breakdown, estimate
from app.engine.llama.breakdown import Row
from app.engine.llama.estimate import engine_estimate, estimate_memory
from app.engine.phantom import make_phantom
from tests.gguf_samples import chat_model
from tests.phantom_models import PHANTOMS, write_model, write_phantom

PLACEMENT = Placement(2048)
MIB = 2**20


@pytest.fixture(scope="module")
def log() -> EngineLog:
    return EngineLog()


def read_shape(path: Path) -> ModelShape:
    with path.open("rb") as stream:
        return shape_of(read_header(stream, path.stat().st_size, path.name))


@pytest.mark.parametrize("kv_type", KvType)
def test_it_is_what_loading_really_allocates(
    starter_path: Path, log: EngineLog, kv_type: KvType
) -> None:
    placement = replace(PLACEMENT, kv_type=kv_type)
    estimated = engine_estimate(starter_path, placement, log, read_shape(starter_path))
    model = LlamaModel(starter_path, "", placement, log, StopFlag(), lambda _: None)
    try:
        rows = breakdown.breakdown(model.context)
        output_bytes = 4 * model.n_vocabulary
    finally:
        model.close()
    assert estimated is not None
    assert rows is not None
    assert estimated.weights_bytes == sum(row.model_bytes for row in rows)
    assert estimated.conversation_bytes == sum(row.context_bytes for row in rows)
    assert estimated.working_bytes == sum(row.compute_bytes for row in rows) + output_bytes


def test_a_phantom_of_a_model_gives_the_same_answer(
    starter_path: Path, tmp_path: Path, log: EngineLog
) -> None:
    with starter_path.open("rb") as stream:
        header = read_header(stream, starter_path.stat().st_size, "")
        stream.seek(0)
        head = stream.read(header.data_offset_bytes)
    phantom = tmp_path / "phantom.gguf"
    make_phantom(phantom, head, starter_path.stat().st_size)
    assert estimate_memory(phantom, PLACEMENT, log) == estimate_memory(
        starter_path, PLACEMENT, log
    )


@pytest.mark.parametrize("name", ["llama-3.2-1b", "gemma-3n-e2b", "falcon-h1-1.5b"])
def test_the_vocabulary_that_is_left_out_changes_nothing(
    tmp_path: Path, log: EngineLog, name: str
) -> None:
    path = write_phantom(tmp_path, name, with_vocabulary=True)
    shape = read_shape(path)
    whole = estimate_memory(path, PLACEMENT, log)
    with_vocabulary = engine_estimate(path, PLACEMENT, log, shape)
    assert whole is not None
    assert with_vocabulary is not None
    besides = predict_memory(shape, PLACEMENT).total_bytes
    besides -= engine_need(shape, PLACEMENT).total_bytes
    assert whole.total_bytes == with_vocabulary.total_bytes + besides


def test_it_counts_what_the_process_grows_by_besides(starter_path: Path, log: EngineLog) -> None:
    shape = read_shape(starter_path)
    whole = estimate_memory(starter_path, PLACEMENT, log)
    engine = engine_estimate(starter_path, PLACEMENT, log, shape)
    assert whole is not None
    assert engine is not None
    besides = predict_memory(shape, PLACEMENT).total_bytes
    besides -= engine_need(shape, PLACEMENT).total_bytes
    assert whole.total_bytes - engine.total_bytes == besides
    assert 10 * MIB < besides < 40 * MIB


def test_the_log_tells_almost_the_same(
    tmp_path: Path, log: EngineLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a build whose map cannot be read."""
    for name in ("llama-3.2-1b", "gemma-3-1b", "qwen3.5-0.8b", "mamba-1.4b", "gemma-3n-e2b"):
        path = write_phantom(tmp_path, name)
        shape = read_shape(path)
        exact = engine_estimate(path, PLACEMENT, log, shape)
        with monkeypatch.context() as patched:
            patched.setattr(estimate, "breakdown", lambda _: None)
            logged = engine_estimate(path, PLACEMENT, log, shape)
        assert exact is not None
        assert logged is not None
        assert logged.weights_bytes == exact.weights_bytes
        assert abs(logged.conversation_bytes - exact.conversation_bytes) < MIB // 10
        assert abs(logged.working_bytes - exact.working_bytes) < MIB // 10


def test_a_map_that_does_not_add_up_is_not_believed(
    starter_path: Path, log: EngineLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = read_shape(starter_path)
    exact = engine_estimate(starter_path, PLACEMENT, log, shape)
    nonsense = [Row("CPU", "", 123, 456, 789)]
    monkeypatch.setattr(estimate, "breakdown", lambda _: nonsense)
    read_otherwise = engine_estimate(starter_path, PLACEMENT, log, shape)
    assert exact is not None
    assert read_otherwise is not None
    assert abs(read_otherwise.total_bytes - exact.total_bytes) < MIB // 5


def test_a_model_that_the_engine_does_not_know_leaves_it_to_the_formula(
    tmp_path: Path, log: EngineLog
) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(chat_model().set("general.architecture", "str", "of-the-future").file())
    assert estimate_memory(path, PLACEMENT, log) is None


def test_a_file_that_is_no_model_is_refused(tmp_path: Path, log: EngineLog) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(WorldError):
        estimate_memory(path, PLACEMENT, log)


@pytest.mark.parametrize("name", ["llama-3.1-8b", "gpt-oss-20b"])
def test_repacked_weights_are_as_large_as_plain_ones(
    tmp_path: Path, log: EngineLog, name: str
) -> None:
    path = write_phantom(tmp_path, name)
    shape = read_shape(path)
    repacked = engine_estimate(path, PLACEMENT, log, shape)
    plain = engine_estimate(path, replace(PLACEMENT, use_mmap=True), log, shape)
    assert repacked == plain


@pytest.mark.parametrize("use_mmap", [False, True])
def test_a_tied_embedding_that_is_repacked_is_held_twice(
    tmp_path: Path, log: EngineLog, use_mmap: bool
) -> None:
    path = tmp_path / "a.gguf"
    types = {"token_embd.weight": "Q4_K"}
    write_model(path, PHANTOMS["qwen3-1.7b"], "Q4_K_M", "", types=types)
    shape, placement = read_shape(path), replace(PLACEMENT, use_mmap=use_mmap)
    need = engine_estimate(path, placement, log, shape)
    assert need is not None
    extra_bytes = need.weights_bytes - shape.weights_bytes
    # Processors of another kind repack other types, and llama.cpp then holds it once.
    assert extra_bytes in ({0} if use_mmap else {0, bytes_of(shape.embedding)})
    if extra_bytes or use_mmap:
        assert need.weights_bytes == engine_need(shape, placement).weights_bytes


def test_a_placement_that_no_context_is_made_for_leaves_it_to_the_formula(
    tmp_path: Path, log: EngineLog
) -> None:
    path = write_phantom(tmp_path, "qwen3-0.6b")
    without = replace(PLACEMENT, kv_type=KvType.Q8_0, flash_attention=False)
    assert estimate_memory(path, without, log) is None


# --- maps of the other systems -------------------------------------------------------------------


def value(buffer_type: int, number: int) -> breakdown._Value:
    return breakdown._Value(buffer_type, number, number + 1, number + 2)


def host_buffer_type() -> int:
    function = native._lib.ggml_backend_cpu_buffer_type
    function.restype = ctypes.c_void_p
    found: int = function()
    return found


def test_a_map_of_macos_is_read() -> None:
    """libc++: left, right, parent, colour, value."""
    buffer_type = host_buffer_type()
    nodes = [breakdown._Node(value=value(buffer_type, 10 * i)) for i in range(3)]
    first, root, last = nodes
    root.pointers[:] = [ctypes.addressof(first), ctypes.addressof(last), None]
    tree = breakdown._ClangMap(ctypes.addressof(first), ctypes.addressof(root), 3)
    assert [found.model for found in breakdown._clang_values(tree)] == [0, 10, 20]


def test_a_map_of_windows_is_read() -> None:
    """MSVC: left, parent, right, colour, is the end, value."""
    buffer_type = host_buffer_type()
    nodes = [breakdown._Node(value=value(buffer_type, 10 * i)) for i in range(3)]
    end = breakdown._Node()
    end.flags[1] = 1
    first, root, last = nodes
    for node in (first, last):
        node.pointers[:] = [ctypes.addressof(end), ctypes.addressof(root), ctypes.addressof(end)]
    root.pointers[:] = [ctypes.addressof(first), ctypes.addressof(end), ctypes.addressof(last)]
    end.pointers[:] = [ctypes.addressof(first), ctypes.addressof(root), ctypes.addressof(last)]
    tree = breakdown._MicrosoftMap(ctypes.addressof(end), 3)
    assert [found.model for found in breakdown._microsoft_values(tree)] == [0, 10, 20]
