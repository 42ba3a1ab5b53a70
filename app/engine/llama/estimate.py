"""What a model would take as placed, asked of the engine itself without loading the weights.

llama.cpp reads the header, lays everything out and counts it (`no_alloc`). It is given a file
with holes where the weights belong and without a vocabulary, see `app/engine/phantom.py`; the
model file itself may be one with holes. Runs in the engine process only.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as native

from app.core.fit.memory import MemoryNeed, MemoryShare, batch_of
from app.core.fit.process_memory import process_bytes
from app.core.gguf import GgufHeader
from app.core.gguf_parts import data_bytes, is_part, joined, part_names
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import ModelShape, bytes_of
from app.core.placement import Placement
from app.engine.device_use import CONTEXT_MARK
from app.engine.llama.breakdown import Row, breakdown
from app.engine.llama.context import new_context
from app.engine.llama.library import EngineLog
from app.engine.llama.offload import Offload
from app.engine.phantom import SparseFilesUnsupportedError, make_phantom, without_vocabulary

FLOAT_BYTES = 4
"""Results are kept in F32."""
SLACK = 64
"""Small tensors that several devices hold, and alignment, make at most 1 part in so many."""

_MIB = 2**20
_CACHE = re.compile(r"(?:kv_cache\w*|memory_recurrent): size = +([\d.]+) MiB")
_COMPUTE = re.compile(r"compute buffer size = +([\d.]+) MiB")


def estimate_memory(path: Path, placement: Placement, log: EngineLog) -> MemoryNeed | None:
    """Give what the engine says that a model takes, and what the process grows by besides.

    Args:
        path: a model file, or its header with a hole of the right size behind it.
        placement: as it would be loaded.
        log: of the library; what was logged before is forgotten.

    Returns:
        None when the engine cannot tell: the formula then stands alone.

    Raises:
        WorldError: the file's header is not sound, or a device is not there.
        OSError: the file cannot be read.
    """
    header = _header_of(path)
    shape = shape_of(header)
    with tempfile.TemporaryDirectory() as folder:
        bare = without_vocabulary(header)
        phantom = Path(folder) / "phantom.gguf"
        try:
            make_phantom(phantom, bare, len(bare) + data_bytes(header))
        except (SparseFilesUnsupportedError, OSError):
            phantom = path
        need = engine_estimate(phantom, placement, log, shape)
    if need is None:
        return None
    besides = need.processor.working_bytes + process_bytes(shape, batch_of(shape, placement))
    return replace(need, processor=replace(need.processor, working_bytes=besides))


def _header_of(path: Path) -> GgufHeader:
    """Read the header of a model; of one in several files, as if it were one."""
    header = _read(path)
    if not is_part(header):
        return header
    return joined([_read(path.with_name(name)) for name in part_names(path.name)])


def _read(path: Path) -> GgufHeader:
    with path.open("rb") as stream:
        return read_header(stream, path.stat().st_size, path.name)


def engine_estimate(
    path: Path, placement: Placement, log: EngineLog, shape: ModelShape
) -> MemoryNeed | None:
    """Give what the engine itself allocates, without what the process grows by besides.

    Args:
        path: see `estimate_memory`.
        placement: as it would be loaded.
        log: of the library.
        shape: of the model; the count is checked against it.
    """
    log.begin()
    with _laid_out(path, placement) as context:
        if context is None:
            return None
        rows = breakdown(context)
        need: MemoryNeed | None = None
        if rows is not None and _is_plausible(rows, shape):
            need = _need_of(rows, placement)
        elif not placement.devices:
            need = _need_from_log(log.lines(), shape)
        n_tokens: int = native.llama_vocab_n_tokens(
            native.llama_model_get_vocab(native.llama_get_model(context))
        )
    if need is None:
        return None
    working = need.processor.working_bytes + FLOAT_BYTES * n_tokens
    return replace(need, processor=replace(need.processor, working_bytes=working))


@contextmanager
def _laid_out(path: Path, placement: Placement) -> Iterator[Any]:
    """Give a context that has been laid out but not allocated; None when that fails."""
    parameters = native.llama_model_default_params()
    offload = Offload(placement, path.name)
    offload.apply(parameters)
    parameters.no_alloc = True
    # Nothing may be mapped; which memory repacked weights go to is as when loading.
    parameters.load_mode = native.LLAMA_LOAD_MODE_NONE
    parameters.use_extra_bufts = not placement.use_mmap
    model = native.llama_model_load_from_file(os.fsencode(path), parameters)
    context = new_context(model, placement) if model else None
    try:
        yield context
    finally:
        if context:
            native.llama_free(context)
        if model:
            native.llama_model_free(model)


def _is_plausible(rows: Sequence[Row], shape: ModelShape) -> bool:
    """Say whether the weights add up to those of the header.

    A tied embedding is held once more for the output, on another device or in another layout.
    """
    total, expected = sum(row.model_bytes for row in rows), shape.weights_bytes
    most = expected + bytes_of(shape.embedding)
    return expected <= total <= most + most // SLACK


def _need_of(rows: Sequence[Row], placement: Placement) -> MemoryNeed:
    """Sort the rows by device; pinned memory of the host is the processor's."""

    def share(device: str) -> MemoryShare:
        own = [row for row in rows if row.device == device]
        return MemoryShare(
            weights_bytes=sum(row.model_bytes for row in own),
            conversation_bytes=sum(row.context_bytes for row in own),
            working_bytes=sum(row.compute_bytes for row in own),
        )

    named = {row.device for row in rows} & set(placement.devices)
    unnamed = {row.device for row in rows} - named - {""}
    need = MemoryNeed(share(""), tuple(share(device) for device in placement.devices))
    if not unnamed:
        return need
    # A device that is none of the placement's, such as an accelerator of the processor.
    more = [share(device) for device in unnamed]
    return replace(need, processor=_sum([need.processor, *more]))


def _sum(shares: Sequence[MemoryShare]) -> MemoryShare:
    return MemoryShare(
        sum(share.weights_bytes for share in shares),
        sum(share.conversation_bytes for share in shares),
        sum(share.working_bytes for share in shares),
    )


def _need_from_log(lines: Sequence[str], shape: ModelShape) -> MemoryNeed | None:
    """Read the sizes that were logged, to 10 KB each; the weights are the header's."""
    # A context that failed is tried again.
    begins = [number for number, line in enumerate(lines) if CONTEXT_MARK in line]
    last = lines[begins[-1] :] if begins else lines
    conversation = sum(_logged(_CACHE, last))
    compute = _logged(_COMPUTE, last)
    if not compute:
        return None
    doubled = bytes_of(shape.embedding) if shape.is_embedding_doubled else 0
    return MemoryNeed(MemoryShare(shape.weights_bytes + doubled, conversation, sum(compute)))


def _logged(pattern: re.Pattern[str], lines: Sequence[str]) -> list[int]:
    found = (pattern.search(line) for line in lines)
    return [round(float(hit.group(1)) * _MIB) for hit in found if hit]
