"""How much of an answer's speed is kept while documents are indexed beside it.

An answer alone and an answer beside indexing take turns, and medians are compared, since other
work on the computer shows in both. The goal: 90 % of the tokens per second. What indexing took of
the processor meanwhile is told as well: that number hardly depends on other work.

Run: `python3 packaging/dev.py benchmark yielding`
"""

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import psutil  # noqa: E402
from PySide6.QtCore import QCoreApplication, QObject, Slot  # noqa: E402

from app.core import events  # noqa: E402
from app.core.conversation import Role  # noqa: E402
from app.core.document_events import (  # noqa: E402
    CollectionList,
    CollectionRequest,
    NewCollectionRequest,
)
from app.core.documents.collections import CollectionSummary  # noqa: E402
from app.core.sampling import Sampling  # noqa: E402
from app.store.document_index import document_database  # noqa: E402
from app.store.embedding_models import built_in_model  # noqa: E402
from app.store.saved_states import SavedStates  # noqa: E402
from app.worker.embedding_worker import EmbeddingWorker  # noqa: E402
from app.worker.engine_worker import EngineWorker  # noqa: E402
from app.worker.index_worker import IndexWorker  # noqa: E402
from app.worker.signal_types import signal, signal_of  # noqa: E402
from app.worker.threads import WorkerThread  # noqa: E402
from tests.benchmarks.bench_documents import make_documents, run_until  # noqa: E402

QUESTION = "Write the longest story you can, with many chapters."
N_PAGES = 1000


class Window(QObject):
    """Asks for answers and collections, and hears of both."""

    opened = signal()
    closed = signal()
    load_requested = signal_of(events.LoadRequest)
    answer_requested = signal_of(events.AnswerRequest)
    create_requested = signal_of(NewCollectionRequest)
    delete_requested = signal_of(CollectionRequest)
    purge_requested = signal()

    def __init__(
        self, engine: EngineWorker, index: IndexWorker, embedding: EmbeddingWorker
    ) -> None:
        super().__init__()
        self.is_loaded = self.is_answered = False
        self.moments: list[tuple[float, int]] = []
        self.collections: dict[str, CollectionSummary] = {}
        for worker in (engine, index, embedding):
            self.opened.connect(worker.open)
            self.closed.connect(worker.close)
        self.load_requested.connect(engine.load)
        self.answer_requested.connect(engine.generate)
        self.create_requested.connect(index.create)
        self.delete_requested.connect(index.delete)
        self.purge_requested.connect(index.purge)
        engine.model_loaded.connect(self._take_loaded)
        engine.answer_grew.connect(self._take_delta)
        engine.answer_finished.connect(self._take_finished)
        engine.status_changed.connect(index.take_engine_status)
        engine.status_changed.connect(embedding.take_engine_status)
        index.collections_changed.connect(self._take_collections)
        index.embed_requested.connect(embedding.embed)
        embedding.embedded.connect(index.take_embedded)
        embedding.embed_failed.connect(index.take_embed_failed)
        embedding.models_changed.connect(index.take_embedding_models)

    def tokens_per_second(self, number: int, n_tokens: int) -> float:
        """Have an answer written; give how fast it was."""
        self.moments, self.is_answered = [], False
        turn = events.PromptTurn("question", Role.USER, QUESTION)
        sampling = Sampling(temperature=0, repeat_penalty=1.1, max_tokens=n_tokens)
        name = f"answer-{number}"
        self.answer_requested.emit(events.AnswerRequest(name, name, (turn,), sampling))
        run_until(lambda: self.is_answered)
        (began_s, n_first), (ended_s, _) = self.moments[0], self.moments[-1]
        return (sum(n for _, n in self.moments) - n_first) / (ended_s - began_s)

    @Slot(object)
    def _take_loaded(self, _loaded: events.LoadedModel) -> None:
        self.is_loaded = True

    @Slot(object)
    def _take_delta(self, delta: events.AnswerDelta) -> None:
        self.moments.append((time.perf_counter(), delta.n_tokens))

    @Slot(object)
    def _take_finished(self, _finished: events.AnswerFinished) -> None:
        self.is_answered = True

    @Slot(object)
    def _take_collections(self, listed: CollectionList) -> None:
        self.collections = {one.collection.collection_id: one for one in listed.collections}


def indexing_cpu_s(answering_id: int) -> float:
    """Give the processor time of this process and its children, but for the one that answers."""
    own = psutil.Process()
    total_s = 0.0
    for one in (own, *own.children()):
        with contextlib.suppress(psutil.Error):
            if one.pid != answering_id:
                spent = one.cpu_times()
                total_s += spent.user + spent.system
    return total_s


def measure(home: Path, n_rounds: int, n_tokens: int) -> None:
    """Let answers alone and beside indexing take turns."""
    resources = PROJECT / "resources"
    engine = EngineWorker(SavedStates(home / "states"))
    index = IndexWorker(document_database(home / "documents.db"), home / "own" / "pasted")
    embedding = EmbeddingWorker(built_in_model(next((resources / "embedding").glob("*.gguf"))))
    window = Window(engine, index, embedding)
    threads = [WorkerThread(name) for name in ("engine", "documents", "embedding")]
    for thread, worker in zip(threads, (engine, index, embedding), strict=True):
        thread.adopt(worker)
        thread.start()
    window.opened.emit()
    window.load_requested.emit(events.LoadRequest(next((resources / "starter").glob("*.gguf"))))
    run_until(lambda: window.is_loaded)
    folder = home / "documents"
    folder.mkdir()
    make_documents(folder, N_PAGES)
    window.tokens_per_second(0, n_tokens)
    alone, beside, shares = [], [], []
    for number in range(1, n_rounds + 1):
        alone.append(window.tokens_per_second(2 * number, n_tokens))
        key = f"round-{number}"
        window.create_requested.emit(NewCollectionRequest(key, "All", (folder,)))
        run_until(lambda: key in window.collections and window.collections[key].n_searchable > 0)  # noqa: B023 - called at once
        before_s, began_s = indexing_cpu_s(engine.process_id), time.perf_counter()
        beside.append(window.tokens_per_second(2 * number + 1, n_tokens))
        took_s = time.perf_counter() - began_s
        shares.append((indexing_cpu_s(engine.process_id) - before_s) / took_s)
        print(f"alone {alone[-1]:7.1f}, beside {beside[-1]:7.1f} tokens/s", flush=True)
        window.delete_requested.emit(CollectionRequest(key))
        window.purge_requested.emit()
        run_until(lambda: key not in window.collections)  # noqa: B023 - called at once
        for path in folder.iterdir():  # So that nothing is known of them in the next round.
            path.write_bytes(path.read_bytes() + b"\n%")
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
    kept = statistics.median(beside) / statistics.median(alone)
    print(f"medians: {statistics.median(alone):.1f} and {statistics.median(beside):.1f} tokens/s")
    share = statistics.median(shares)
    print(f"kept: {100 * kept:.0f} %; indexing took {100 * share:.0f} % of a core meanwhile")
    window.closed.emit()
    for thread in threads:
        thread.wait()


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=200)
    options = parser.parse_args()
    application = QCoreApplication([])
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place), options.rounds, options.tokens)
    del application


if __name__ == "__main__":
    main()
