"""The row above the composer with what the chat is asked from."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.core.document_events import CollectionList
from app.core.documents.collections import CollectionSummary, IndexProgress, IndexStage
from app.core.documents.evidence import AnswerMode, ChatDocuments
from app.ui.chat.attachment_words import unread_state
from app.ui.document_words import SEPARATOR, state_in_brief
from app.ui.icons import pixmap
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import ElidedLabel, breakable
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

ICON_PX = 15
CLOSE_PX = 14
SIDE_PX = 10
GAP_PX = 6
NAME_CHARS = 40


class DocumentChip(QFrame):
    """The name of a collection, what is going on with it, and a button that takes it away.

    Signals:
        removed: it is not to be asked any more; carries its id.
    """

    removed = signal_of(str)

    def __init__(self, theme: Theme, collection_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._id = collection_id
        self.setProperty("surface", "asked")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._icon = QLabel()
        self._text = ElidedLabel()
        self._close = IconButton(theme, "x", "", size_px=CLOSE_PX)
        self._close.clicked.connect(self._on_close)
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._restyle)
        self._restyle()

    def say(self, name: str, state: str) -> None:
        """Show the name and, if there is something to be said, the state."""
        short = name if len(name) <= NAME_CHARS else f"{name[:NAME_CHARS]}\u2026"
        self._text.setText(SEPARATOR.join(part for part in (short, state) if part))
        self.setToolTip(breakable(name) if short != name else "")
        self._text.updateGeometry()
        self._close.rename(self.tr("Do not ask {name}").format(name=name))

    def sizeHint(self) -> QSize:
        """Give the room for all of the text; the chip may get less."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._text.sizeHint().width(), hint.height())

    @Slot()
    def _on_close(self) -> None:
        self.removed.emit(self._id)

    @Slot()
    def _restyle(self) -> None:
        theme = self._theme
        side = theme.px(ICON_PX)
        color = theme.tokens.on_accent_soft
        self._icon.setPixmap(pixmap("file-text", color, side, self.devicePixelRatioF()))
        self._layout.setContentsMargins(theme.px(SIDE_PX), 0, theme.px(2), 0)
        self._layout.setSpacing(theme.px(GAP_PX))


class DocumentsBar(WrappingRow):
    """Shows a chip for each collection that is asked, and who answers; hidden without any.

    Signals:
        documents_chosen: the chat is to be asked from these.
        has_chips_changed: the row has come or gone.
    """

    documents_chosen = signal_of(ChatDocuments)
    has_chips_changed = signal_of(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, gap_px=GAP_PX, parent=parent)
        self._documents = ChatDocuments()
        self._known: dict[str, CollectionSummary] = {}
        self._is_list_known = False
        self._coming: dict[str, str] = {}
        self._progress: dict[str, IndexProgress] = {}
        self._chips: dict[str, DocumentChip] = {}
        self._mode = self._new_mode_button()
        self._mode.hide()
        self.add(self._mode)
        self.hide()

    @property
    def documents(self) -> ChatDocuments:
        """What is chosen."""
        return self._documents

    @property
    def collections(self) -> Mapping[str, CollectionSummary]:
        """What could be chosen, by id."""
        return self._known

    def expect(self, collection_id: str, name: str) -> None:
        """A collection has been asked for, and is not in the list yet."""
        self._coming[collection_id] = name

    def forget(self, collection_id: str) -> None:
        """A collection that was asked for does not come."""
        self._coming.pop(collection_id, None)

    def show_collections(self, listed: CollectionList) -> None:
        """Take the names and states of all collections."""
        self._is_list_known = True
        self._known = {one.collection.collection_id: one for one in listed.collections}
        for collection_id in self._known:
            self._coming.pop(collection_id, None)
        self._say_all()

    def attached(self) -> tuple[CollectionSummary, ...]:
        """Give the documents of this chat alone that are chosen."""
        known = (self._known.get(one) for one in self._documents.collection_ids)
        return tuple(one for one in known if one is not None and one.collection.is_attachment)

    def show_progress(self, progress: IndexProgress) -> None:
        """Follow the reading of a collection."""
        self._progress[progress.collection_id] = progress
        if progress.collection_id in self._chips:
            self._say(progress.collection_id)

    def show_documents(self, documents: ChatDocuments) -> None:
        """Show what is chosen now."""
        is_same_row = documents.collection_ids == self._documents.collection_ids
        self._documents = documents
        if not is_same_row:
            self._build_row()
        self._say_all()
        self.setVisible(bool(documents.collection_ids))
        self.has_chips_changed.emit(bool(documents.collection_ids))

    def _build_row(self) -> None:
        self._chips.clear()
        self.clear()
        for collection_id in self._documents.collection_ids:
            chip = DocumentChip(self._theme, collection_id, self)
            chip.removed.connect(self._remove)
            self._chips[collection_id] = chip
            self.add(chip)
        self._mode = self._new_mode_button()
        self.add(self._mode)

    def _new_mode_button(self) -> TextButton:
        button = TextButton(self._theme, "", kind="chip", parent=self)
        button.clicked.connect(self._switch_mode)
        # Whoever clicks goes on typing; the keyboard comes here by Tab.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _say_all(self) -> None:
        for collection_id in self._chips:
            self._say(collection_id)
        is_quotes = self._documents.mode is AnswerMode.QUOTES
        self._mode.say(self.tr("Quotes only") if is_quotes else self.tr("With the model"))
        self._mode.setToolTip(
            self.tr("You get the passages themselves, no model is needed. Click for an answer.")
            if is_quotes
            else self.tr("The model answers from your documents. Click for the passages alone.")
        )
        self.arrange()
        self.updateGeometry()

    def _say(self, collection_id: str) -> None:
        chip, summary = self._chips[collection_id], self._known.get(collection_id)
        if summary is not None:
            chip.say(summary.collection.name, self._state(summary))
        elif collection_id in self._coming:
            chip.say(self._coming[collection_id], self.tr("being added"))
        elif self._is_list_known:
            chip.say(self.tr("Documents"), self.tr("removed"))
        else:
            chip.say(self.tr("Documents"), "")

    def _state(self, summary: CollectionSummary) -> str:
        """What the list says, or how far the reading is, which is told more often."""
        state = state_in_brief(summary) or unread_state(summary)
        progress = self._progress.get(summary.collection.collection_id)
        if state and progress is not None and progress.stage is IndexStage.READING:
            text = self.tr("reading {n_done} of {n_files}")
            if progress.n_done < progress.n_total:
                return text.format(
                    n_done=count_text(progress.n_done), n_files=count_text(progress.n_total)
                )
        return state

    @Slot(object)
    def _remove(self, collection_id: str) -> None:
        left = tuple(one for one in self._documents.collection_ids if one != collection_id)
        self.documents_chosen.emit(ChatDocuments(left, self._documents.mode))

    @Slot()
    def _switch_mode(self) -> None:
        is_quotes = self._documents.mode is AnswerMode.QUOTES
        other = AnswerMode.MODEL if is_quotes else AnswerMode.QUOTES
        self.documents_chosen.emit(ChatDocuments(self._documents.collection_ids, other))
