"""Where messages are written: the composer, the drafts, and what is being sent."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import events
from app.core.conversation import Turn
from app.core.document_events import NewCollectionRequest
from app.core.documents.evidence import ChatDocuments
from app.ui.chat.composer import Composer
from app.ui.chat.document_choice import DocumentChoice
from app.ui.chat.drafts import Drafts, Edit, PendingSend
from app.ui.chat.editing_bar import EditingBar
from app.ui.chat.paste_offer import PasteOffer
from app.ui.theme import Theme
from app.ui.widgets.shrinking_area import ShrinkingArea
from app.worker.signal_types import signal, signal_of


class ComposerArea(QWidget):
    """Keeps every text that is typed until it is known to be stored, in whichever chat.

    Attributes:
        composer: the card with the text.
        documents: what the chat is asked from.

    Signals:
        send_requested: store this message and have it answered.
        draft_changed: keep what was typed.
        attach_requested: make documents of this chat of files or a text.
        documents_requested: this chat is to be asked from other documents.
        documents_page_requested: the page of documents is wanted.
    """

    send_requested = signal_of(events.SendRequest)
    draft_changed = signal_of(events.DraftRequest)
    attach_requested = signal_of(NewCollectionRequest)
    documents_requested = signal_of(events.ChatDocumentsRequest)
    documents_page_requested = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversation_id: str | None = None
        self._drafts = Drafts()
        self._edits: dict[str | None, Edit] = {}
        self._pending: PendingSend | None = None
        self._n_sent = 0
        self._editing = EditingBar(theme, self)
        self._editing.cancelled.connect(self.end_edit)
        self.composer = Composer(theme, self)
        self.composer.send_requested.connect(self._send)
        self.composer.draft_changed.connect(self._keep_draft)
        self.documents = DocumentChoice(theme, self)
        self.documents.changed.connect(self._report_documents)
        self.documents.attach_requested.connect(self.attach_requested.emit)
        self.documents.page_requested.connect(self.documents_page_requested.emit)
        self.composer.put_before(self.documents.button)
        bar_area = ShrinkingArea(theme, self.documents.bar, self)
        bar_area.hide()
        self.documents.bar.has_chips_changed.connect(bar_area.setVisible)
        self._offer = PasteOffer(theme, self)
        self._offer.accepted.connect(self._attach_pasted)
        self.composer.long_text_pasted.connect(self._offer.offer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self._editing)
        layout.addWidget(self._offer)
        layout.addWidget(bar_area)
        layout.addWidget(self.composer)
        self.setFocusProxy(self.composer)

    @property
    def is_editing(self) -> bool:
        """Whether an earlier message is being written differently."""
        return self._editing.turn_id is not None

    # --- another chat ---

    def show_chat(self, conversation_id: str | None, stored: str) -> bool:
        """Put the text typed for one chat away and take out that for another.

        Args:
            conversation_id: the chat on the screen from now on; None for one not begun.
            stored: what was typed for it when it was on the screen last.

        Returns:
            Whether it is another chat than before.
        """
        is_other = conversation_id != self._conversation_id
        if is_other:
            self._offer.drop()
            self._put_edit_away()
            self._keep_draft(self.composer.text())
            self._conversation_id = conversation_id
        elif conversation_id is not None or self.composer.text():
            return False
        self.composer.set_text(self._drafts.text(conversation_id, stored))
        return is_other

    @Slot(object)
    def _keep_draft(self, text: str) -> None:
        if not self.is_editing and self._drafts.keep(self._conversation_id, text):
            self.draft_changed.emit(events.DraftRequest(self._conversation_id, text))

    def keep_now(self) -> None:
        """Ask to store what was typed, without waiting for a pause: the window closes.

        A message that is being edited becomes part of the draft.
        """
        if (turn_id := self._editing.turn_id) is not None:
            edit = Edit(turn_id, self.composer.text())
            self.end_edit()
            self.composer.add_text(edit.text)
        self.composer.report_draft_now()

    # --- documents ---

    @Slot(object)
    def _report_documents(self, documents: ChatDocuments) -> None:
        if self._conversation_id is not None:
            request = events.ChatDocumentsRequest(self._conversation_id, documents)
            self.documents_requested.emit(request)

    @Slot(object)
    def _attach_pasted(self, text: str) -> None:
        self.composer.take_out(text)
        self.documents.attach_text(text)
        self.composer.setFocus()

    # --- sending ---

    @Slot(object)
    def _send(self, typed: str) -> None:
        """Ask to store and answer a message; it stays in the composer until it is stored."""
        text, edited_id = typed.strip("\n").rstrip(), self._editing.turn_id
        self._n_sent += 1
        chosen = self.documents.chosen
        # A chat that has begun was told of its documents when they were chosen.
        documents = chosen if self._conversation_id is None and chosen.collection_ids else None
        request = events.SendRequest(
            self._conversation_id, text, edited_id, self._n_sent, documents
        )
        self._pending = PendingSend(request, typed)
        if edited_id is None:
            self._drafts.keep(self._conversation_id, typed)
        self.composer.set_sending(is_sending=True)
        self.send_requested.emit(request)

    def settle(self, stored: events.MessageStored) -> bool:
        """Let go of the text that was sent, since it is stored.

        Returns:
            Whether the chat that it was sent from is still on the screen.
        """
        pending = self._pending
        if pending is None or pending.request.serial != stored.serial:
            return False
        self._pending = None
        self.composer.set_sending(is_sending=False)
        sent_from_id = pending.request.conversation_id
        self._drafts.drop_sent(sent_from_id, pending.typed)
        self._edits.pop(sent_from_id, None)
        if sent_from_id is None:
            self.documents.forget_new_chat()
        if sent_from_id != self._conversation_id:
            return False
        self._offer.drop()
        self.composer.clear_sent(pending.typed)
        self.end_edit()
        return True

    def refuse(self, failed: events.SendFailed) -> None:
        """Take a message back that was not stored: it is a draft again."""
        pending, self._pending = self._pending, None
        self.composer.set_sending(is_sending=False)
        sent_from_id = failed.request.conversation_id
        typed = pending.typed if pending is not None else failed.request.text
        if sent_from_id == self._conversation_id and not self.composer.text().strip():
            self.composer.set_text(failed.request.text)
        if failed.request.edited_id is None:
            self._drafts.drop_sent(sent_from_id, typed)
            if self._drafts.keep(sent_from_id, typed):
                self.draft_changed.emit(events.DraftRequest(sent_from_id, typed))

    # --- editing ---

    def edit(self, turn: Turn) -> None:
        """Put an earlier message into the composer; sending it makes another version of it."""
        if self._pending is None:
            self.composer.report_draft_now()
            self._begin_edit(Edit(turn.turn_id, turn.text))
            self.composer.setFocus()

    @Slot()
    def end_edit(self) -> None:
        """Leave the message as it is, and put back what was typed before."""
        if self.is_editing:
            self.composer.set_text(self._editing.end())

    def resume_edit(self, turn_of: Callable[[str], Turn | None]) -> None:
        """Go on editing where this chat was left, if the message is still there.

        Args:
            turn_of: gives a turn on the screen by its id.
        """
        edit = self._edits.pop(self._conversation_id, None)
        if edit is not None and turn_of(edit.turn_id) is not None:
            self._begin_edit(edit)

    def _begin_edit(self, edit: Edit) -> None:
        self._editing.begin(edit.turn_id, self.composer.text())
        self.composer.set_text(edit.text)

    def _put_edit_away(self) -> None:
        if (turn_id := self._editing.turn_id) is not None:
            self._edits[self._conversation_id] = Edit(turn_id, self.composer.text())
            self.end_edit()
