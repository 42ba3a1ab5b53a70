"""Scenes of the Documents page, to be looked at and to be measured."""

from dataclasses import replace

from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTabBar, QTableView

from app.core.document_events import (
    CollectionList,
    EmbeddingModels,
    EvidenceFound,
    EvidenceRequest,
    FileAnswersAdvanced,
    FileAnswersRequest,
)
from app.core.documents.collections import CollectionHealth, CollectionSummary
from app.core.documents.evidence import Evidence, FileAnswers
from app.ui.documents.page import DocumentsPage
from tests.ui.documents import samples


def collections(page: DocumentsPage) -> None:
    """Collections in every state."""
    page.show_collections(CollectionList(samples.EVERY_STATE))
    page.show_progress(samples.READING_PROGRESS)
    page.show_progress(samples.EMBEDDING_PROGRESS)


def opened(page: DocumentsPage, summary: CollectionSummary = samples.READY) -> None:
    """One collection with its files."""
    collections_of = (summary, *samples.EVERY_STATE[1:])
    page.show_embedding_models(EmbeddingModels((samples.BUILT_IN, samples.MANY)))
    page.show_collections(CollectionList(collections_of))
    page.open_collection(summary.collection.collection_id)
    page.show_health(CollectionHealth(summary.collection.collection_id, samples.FILES))
    QApplication.processEvents()


def reading(page: DocumentsPage) -> None:
    """A collection that is being read."""
    opened(page, samples.READING)
    page.show_progress(samples.READING_PROGRESS)


def german(page: DocumentsPage) -> None:
    """A collection whose language the search model does not know."""
    opened(page, samples.GERMAN)


def chosen_file(page: DocumentsPage, row: int = 0) -> None:
    """A file that cannot be read, with what to do."""
    opened(page)
    page.findChildren(QTableView)[0].selectRow(row)


def scan_help(page: DocumentsPage) -> None:
    """How to get Tesseract."""
    chosen_file(page, 6)
    for button in page.findChildren(QAbstractButton):
        if button.accessibleName() == "How to get Tesseract" and button.isVisibleTo(page):
            button.click()


def tab(page: DocumentsPage, place: int) -> None:
    """Show another view of the collection."""
    bars = [one for one in page.findChildren(QTabBar) if one.isVisibleTo(page)]
    bars[0].setCurrentIndex(place)


def tried(page: DocumentsPage, evidence: Evidence = samples.FOUND) -> None:
    """A question that was tried."""
    asked: list[EvidenceRequest] = []
    page.try_requested.connect(asked.append)
    opened(page)
    tab(page, 1)
    ask(page, "How much notice has to be given, and in writing?")
    page.show_evidence(EvidenceFound(asked[-1].request_id, evidence))
    QApplication.processEvents()


def tried_in_vain(page: DocumentsPage) -> None:
    """A question that nothing answers."""
    tried(page, samples.NOT_FOUND)


def ask(page: DocumentsPage, question: str) -> None:
    """Type a question into the field of the view, and press Enter."""
    for field in page.findChildren(QLineEdit):
        if field.isVisibleTo(page) and "question" in field.accessibleName():
            field.setText(question)
            field.returnPressed.emit()


def every_file(page: DocumentsPage, answers: FileAnswers = samples.RUN) -> None:
    """A question to every file that is being answered, and an earlier one."""
    opened(page)
    page.show_answers(FileAnswersAdvanced(samples.EARLIER))
    tab(page, 2)
    asked: list[FileAnswersRequest] = []
    page.run_requested.connect(asked.append)
    ask(page, answers.question)
    run_id = asked[-1].run_id
    page.show_answers(FileAnswersAdvanced(replace(answers, run_id=run_id)))
    QApplication.processEvents()


def every_file_done(page: DocumentsPage) -> None:
    """A question that every file has answered, with a row chosen."""
    every_file(page, samples.ENDED)
    tables = [one for one in page.findChildren(QTableView) if one.isVisibleTo(page)]
    tables[0].selectRow(1)


SCENES = (
    collections,
    opened,
    reading,
    german,
    chosen_file,
    scan_help,
    tried,
    tried_in_vain,
    every_file,
    every_file_done,
)
