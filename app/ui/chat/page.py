"""The page on which the user talks with a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.core import events
from app.core.document_events import (
    AnswerCited,
    CollectionList,
    EvidenceFound,
    IndexFailed,
    NewCollectionRequest,
)
from app.core.documents.collections import IndexProgress
from app.core.documents.evidence import DocumentPlace
from app.core.errors import Failure
from app.core.settings import SettingKey
from app.ui.chat.attachment_words import unkept_trouble, unread_trouble
from app.ui.chat.chat_notices import Choice, NoticeChoice
from app.ui.chat.page_frame import ChatFrame
from app.ui.engine_picture import EnginePicture
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.answer_view import LinkActivated
from app.worker.signal_types import signal, signal_of


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """The user wants to follow a link in an answer; nothing is opened without asking."""

    url: str


class ChatPage(ChatFrame):
    """Header, turns and composer of one chat, or of one not begun.

    It shows what it is told and asks for everything else. What is typed stays until it is known
    to be stored.

    Signals:
        send_requested: store this message and have it answered.
        stop_requested: end this answer.
        regenerate_requested, sibling_requested, delete_turn_requested: about one turn.
        answer_again_requested: answer the last message, which has no answer.
        forget_requested: older messages may leave the model's memory.
        draft_changed: keep what was typed.
        load_requested: load this model.
        cancel_load_requested: give up the model being loaded.
        engine_requested: start the engine again after it was given up.
        conversation_requested: show another chat.
        rename_requested, delete_requested: about the chat on the screen.
        open_file_requested, models_requested, new_chat_requested, data_folder_requested: the
            window is asked for it.
        link_requested: a link was chosen.
        attach_requested: make documents of this chat of files or a text.
        documents_requested: this chat is to be asked from other documents.
        documents_page_requested: the page of documents is wanted.
        place_requested: a page of a document is to be opened.
        closest_answer_requested, general_answer_requested: answer from the closest passages, or
            without documents, as another version of this turn.
    """

    send_requested = signal_of(events.SendRequest)
    stop_requested = signal_of(events.StopRequest)
    regenerate_requested = signal_of(events.TurnRequest)
    sibling_requested = signal_of(events.TurnRequest)
    delete_turn_requested = signal_of(events.TurnRequest)
    answer_again_requested = signal_of(events.ConversationRequest)
    forget_requested = signal_of(events.ConversationRequest)
    draft_changed = signal_of(events.DraftRequest)
    load_requested = signal_of(events.LoadRequest)
    cancel_load_requested = signal()
    engine_requested = signal()
    conversation_requested = signal_of(events.ConversationRequest)
    rename_requested = signal_of(events.ConversationRequest)
    delete_requested = signal_of(events.ConversationRequest)
    open_file_requested = signal()
    models_requested = signal()
    new_chat_requested = signal()
    data_folder_requested = signal()
    link_requested = signal_of(LinkRequest)
    attach_requested = signal_of(NewCollectionRequest)
    documents_requested = signal_of(events.ChatDocumentsRequest)
    documents_page_requested = signal()
    place_requested = signal_of(DocumentPlace)
    closest_answer_requested = signal_of(events.TurnRequest)
    general_answer_requested = signal_of(events.TurnRequest)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._engine = EnginePicture()
        self._library = events.Library(())
        self._documents = self.composer_area.documents
        # Why something could not be added to a chat, until that chat is on the screen.
        self._unkept: dict[str, Failure] = {}
        self._connect()

    def _connect(self) -> None:
        chat, composer, header = self._chat, self._composer, self._header
        header.load_requested.connect(self._load)
        header.cancel_load_requested.connect(self.cancel_load_requested.emit)
        header.open_file_requested.connect(self.open_file_requested.emit)
        header.models_requested.connect(self.models_requested.emit)
        self._notices.chosen.connect(self._on_notice_chosen)
        self._notices.action_requested.connect(self._take_action)
        self._notices.closed.connect(self._on_notice_closed)
        chat.turns_changed.connect(self._on_turns_changed)
        chat.edit_requested.connect(self._edit)
        chat.action_requested.connect(self._take_action)
        chat.conversation_requested.connect(self.conversation_requested.emit)
        header.rename_requested.connect(self.rename_requested.emit)
        header.delete_requested.connect(self.delete_requested.emit)
        chat.regenerate_requested.connect(self.regenerate_requested.emit)
        chat.sibling_requested.connect(self.sibling_requested.emit)
        chat.delete_requested.connect(self.delete_turn_requested.emit)
        chat.answer_again_requested.connect(self.answer_again_requested.emit)
        chat.stop_requested.connect(self.stop_requested.emit)
        chat.model_wanted.connect(header.open_menu)
        chat.link_activated.connect(self._request_link)
        chat.place_requested.connect(self.place_requested.emit)
        chat.closest_answer_requested.connect(self.closest_answer_requested.emit)
        chat.general_answer_requested.connect(self.general_answer_requested.emit)
        chat.example_chosen.connect(composer.add_text)
        chat.focus_left.connect(self.focus_composer)
        self.composer_area.send_requested.connect(self._send)
        self.composer_area.draft_changed.connect(self.draft_changed.emit)
        self.composer_area.attach_requested.connect(self.attach_requested.emit)
        self.composer_area.documents_requested.connect(self.documents_requested.emit)
        self.composer_area.documents_page_requested.connect(self.documents_page_requested.emit)
        self._documents.shown.connect(self._on_documents_shown)
        self._documents.attach_requested.connect(self._on_attach)
        composer.send_blocked.connect(self._footnote.explain_blocked)
        composer.stop_requested.connect(self.stop)

    # --- what the window asks for ---

    @property
    def conversation_id(self) -> str | None:
        """The chat on the screen; None if it has not begun."""
        return self._chat.conversation_id

    @Slot()
    def show_new_chat(self, draft: str = "") -> None:
        """Show a chat not begun, with what was typed for it before."""
        self._change_chat(None, draft)
        self._documents.show_new_chat()
        self._chat.show_new()
        self._tell_unkept()

    @Slot()
    def stop(self) -> None:
        """Stop the answer that is being written on the screen, or else give up editing."""
        if self._chat.writing_turn is not None:
            self._chat.stop()
        else:
            self.composer_area.end_edit()

    @Slot()
    def copy_last_answer(self) -> None:
        """Put the newest answer on the clipboard."""
        self._chat.copy_last_answer()

    @Slot()
    def focus_composer(self) -> None:
        """Let the user type."""
        self._composer.setFocus()

    def keep_draft_now(self) -> None:
        """Ask to store what was typed, without waiting for a pause."""
        self.composer_area.keep_now()

    # --- sending ---

    @Slot(object)
    def _send(self, request: events.SendRequest) -> None:
        self._notices.drop_send_failed()
        self._notices.drop_question()
        self.send_requested.emit(request)

    def settle_send(self, stored: events.MessageStored) -> bool:
        """Let go of the text that was sent; say whether its chat is still on the screen."""
        return self.composer_area.settle(stored)

    @Slot(object)
    def refuse_send(self, failed: events.SendFailed) -> None:
        """Say that a message was not stored; its text is in the composer as before."""
        self.composer_area.refuse(failed)
        self._notices.show_send_failed(failed)

    @Slot(object)
    def _edit(self, turn_id: str) -> None:
        if (turn := self._chat.turn(turn_id)) is not None:
            self.composer_area.edit(turn)

    def _change_chat(self, conversation_id: str | None, stored: str) -> None:
        """Leave what is only about the chat before."""
        if self.composer_area.show_chat(conversation_id, stored):
            self._notices.drop_question()
            self._notices.drop_send_failed()
            self._notices.drop_unkept()

    # --- conversations and answers ---

    @Slot(object)
    def show_conversation(self, shown: events.ShownConversation) -> None:
        """Show a chat that was opened or has changed."""
        conversation = shown.conversation
        self._change_chat(conversation.conversation_id, conversation.draft)
        self._documents.show_chat(conversation.documents)
        self._chat.show_conversation(shown)
        self.composer_area.resume_edit(self._chat.turn)
        self._tell_unkept()

    def expect_conversation(self, request: events.ConversationRequest) -> None:
        """Know which turn is to be seen once a chat that was asked for is shown."""
        self._chat.expect(request)

    @Slot()
    def _on_turns_changed(self) -> None:
        is_answering = self._chat.writing_turn is not None
        self._composer.set_answering(is_answering=is_answering)
        self._header.show_chat(self.conversation_id)
        self._header.show_measurement(self._chat.last_measured)

    @Slot(object)
    def start_answer(self, started: events.AnswerStarted) -> None:
        """The engine has taken an answer up."""
        self._chat.start_answer(started)

    @Slot(object)
    def show_reading(self, progress: events.ReadingProgress) -> None:
        """Say how much of the prompt is read."""
        self._chat.show_reading(progress)

    @Slot(object)
    def append_answer(self, delta: events.AnswerDelta) -> None:
        """Show new words of an answer."""
        self._chat.append_answer(delta)

    @Slot(object)
    def finish_answer(self, finished: events.AnswerFinished) -> None:
        """Show the end of an answer."""
        self._chat.finish_answer(finished)

    @Slot(object)
    def fail_answer(self, failed: events.AnswerFailed) -> None:
        """Show that an answer ended in an error."""
        self._chat.fail_answer(failed)

    @Slot(object)
    def ask_to_forget(self, full: events.MemoryFull) -> None:
        """Ask before the model forgets the oldest messages."""
        self._chat.take_back(full.answer_id)
        if full.conversation_id == self.conversation_id:
            self._notices.ask_to_forget(full)
            self._chat.set_has_question(has_question=True)

    # --- documents ---

    @Slot(object)
    def show_collections(self, listed: CollectionList) -> None:
        """Offer these collections."""
        self._documents.show_collections(listed)

    @Slot(object)
    def _on_attach(self, _request: NewCollectionRequest) -> None:
        """What could not be added before is no longer the news."""
        self._notices.drop_unkept()

    @Slot()
    def _on_documents_shown(self) -> None:
        """Follow what the chat is asked from, and what is the matter with it."""
        attached = self._documents.bar.attached()
        self._notices.show_unread(unread_trouble(attached))
        has_documents = bool(self._documents.chosen.collection_ids)
        self._composer.set_asks_documents(asks_documents=has_documents)
        self._footnote.set_asks_documents(asks_documents=has_documents)
        self._chat.set_asks_documents(asks_documents=has_documents)

    @Slot(object)
    def show_index_failed(self, failed: IndexFailed) -> None:
        """Say that something could not be made a document of the chat that it was dropped on."""
        self._unkept[failed.attachment_id] = failed.failure
        self._tell_unkept()

    def _tell_unkept(self) -> None:
        """Give the chat on the screen back what could not be added to it."""
        for collection_id in self._documents.chosen.collection_ids:
            failure = self._unkept.pop(collection_id, None)
            if failure is None:
                continue
            request = self._documents.take_back(collection_id)
            if request is None:
                continue
            if request.pasted_text:
                self._composer.add_text(request.pasted_text)
            self._notices.show_unkept(unkept_trouble(request, failure))

    @Slot(object)
    def show_index_progress(self, progress: IndexProgress) -> None:
        """Say how far the reading of a collection is."""
        self._documents.show_progress(progress)

    @Slot(object)
    def show_evidence(self, found: EvidenceFound) -> None:
        """The documents were searched for an answer; now it waits for the model."""
        self._chat.show_evidence(found.request_id)

    @Slot(object)
    def show_sources(self, cited: AnswerCited) -> None:
        """Show what the sentences of an answer rest on."""
        self._chat.show_sources(cited)

    @Slot(object)
    def choose_collection(self, collection_id: str) -> None:
        """Ask this collection in the chat on the screen."""
        self._documents.choose_only(collection_id)

    def attach_paths(self, paths: Sequence[Path]) -> None:
        """Make documents of this chat of files and folders."""
        self._documents.attach_paths(paths)

    # --- engine and models ---

    @Slot(object)
    def show_engine_status(self, status: events.EngineStatus) -> None:
        """Follow what the engine is doing."""
        self._engine = self._engine.with_status(status)
        if status.state in {events.EngineState.READY, events.EngineState.BUSY}:
            self._notices.drop_trouble()
        self._show_engine()

    @Slot(object)
    def show_load_progress(self, progress: events.LoadProgress) -> None:
        """Say how far the model being loaded is."""
        self._engine = replace(self._engine, loading=progress)
        self._show_engine()

    @Slot(object)
    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """A model is ready."""
        self._notices.show_loaded(loaded)

    @Slot(object)
    def show_load_failed(self, failed: events.LoadFailed) -> None:
        """Say why a model could not be loaded."""
        self._notices.show_load_failed(failed)

    @Slot(object)
    def show_trouble(self, trouble: events.EngineTrouble) -> None:
        """Say that the engine has ended."""
        self._engine = replace(self._engine, is_given_up=not trouble.is_restarting)
        self._notices.show_trouble(trouble)
        self._show_engine()

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Offer these models."""
        self._library = library
        self._header.show_library(library)
        self._show_engine()

    def _show_engine(self) -> None:
        status, starter = self._engine.status, self._library.starter
        model = status.model if status is not None else None
        is_starter = model is not None and starter is not None and model.path == starter.path
        self._header.show_engine(self._engine)
        self._chat.show_model(model, is_starter=is_starter)
        self._chat.show_engine(self._engine)

    @Slot(object)
    def apply_settings(self, changed: events.SettingsChanged) -> None:
        """Follow the setting of the key that sends."""
        self._composer.set_enter_sends(enter_sends=bool(changed.values[SettingKey.ENTER_SENDS]))

    def drop_load_notice(self) -> None:
        """Another model was chosen: what was said of the last load is past."""
        self._notices.drop_load_notice()

    @Slot(object)
    def _load(self, request: events.LoadRequest) -> None:
        self.drop_load_notice()
        self.load_requested.emit(request)

    @Slot(object)
    def _request_link(self, link: LinkActivated) -> None:
        self.link_requested.emit(LinkRequest(link.url))

    # --- notices ---

    @Slot(object)
    def _on_notice_chosen(self, chosen: NoticeChoice) -> None:
        """Do what the button of a notice says."""
        match chosen.choice:
            case Choice.FORGET if self.conversation_id is not None:
                self.forget_requested.emit(events.ConversationRequest(self.conversation_id))
            case Choice.START_ENGINE:
                self.engine_requested.emit()
            case Choice.LOAD_AGAIN if chosen.path is not None:
                self._load(events.LoadRequest(chosen.path))
            case Choice.SEND_AGAIN:
                self._composer.send()
            case _:
                pass

    @Slot(object)
    def _take_action(self, action: Action) -> None:
        """Do what the button of a message says."""
        match action:
            case Action.CHOOSE_MODEL_FILE:
                self.open_file_requested.emit()
            case Action.SHOW_MODELS:
                self.models_requested.emit()
            case Action.NEW_CHAT:
                self.new_chat_requested.emit()
            case Action.OPEN_DATA_FOLDER:
                self.data_folder_requested.emit()
            case Action.SHOW_DOCUMENTS | Action.OCR_HELP | Action.CHOOSE_EMBEDDING_MODEL:
                self.documents_page_requested.emit()
            case _:
                # What is to be tried again is only known where the message stands; what is
                # about the network is never said in a chat.
                pass

    @Slot()
    def _on_notice_closed(self) -> None:
        self._chat.set_has_question(has_question=self._notices.asks_to_forget)
