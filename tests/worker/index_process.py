"""Processes that run the index worker, to be killed; started with `python -m`.

Each line of the input names a data folder, a folder to be indexed and the key of the embedding
model to be used, apart by tabs. A fresh process begins to index it and tells its id; it says
"ready" when all is done, and ends. Forked
from this one, which has imported everything already, so that fifty take seconds and not minutes.
"""

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from app.core.document_events import (
    CollectionChangeRequest,
    CollectionList,
    Embedded,
    EmbeddingModels,
    EmbedRequest,
    NewCollectionRequest,
)
from app.core.documents.collections import CollectionState
from app.store.document_index import document_database
from app.worker import index_documents
from app.worker.index_worker import IndexWorker
from tests.worker.index_rig import BUILT_IN, N_DIMENSIONS, OTHER, TextReader, vector_of

PART_CHARACTERS = 1500
"""So that every second document is kept in parts."""
EMBED_MS = 15
"""How long a batch takes."""
CLEAN_MS = 50


class Owner(QObject):
    """Plays window and model."""

    def __init__(self, worker: IndexWorker) -> None:
        super().__init__()
        self._worker = worker
        self._waiting: list[EmbedRequest] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._answer)
        self._end = QTimer(self)
        self._end.setInterval(CLEAN_MS)
        self._end.timeout.connect(self._end_if_clean)
        worker.embed_requested.connect(self._embed)
        worker.collections_changed.connect(self._hear)

    @Slot(object)
    def _embed(self, request: EmbedRequest) -> None:
        self._waiting.append(request)
        self._turn.start(EMBED_MS)

    @Slot()
    def _answer(self) -> None:
        request = self._waiting.pop()
        vectors = b"".join(map(vector_of, request.texts))
        self._worker.take_embedded(Embedded(request.request_id, N_DIMENSIONS, vectors))

    @Slot(object)
    def _hear(self, news: CollectionList) -> None:
        if all(one.state is CollectionState.READY for one in news.collections):
            self._end.start()

    @Slot()
    def _end_if_clean(self) -> None:
        # What no file and no collection has any more is removed last.
        index = self._worker._index
        former = index._database.read(
            "SELECT 1 FROM vector WHERE embedding_key NOT IN"
            " (SELECT embedding_key FROM collection) LIMIT 1"
        )
        if not index.contents.unused() and not former:
            print("ready", flush=True)
            self._worker.close()
            os._exit(0)


def run(home: Path, folder: Path, key: str) -> None:
    """Index a folder with a model until all is done."""
    index_documents.PART_CHARACTERS = PART_CHARACTERS
    application = QCoreApplication([])
    worker = IndexWorker(document_database(home / "documents.db"), home / "pasted", TextReader)
    owner = Owner(worker)
    worker.take_embedding_models(EmbeddingModels((BUILT_IN, OTHER)))
    worker.open()
    worker.create(NewCollectionRequest("all", "All", (folder,)))
    worker.change(CollectionChangeRequest("all", embedding_key=key))
    application.exec()
    del owner


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Not by `for line in sys.stdin`, whose buffer the forked processes would share.
    while line := sys.stdin.readline():
        home, folder, key = line.rstrip("\n").split("\t")
        process_id = os.fork()
        if not process_id:
            run(Path(home), Path(folder), key)
        print(process_id, flush=True)


if __name__ == "__main__":
    main()
