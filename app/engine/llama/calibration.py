"""Measures how fast this computer's processor goes through weights, within a few seconds.

Three layers of the size of Llama-3.2-1B's, in each of the types that models are mostly made of,
without real weights (`app/engine/synthetic_model.py`): larger than every cache, loaded in a
fifth of a second. Scaling a run of the starter by bytes is useless (off by 100 to 160 %): it is
so small that other costs outweigh its weights.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as native

from app.core.errors import AppError, BugError
from app.core.fit.speed import LAST_LAYER_READ_PART, Calibration
from app.core.fit.speed_priors import TypeSpeed
from app.core.model_shape import numbers_in
from app.core.placement import PROCESSOR_BATCH, Placement
from app.engine.llama.library import DECODED, EngineLog, StopFlag
from app.engine.llama.model import LlamaModel
from app.engine.synthetic_model import SyntheticModel

TYPES = ("Q4_K", "Q6_K", "Q8_0", "Q5_K", "Q4_0")
"""What models are mostly made of, the most common first; others go by their ratio to Q4_K."""
TIME_LIMIT_S = 2.4
"""No further type is begun after this; with the rest that makes three seconds at most."""
BUSY_RATIO = 0.8
"""Less of the processor than this while one thread computes: others took the rest."""
_WIDE = {"n_embedding": 2048, "n_feed_forward": 8192, "n_heads": 32, "n_kv_heads": 8}
_N_LAYERS = 3
_THIN = SyntheticModel("Q8_0", 32, 256, 512, 4, 4, 64)
"""Many layers with next to no weights, to tell what a layer costs by itself."""
_ATTENTIVE = SyntheticModel("Q8_0", 4, 512, 512, 32, 8, 128)
"""All attention: heads as in an 8B model, and little else."""
_N_WRITTEN = 8
_N_ATTENTION_BATCHES = 6


@dataclass(slots=True)
class _Measured:
    """What has been measured so far."""

    types: dict[str, TypeSpeed] = field(default_factory=dict)
    by_threads: dict[int, float] = field(default_factory=dict)
    wall_s: float = 0.0
    processor_s: float = 0.0

    @property
    def was_busy(self) -> bool:
        """Whether one thread did not get a processor core of its own."""
        return self.processor_s < BUSY_RATIO * self.wall_s


class Calibrator:
    """Measures the processor.

    Args:
        log: of the library.
        stop: ends the measurement soon after it is set.
        n_threads: to write with at most, so that the window keeps a core.
        n_threads_batch: to read with.
        on_progress: told the part done, 0.0 to 1.0.
    """

    def __init__(
        self,
        log: EngineLog,
        stop: StopFlag,
        n_threads: int,
        n_threads_batch: int,
        on_progress: Callable[[float], None],
    ) -> None:
        self._log = log
        self._stop = stop
        self._n_threads = n_threads
        self._n_threads_batch = n_threads_batch
        self._on_progress = on_progress
        self._measured = _Measured()
        self._folder = Path()

    def run(self, engine_version: str, processor: str) -> Calibration | None:
        """Measure; None when it was stopped.

        Args:
            engine_version: what the result is good for,
            processor: together with this.

        Raises:
            WorldError: there is not even memory for a few layers.
        """
        with tempfile.TemporaryDirectory(prefix="quillhouse-") as folder:
            self._folder = Path(folder)
            try:
                return self._measure(engine_version, processor)
            except AppError:
                # Loading and computing that are stopped end as errors.
                if self._stop.is_set:
                    return None
                raise

    def _measure(self, engine_version: str, processor: str) -> Calibration:
        began_s = time.monotonic()
        layer_s = self._layer_seconds()
        write_flops, read_flops = self._attention_flops()
        for n, kind in enumerate(TYPES):
            if n and time.monotonic() - began_s > TIME_LIMIT_S:
                break
            self._on_progress((n + 1) / (len(TYPES) + 1))
            self._measure_type(kind, layer_s)
        self._on_progress(1.0)
        return Calibration(
            engine_version,
            processor,
            self._best_threads(),
            self._n_threads_batch,
            self._measured.types,
            self._measured.by_threads,
            layer_s,
            write_flops,
            read_flops,
            was_busy=self._measured.was_busy,
        )

    def _measure_type(self, kind: str, layer_s: float) -> None:
        model = SyntheticModel(kind, _N_LAYERS, **_WIDE, head_width=64)
        n_bytes = model.layer_bytes()
        with self._loaded(model) as run:
            if not self._measured.by_threads:
                self._sweep_threads(run, n_bytes)
            run.use_threads(self._best_threads(), self._n_threads_batch)
            wall_s, processor_s = time.perf_counter(), time.process_time()
            written_s = run.fastest_token(_N_WRITTEN)
            self._measured.wall_s += time.perf_counter() - wall_s
            self._measured.processor_s += time.process_time() - processor_s
            read_s = run.read(PROCESSOR_BATCH)
        written_s = max(written_s - _N_LAYERS * layer_s, written_s / 2)
        n_layers_read = _N_LAYERS - 1 + LAST_LAYER_READ_PART
        work = 2 * numbers_in(kind, n_bytes) * PROCESSOR_BATCH * n_layers_read / _N_LAYERS
        self._measured.types[kind] = TypeSpeed(n_bytes / written_s, work / read_s)

    def _sweep_threads(self, run: "_Run", n_bytes: int) -> None:
        """Measure writing with one thread, with all allowed, some between, and all there are."""
        most = self._n_threads
        counts = {1, -(-most // 2), -(-most * 3 // 4), most, self._n_threads_batch}
        for n_threads in sorted(counts):
            run.use_threads(n_threads, self._n_threads_batch)
            run.read(1)
            self._measured.by_threads[n_threads] = n_bytes / run.fastest_token(4)

    def _best_threads(self) -> int:
        """Give the fewest threads that are within 5 % of the fastest of those allowed."""
        measured = self._measured.by_threads
        rates = {n: rate for n, rate in measured.items() if n <= self._n_threads}
        if not rates:
            return self._n_threads
        enough = 0.95 * max(rates.values())
        return min(n for n, rate in rates.items() if rate >= enough)

    def _layer_seconds(self) -> float:
        with self._loaded(_THIN) as run:
            return run.fastest_token(_N_WRITTEN) / _THIN.n_layers

    def _attention_flops(self) -> tuple[float, float]:
        """Give attention's work each second while writing, and while reading."""
        width = 2 * _ATTENTIVE.n_heads * 2 * _ATTENTIVE.head_width * _ATTENTIVE.n_layers
        n_past = (_N_ATTENTION_BATCHES - 1) * PROCESSOR_BATCH
        with self._loaded(_ATTENTIVE) as run:
            run.read(1)
            alone_s = run.fastest_token(_N_WRITTEN)
            first_s = min(run.read(PROCESSOR_BATCH) for _ in range(2))
            last_s = first_s
            for _ in range(_N_ATTENTION_BATCHES - 2):
                last_s = run.read(PROCESSOR_BATCH)
            loaded_s = run.fastest_token(_N_WRITTEN)
        # The first batch saw half of itself, the last one all before it.
        n_more = n_past - PROCESSOR_BATCH
        read_s = max(last_s - first_s, last_s / 10)
        write_s = max(loaded_s - alone_s, loaded_s / 10)
        return width * n_past / write_s, width * n_more * PROCESSOR_BATCH / read_s

    @contextmanager
    def _loaded(self, model: SyntheticModel) -> Iterator["_Run"]:
        path = self._folder / "model.gguf"
        model.write(path)
        placement = Placement(
            n_ctx=1024,
            n_threads=self._best_threads(),
            n_threads_batch=self._n_threads_batch,
            n_batch=PROCESSOR_BATCH,
        )
        loaded = LlamaModel(path, "calibration", placement, self._log, self._stop, lambda _: None)
        try:
            yield _Run(loaded.context)
        finally:
            loaded.close()


class _Run:
    """Times single passes through a loaded model."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - a pointer of llama_cpp
        self._context = context

    def use_threads(self, n_threads: int, n_threads_batch: int) -> None:
        """Compute with so many threads from now on."""
        native.llama_set_n_threads(self._context, n_threads, n_threads_batch)

    def read(self, n_tokens: int) -> float:
        """Read tokens; give the seconds it took."""
        tokens = (native.llama_token * n_tokens)(*([1] * n_tokens))
        batch = native.llama_batch_get_one(tokens, n_tokens)
        began_s = time.perf_counter()
        result = native.llama_decode(self._context, batch)
        native.llama_synchronize(self._context)
        took_s = time.perf_counter() - began_s
        if result != DECODED:
            raise BugError(f"llama_decode: {result} while measuring")
        return took_s

    def fastest_token(self, n_times: int) -> float:
        """Give the seconds of the fastest of some tokens; what disturbs only makes slower."""
        return min(self.read(1) for _ in range(n_times))
