"""Builds what has to do with documents, and wires it: index, vectors, search, viewer."""

import logging
from pathlib import Path

from app.store.data_folder import DataFolder
from app.store.document_index import document_database
from app.store.embedding_models import built_in_model
from app.ui.main_window import MainWindow
from app.worker.citation_worker import CitationWorker
from app.worker.conversation_worker import ConversationWorker
from app.worker.embedding_worker import EmbeddingWorker
from app.worker.engine_worker import EngineWorker
from app.worker.file_answers_worker import FileAnswersWorker
from app.worker.index_worker import IndexWorker
from app.worker.library_worker import LibraryWorker
from app.worker.reader_process import ReaderProcess
from app.worker.retrieval_worker import RetrievalWorker
from app.worker.threads import WorkerThread
from app.worker.viewer_worker import ViewerWorker

_LOG = logging.getLogger(__name__)

THREADS = ("documents", "embedding", "questions")


class DocumentWiring:
    """The part of the shell through which documents are read, searched, quoted and shown.

    Three threads: one writes the index, one makes vectors, one answers questions, so that a
    question never waits for a file being read.

    Args:
        window: asks and shows.
        data: the user's data.
        embedding_model: the one that comes with Quillhouse; None if it is not there.
    """

    def __init__(self, window: MainWindow, data: DataFolder, embedding_model: Path | None) -> None:
        self._window = window
        built_in = built_in_model(embedding_model) if embedding_model else None
        path = data.document_index
        self.index = IndexWorker(document_database(path), data.pasted, ReaderProcess)
        self.embedding = EmbeddingWorker(built_in, data.models)
        self.retrieval = RetrievalWorker(document_database(path))
        self.citations = CitationWorker()
        self.file_answers = FileAnswersWorker(document_database(path))
        self.viewer = ViewerWorker(document_database(path))
        self._threads = {name: WorkerThread(name) for name in THREADS}
        self._threads["documents"].adopt(self.index)
        self._threads["embedding"].adopt(self.embedding)
        for worker in (self.citations, self.file_answers, self.viewer, self.retrieval):
            self._threads["questions"].adopt(worker)

    def start(self) -> None:
        """Let the workers begin."""
        for thread in self._threads.values():
            thread.start()

    def wait(self) -> None:
        """Wait until the workers have ended that were told so by `window.closing`."""
        for name, thread in self._threads.items():
            if not thread.wait():
                _LOG.error("the %s thread did not end", name)

    def connect(
        self, conversations: ConversationWorker, engine: EngineWorker, library: LibraryWorker
    ) -> None:
        """Wire the signals of workers and window."""
        self._connect_index(conversations, engine, library)
        self._connect_vectors(engine, library)
        self._connect_questions(conversations, engine)
        self._connect_file_answers(engine, library)
        self._connect_viewer()

    def _connect_index(
        self, conversations: ConversationWorker, engine: EngineWorker, library: LibraryWorker
    ) -> None:
        window, index, pages = self._window, self.index, self._window.documents
        page, chat = window.documents_page, window.chat_page
        window.opened.connect(index.open)
        window.closing.connect(index.close)
        library.settings_changed.connect(index.apply_settings)
        engine.status_changed.connect(index.take_engine_status)
        conversations.documents.attachments_kept.connect(index.keep_attachments)
        conversations.documents.documents_forgotten.connect(index.forget_conversation_documents)
        page.reading_expected.connect(index.expect_documents)
        page.create_requested.connect(index.create)
        page.change_requested.connect(index.change)
        page.delete_requested.connect(index.delete)
        page.rescan_requested.connect(index.rescan)
        page.retry_requested.connect(index.retry)
        page.health_requested.connect(index.show_health)
        chat.attach_requested.connect(index.create)
        pages.restore_collection_requested.connect(index.restore)
        pages.purge_collections_requested.connect(index.purge)
        index.collections_changed.connect(pages.show_collections)
        index.progressed.connect(pages.show_progress)
        index.health_changed.connect(page.show_health)
        index.collection_deleted.connect(pages.offer_undo)
        index.failed.connect(page.show_failed)
        index.failed.connect(chat.show_index_failed)

    def _connect_vectors(self, engine: EngineWorker, library: LibraryWorker) -> None:
        window, embedding, index = self._window, self.embedding, self.index
        window.opened.connect(embedding.open)
        window.closing.connect(embedding.close)
        library.settings_changed.connect(embedding.apply_settings)
        library.library_changed.connect(embedding.take_library)
        engine.status_changed.connect(embedding.take_engine_status)
        index.embed_requested.connect(embedding.embed)
        self.retrieval.embed_requested.connect(embedding.embed)
        self.citations.embed_requested.connect(embedding.embed)
        for asker in (index, self.retrieval, self.citations):
            embedding.embedded.connect(asker.take_embedded)
            embedding.embed_failed.connect(asker.take_embed_failed)
            embedding.models_changed.connect(asker.take_embedding_models)
        embedding.models_changed.connect(window.documents_page.show_embedding_models)

    def _connect_questions(self, conversations: ConversationWorker, engine: EngineWorker) -> None:
        window, retrieval, citations = self._window, self.retrieval, self.citations
        page, chat, answers = window.documents_page, window.chat_page, conversations.documents
        window.opened.connect(retrieval.open)
        window.closing.connect(citations.close)
        self.index.index_changed.connect(retrieval.take_index_changed)
        self.index.index_changed.connect(answers.take_index_changed)
        answers.evidence_requested.connect(retrieval.find)
        answers.evidence_chosen.connect(citations.take_evidence)
        page.try_requested.connect(retrieval.find)
        page.health_requested.connect(retrieval.prepare_collection)
        conversations.conversation_shown.connect(retrieval.prepare_chat)
        retrieval.evidence_found.connect(answers.take_evidence)
        retrieval.evidence_found.connect(chat.show_evidence)
        retrieval.evidence_found.connect(page.show_evidence)
        retrieval.evidence_failed.connect(answers.refuse_evidence)
        retrieval.evidence_failed.connect(page.show_evidence_failed)
        engine.answer_started.connect(citations.take_answer_started)
        engine.answer_grew.connect(citations.take_answer_delta)
        engine.answer_finished.connect(citations.take_answer_finished)
        engine.answer_failed.connect(citations.take_answer_failed)
        citations.answer_cited.connect(answers.take_citations)
        answers.sources_changed.connect(chat.show_sources)
        answers.stop_requested.connect(engine.stop)
        answers.failed.connect(window.show_store_failed)
        chat.stop_requested.connect(answers.stop_search)
        chat.documents_requested.connect(conversations.change_documents)
        chat.closest_answer_requested.connect(conversations.answer_from_closest)
        chat.general_answer_requested.connect(conversations.answer_without_documents)

    def _connect_file_answers(self, engine: EngineWorker, library: LibraryWorker) -> None:
        window, runs, retrieval = self._window, self.file_answers, self.retrieval
        page = window.documents_page
        window.opened.connect(runs.open)
        window.closing.connect(runs.close)
        page.run_requested.connect(runs.begin)
        page.cancel_run_requested.connect(runs.cancel)
        page.forget_run_requested.connect(runs.forget)
        page.runs_requested.connect(runs.show_runs)
        page.csv_requested.connect(runs.write_csv)
        runs.file_evidence_requested.connect(retrieval.find_in_file)
        retrieval.evidence_found.connect(runs.take_evidence)
        retrieval.evidence_failed.connect(runs.refuse_evidence)
        runs.answer_requested.connect(engine.generate)
        runs.stop_requested.connect(engine.stop)
        engine.answer_grew.connect(runs.take_answer_delta)
        engine.answer_finished.connect(runs.take_answer_finished)
        engine.answer_failed.connect(runs.take_answer_failed)
        runs.advanced.connect(page.show_answers)
        runs.failed.connect(page.show_run_failed)
        runs.csv_written.connect(page.show_csv_written)
        page.load_requested.connect(engine.load)
        page.engine_requested.connect(engine.open)
        engine.status_changed.connect(page.show_engine_status)
        engine.load_advanced.connect(page.show_load_progress)
        engine.load_failed.connect(page.show_load_failed)
        engine.troubled.connect(page.show_trouble)
        library.library_changed.connect(page.show_library)

    def _connect_viewer(self) -> None:
        window, viewer = self._window, self.viewer
        window.closing.connect(viewer.close)
        # Last of all on its thread: it ends it.
        window.closing.connect(self.retrieval.close)
        shown = window.documents.viewer
        shown.page_requested.connect(viewer.show_place)
        viewer.page_shown.connect(shown.show_page)
        viewer.page_failed.connect(shown.show_page_failed)
