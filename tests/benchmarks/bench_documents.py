"""How fast documents are indexed, stage by stage, and what a change costs.

Everything is the real thing: the parser process, the index worker, the embedding model that
comes with Quillhouse if set-up has made it. Times are those of a clock on the wall, so other work
on the computer shows; `cpu` is the processor time of this process alone, which does the chunks
and the words. What the other processes have taken, start and all, is told at the end.

- `reading`, `chunking`, `words`: each for itself, the last of them into a database;
- `words, together`: from naming the folder until every file can be found by its words;
- `meaning, together`: from there until every vector is made, or so many as tell how fast it is;
- `no change`, `one file`: looking into the folder again, and with one file more.

Memory is what each process holds at most; the model of the embedding engine is 25 MB of it.

Run: `python3 packaging/dev.py benchmark documents`, with `--data FOLDER` for documents of yours,
or `--log 100` for a log of 100 MB.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import psutil  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Slot  # noqa: E402

from app.core.document_events import (  # noqa: E402
    CollectionList,
    CollectionRequest,
    EmbeddingModels,
    NewCollectionRequest,
)
from app.core.documents.collections import (  # noqa: E402
    Collection,
    CollectionHealth,
    CollectionSummary,
    FileHealth,
    IndexProgress,
    IndexStage,
)
from app.core.documents.embedding_model import BUILT_IN_KEY  # noqa: E402
from app.core.documents.text import DocumentFacts  # noqa: E402
from app.readers.endings import READER_VERSION  # noqa: E402
from app.store.document_index import DocumentIndex, document_database  # noqa: E402
from app.store.document_scan import SeenFile, SeenSources  # noqa: E402
from app.store.embedding_models import built_in_model  # noqa: E402
from app.worker.document_reader import DocumentRead, PageRead, ReadFailed  # noqa: E402
from app.worker.embedding_worker import EmbeddingWorker  # noqa: E402
from app.worker.index_documents import Pages, document_of  # noqa: E402
from app.worker.index_worker import IndexWorker  # noqa: E402
from app.worker.reader_process import ReaderProcess  # noqa: E402
from tests.readers.pdf_samples import Text, write_pdf  # noqa: E402

KEY = "all"
LINES = 40
WORDS = 11
PAGES_A_FILE = 20
VOCABULARY = 4000
LOOK_MS = 5
SAMPLE_S = 0.1
ROLES = {"--parser": "the parser", "--engine": "the embedding engine"}
STAGES_BYTES = 50_000_000
"""Of more, no stage is measured for itself: everything would be in memory at once."""
MOST_VECTORS = 1_000
"""Of a log, which has very many, no more are waited for."""


def make_documents(folder: Path, n_pages: int) -> None:
    """Write PDF documents whose words are as unequally frequent as those of a language."""
    chance = random.Random(5)
    words = [
        "".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(VOCABULARY)
    ]
    weights = [1 / (rank + 1) for rank in range(VOCABULARY)]

    def line(number: int) -> Text:
        text = " ".join(chance.choices(words, weights, k=WORDS)).capitalize() + "."
        return Text(60, 780 - 17 * number, text)

    for first in range(0, n_pages, PAGES_A_FILE):
        pages = [list(map(line, range(LINES))) for _ in range(min(PAGES_A_FILE, n_pages - first))]
        write_pdf(folder / f"{first:05}.pdf", pages)


def make_log(folder: Path, n_megabytes: int) -> None:
    """Write a log as servers do."""
    chance = random.Random(5)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(3000)]
    with (folder / "server.log").open("w", encoding="utf-8") as stream:
        n_bytes = number = 0
        while n_bytes < n_megabytes * 1_000_000:
            number += 1
            said = " ".join(chance.choices(words, k=9))
            moment = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02} {number % 24:02}:00:00"
            n_bytes += stream.write(f"{moment} INFO worker-{number % 7} {said} id={number}\n")


class Stages(QObject):
    """Reads every file once, and cuts it into chunks, one stage after the other."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self._reader = ReaderProcess(self)
        self._left = list(paths)
        self._pages = Pages()
        self.read: list[tuple[Pages, DocumentFacts]] = []
        self.is_done = False
        self._reader.page_read.connect(self._take_page)
        self._reader.document_read.connect(self._take)
        self._reader.failed.connect(self._take_failure)
        self._next()

    def close(self) -> None:
        self._reader.close()

    @Slot(object)
    def _take_page(self, read: PageRead) -> None:
        self._pages.add(read.page)

    @Slot(object)
    def _take(self, read: DocumentRead) -> None:
        self.read.append((self._pages, read.facts))
        self._next()

    @Slot(object)
    def _take_failure(self, _failed: ReadFailed) -> None:
        self._next()

    def _next(self) -> None:
        self._pages = Pages()
        if self._left:
            path = self._left.pop()
            self._reader.read(path.name, path, reads_scans=False)
        else:
            self.is_done = True


class Window(QObject):
    """Hears how far the collection is."""

    def __init__(self, worker: IndexWorker) -> None:
        super().__init__()
        self.summary: CollectionSummary | None = None
        self.files: tuple[FileHealth, ...] = ()
        self.n_vectors = 0
        worker.collections_changed.connect(self._hear)
        worker.health_changed.connect(self._hear_health)
        worker.progressed.connect(self._hear_progress)

    def is_found(self, n_files: int) -> bool:
        one = self.summary
        return one is not None and one.n_files == n_files == one.n_searchable + one.n_skipped

    def is_ready(self, n_files: int) -> bool:
        one = self.summary
        return one is not None and one.n_files == n_files == one.n_ready + one.n_skipped

    @Slot(object)
    def _hear(self, news: CollectionList) -> None:
        self.summary = news.collections[0] if news.collections else None

    @Slot(object)
    def _hear_progress(self, progress: IndexProgress) -> None:
        if progress.stage is IndexStage.EMBEDDING:
            self.n_vectors = progress.n_done

    @Slot(object)
    def _hear_health(self, health: CollectionHealth) -> None:
        self.files = health.files


class Waiter(QObject):
    """Lets events be heard until something is so."""

    def __init__(self, condition: Callable[[], bool]) -> None:
        super().__init__()
        self._condition = condition
        self._loop = QEventLoop()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def wait(self) -> None:
        self._timer.start()
        self._loop.exec()

    @Slot()
    def _look(self) -> None:
        if self._condition():
            self._timer.stop()
            self._loop.quit()


def run_until(condition: Callable[[], bool]) -> None:
    """Let events be heard until something is so."""
    Waiter(condition).wait()


def report(name: str, amount: float, unit: str, began_s: float, began_cpu_s: float) -> None:
    """Print one line of the table."""
    took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    print(f"{name:<28} {took_s:8.2f} s  {amount / took_s:9.1f} {unit}/s   cpu {cpu_s:7.2f} s")


def measure_stages(paths: list[Path], home: Path) -> None:
    """Time reading, cutting and keeping apart from each other."""
    began = time.perf_counter(), time.process_time()
    stages = Stages(paths)
    run_until(lambda: stages.is_done)
    n_pages = sum(len(pages.texts) for pages, _ in stages.read)
    report("reading", n_pages, "pages", *began)
    stages.close()
    began = time.perf_counter(), time.process_time()
    documents = [
        document_of(str(number), ".pdf", facts, pages)
        for number, (pages, facts) in enumerate(stages.read)
    ]
    report("chunking", n_pages, "pages", *began)
    index = DocumentIndex(document_database(home / "stages.db"))
    index.open()
    index.collections.create(Collection(KEY, "All", (), BUILT_IN_KEY))
    seen = {path: SeenFile(path, 1, 1) for path in paths}
    index.files.apply(KEY, [path.parent for path in paths], SeenSources(seen))
    files = index.files.pending(len(paths))
    began = time.perf_counter(), time.process_time()
    for file, document in zip(files, documents, strict=False):
        index.contents.keep(file.file_id, document, READER_VERSION)
    report("words", n_pages, "pages", *began)
    index.close()
    print(f"{n_pages} pages, {sum(len(one.chunks) for one in documents)} chunks")


class Watch:
    """Watches what this process and those that it has started take: memory, processor time."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}
        self._cpu_s: dict[str, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._is_over.wait(SAMPLE_S):
            for one in (own, *own.children()):
                with contextlib.suppress(psutil.Error):
                    roles = [part for part in one.cmdline() if part in ROLES]
                    role = ROLES[roles[0]] if roles else "this process"
                    self._most[role] = max(self._most.get(role, 0), one.memory_info().rss)
                    spent = one.cpu_times()
                    self._cpu_s[role] = spent.user + spent.system

    def print(self) -> None:
        """Print the most of each."""
        self._is_over.set()
        self._thread.join()
        for role, n_bytes in self._most.items():
            cpu_s = self._cpu_s[role]
            print(f"{role + ',':<24} at most {n_bytes / 1e6:5.0f} MB, processor {cpu_s:6.1f} s")


def measure(folder: Path, home: Path, n_vectors: int) -> None:
    """Time the whole, up to so many vectors."""
    paths = [one for one in folder.rglob("*") if one.is_file()]
    if sum(one.stat().st_size for one in paths) < STAGES_BYTES:
        measure_stages(paths, home)
    watch = Watch()
    models = sorted((PROJECT / "resources" / "embedding").glob("*.gguf"))
    embedding = EmbeddingWorker(built_in_model(models[0]) if models else None)
    worker = IndexWorker(document_database(home / "documents.db"), home / "pasted")
    window = Window(worker)
    worker.embed_requested.connect(embedding.embed)
    embedding.embedded.connect(worker.take_embedded)
    embedding.embed_failed.connect(worker.take_embed_failed)
    embedding.models_changed.connect(worker.take_embedding_models)
    worker.take_embedding_models(EmbeddingModels(()))
    worker.open()
    began = time.perf_counter(), time.process_time()
    worker.create(NewCollectionRequest(KEY, "All", (folder,)))
    run_until(lambda: window.is_found(len(paths)))
    assert window.summary is not None
    report("words, together", window.summary.n_pages, "pages", *began)
    if models:
        began = time.perf_counter(), time.process_time()
        embedding.open()
        wanted = min(window.summary.n_chunks, n_vectors)
        run_until(lambda: window.n_vectors >= wanted)
        report("meaning, together", wanted, "chunks", *began)
        n_pages = window.summary.n_pages * wanted / window.summary.n_chunks
        report("meaning, together", n_pages, "pages", *began)
        if wanted == window.summary.n_chunks:
            run_until(lambda: window.is_ready(len(paths)))
    if window.is_ready(len(paths)):
        measure_changes(folder, worker, window, len(paths))
    watch.print()
    worker.show_health(CollectionRequest(KEY))
    for one in window.files:
        if one.failure is not None:
            print(f"  {one.path.relative_to(folder)}: {one.failure.code.value}")
    embedding.close()
    worker.close()


def measure_changes(folder: Path, worker: IndexWorker, window: Window, n_files: int) -> None:
    """Time another look, and one file more."""
    began = time.perf_counter(), time.process_time()
    scans = worker._scans
    worker.rescan(CollectionRequest(KEY))
    run_until(lambda: not scans.running)
    report("no change", n_files, "files", *began)
    more = folder / "one more.txt"
    try:
        more.write_text("One more file.", encoding="utf-8")
    except OSError:
        return  # Documents of yours on a disk that is not to be written.
    began = time.perf_counter(), time.process_time()
    worker.rescan(CollectionRequest(KEY))
    run_until(lambda: window.is_found(n_files + 1))
    report("one file more", 1, "files", *began)
    more.unlink()


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="a folder of documents")
    parser.add_argument("--log", type=int, metavar="MB", help="a log of this size instead")
    parser.add_argument("--vectors", type=int, help="wait for no more of them")
    parser.add_argument("--pages", type=int, default=1000, help="of made-up ones, otherwise")
    options = parser.parse_args()
    application = QCoreApplication([])
    with tempfile.TemporaryDirectory() as place:
        home, made = Path(place, "home"), Path(place, "documents")
        home.mkdir()
        made.mkdir()
        if options.log is not None:
            make_log(made, options.log)
        elif options.data is None:
            make_documents(made, options.pages)
        usual = MOST_VECTORS if options.log is not None else sys.maxsize
        measure(options.data or made, home, options.vectors or usual)
    del application


if __name__ == "__main__":
    main()
