"""The menu in which the documents to be asked are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.core.documents.collections import CollectionSummary
from app.core.documents.evidence import AnswerMode, ChatDocuments
from app.ui.document_words import SEPARATOR, state_in_brief
from app.worker.signal_types import signal, signal_of


class MenuCommand(StrEnum):
    """What can be chosen besides collections."""

    ATTACH = "attach"
    DOCUMENTS_PAGE = "documents_page"


@dataclass(frozen=True, slots=True)
class _CollectionChoice:
    """What an action of the menu stands for."""

    collection_id: str


class DocumentsMenu(QMenu):
    """Offers collections with check marks, who answers, and files to be added.

    Signals:
        documents_chosen: the chat is to be asked from these.
        attach_requested: files are to be chosen for this chat.
        page_requested: the page of documents is wanted.
    """

    documents_chosen = signal_of(ChatDocuments)
    attach_requested = signal()
    page_requested = signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._documents = ChatDocuments()
        self._modes: QActionGroup | None = None
        self.setAccessibleName(self.tr("Ask documents"))
        self.triggered.connect(self._on_triggered)

    def offer(self, collections: Sequence[CollectionSummary], documents: ChatDocuments) -> None:
        """Show what there is and what is chosen."""
        self.clear()
        self._documents = documents
        shown = [one for one in collections if not one.collection.is_attachment]
        if shown:
            self._add_heading(self.tr("Ask documents"))
        for summary in shown:
            self._add_collection(summary)
        self.addSeparator()
        self._add_command(self.tr("Attach files to this chat…"), MenuCommand.ATTACH)
        words = self.tr("All documents…") if shown else self.tr("Add a folder of documents…")
        self._add_command(words, MenuCommand.DOCUMENTS_PAGE)
        if documents.collection_ids:
            self.addSeparator()
            self._add_heading(self.tr("Who answers"))
            self._add_modes()

    def _add_heading(self, text: str) -> None:
        """Say what the entries below are; sections of Qt are not drawn with a style sheet."""
        self.addAction(text).setEnabled(False)

    def _add_collection(self, summary: CollectionSummary) -> None:
        name = summary.collection.name.replace("&", "&&")
        text = SEPARATOR.join(part for part in (name, state_in_brief(summary)) if part)
        action = self.addAction(text)
        action.setCheckable(True)
        action.setChecked(summary.collection.collection_id in self._documents.collection_ids)
        action.setData(_CollectionChoice(summary.collection.collection_id))

    def _add_command(self, text: str, command: MenuCommand) -> None:
        self.addAction(text).setData(command)

    def _add_modes(self) -> None:
        self._modes = QActionGroup(self)
        words = {
            AnswerMode.MODEL: self.tr("With the model"),
            AnswerMode.QUOTES: self.tr("Quotes only, no model"),
        }
        for mode, text in words.items():
            action = self.addAction(text)
            action.setCheckable(True)
            action.setChecked(mode is self._documents.mode)
            action.setData(mode)
            self._modes.addAction(action)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        data = action.data()
        chosen, mode = self._documents.collection_ids, self._documents.mode
        if isinstance(data, _CollectionChoice):
            others = tuple(one for one in chosen if one != data.collection_id)
            with_it = (*others, data.collection_id)
            self.documents_chosen.emit(
                ChatDocuments(with_it if action.isChecked() else others, mode)
            )
        elif data == MenuCommand.ATTACH:
            self.attach_requested.emit()
        elif data == MenuCommand.DOCUMENTS_PAGE:
            self.page_requested.emit()
        elif data in set(AnswerMode):
            self.documents_chosen.emit(ChatDocuments(chosen, AnswerMode(data)))
