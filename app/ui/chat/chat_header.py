"""The top of a chat: the model in use, how full its memory is, and how fast it writes."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.core.conversation import Turn
from app.core.events import ConversationRequest, Library, LoadProgress, LoadRequest
from app.core.model import ModelFile
from app.core.origin import listed_paths
from app.ui.chat.answer_facts import SEPARATOR, answer_speed_text, memory_details, memory_text
from app.ui.chat.waiting import model_loading
from app.ui.engine_picture import EnginePicture
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.prose_style import interface_font
from app.worker.signal_types import signal, signal_of

HEIGHT_PX = 56
SIDE_PX = 20
NAME_PX = 15
WIDEST_NAME_PX = 300
NARROWEST_NAME_PX = 90
MENU_MODELS = 8
"""So many are offered, last used first; the others are on the page of models."""


class ChatHeader(QWidget):
    """One row; what does not fit is left out, the least important first.

    Signals:
        load_requested: another model was chosen.
        cancel_load_requested: the model being loaded is not wanted any more.
        open_file_requested: a model file is to be chosen on the disk.
        rename_requested, delete_requested: about the chat on the screen.
        models_requested: the page of models is wanted.
    """

    load_requested = signal_of(LoadRequest)
    cancel_load_requested = signal()
    open_file_requested = signal()
    rename_requested = signal_of(ConversationRequest)
    delete_requested = signal_of(ConversationRequest)
    models_requested = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._library = Library(())
        self._model: ModelFile | None = None
        self._is_loading = False
        self._is_starting = True
        self._loading: LoadProgress | None = None
        self._has_badge = False
        self._button = TextButton(theme, "", "chevron-down", kind="quiet")
        self._button.clicked.connect(self.open_menu)
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._on_chosen)
        self._badge = Badge("", Tone.WARN)
        self._cancel = IconButton(theme, "x", self.tr("Stop getting this model ready"))
        self._cancel.clicked.connect(self._cancel_load)
        self._cancel.hide()
        self._memory = label("", "faint")
        self._speed = label("", "faint")
        self._conversation_id: str | None = None
        self._more = self._more_button()
        self._layout = layout = QHBoxLayout(self)
        layout.setSpacing(theme.px(6))
        layout.addWidget(self._button)
        layout.addWidget(self._badge)
        layout.addWidget(self._cancel)
        layout.addStretch(1)
        layout.addWidget(self._memory)
        layout.addWidget(self._speed)
        layout.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._show_model()

    def _more_button(self) -> IconButton:
        """Give the menu of what can be done with the chat."""
        button = IconButton(self._theme, "ellipsis", self.tr("More for this chat"))
        menu = QMenu(button)
        menu.addAction(self.tr("Rename")).triggered.connect(self._rename)
        menu.addAction(self.tr("Delete chat")).triggered.connect(self._delete)
        button.setMenu(menu)
        button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        button.hide()
        return button

    def show_chat(self, conversation_id: str | None) -> None:
        """Offer what can be done with a chat; None for one not begun."""
        self._conversation_id = conversation_id
        self._more.setVisible(conversation_id is not None)
        self._fit()

    def show_library(self, library: Library) -> None:
        """Offer these models."""
        self._library = library
        self._show_model()

    def show_engine(self, engine: EnginePicture) -> None:
        """Name the model in use, or the one being loaded."""
        self._model = engine.status.model if engine.status is not None else None
        self._is_starting, self._is_loading = engine.is_starting, engine.is_loading
        self._loading = engine.loading
        self._show_model()

    def show_measurement(self, turn: Turn | None) -> None:
        """Show how full the memory was after an answer and how fast it was written."""
        measured = turn.measurement if turn is not None else None
        self._memory.setText(memory_text(measured) if measured else "")
        self._memory.setToolTip(memory_details(measured) if measured else "")
        speed = answer_speed_text(turn) if turn is not None else ""
        self._speed.setText(SEPARATOR.strip() + " " + speed if speed else "")
        self._speed.setToolTip(self.tr("How fast the last answer was written"))
        self._fit()

    @Slot()
    def open_menu(self) -> None:
        """Let the user choose a model."""
        self._fill_menu()
        edge = self._button.rect()
        corner = edge.bottomRight() if self.isRightToLeft() else edge.bottomLeft()
        self._menu.popup(self._button.mapToGlobal(corner))

    def _show_model(self) -> None:
        is_starter = (
            self._model is not None
            and self._library.starter is not None
            and self._model.path == self._library.starter.path
        )
        if self._is_loading:
            self._badge.say(model_loading(self._loading).text, Tone.NEUTRAL)
            self._badge.setToolTip("")
        else:
            self._badge.say(self.tr("Tiny, often wrong"), Tone.WARN)
            self._badge.setToolTip(
                self.tr("Starter is there so that everything can be tried at once.")
            )
        self._has_badge = is_starter or self._is_loading
        self._fit()

    def _name(self) -> str:
        if self._model is not None:
            return self._model.display_name
        if self._is_starting:
            return self.tr("Getting ready…")
        return self.tr("Choose a model")

    def _fill_menu(self) -> None:
        """List the models as they are known now."""
        self._menu.clear()
        offered = self._library.models[:MENU_MODELS]
        names = Counter(model.display_name for model in offered)
        used = self._model.path if self._model is not None else None
        if used is not None and all(model.path != used for model in offered):
            # It is listed under the path of another copy.
            used = listed_paths(self._library.origins).get(used)
        for model in offered:
            name = model.display_name.replace("&", "&&").replace("\t", " ")
            if names[model.display_name] > 1 and model.quantization:
                name = f"{name} ({model.quantization})"
            action = self._menu.addAction(f"{name}\t{bytes_text(model.size_bytes)}")
            action.setCheckable(True)
            action.setChecked(model.path == used)
            action.setData(str(model.path))
        if self._library.models:
            self._menu.addSeparator()
        self._menu.addAction(self.tr("Open a model file…")).triggered.connect(self._open_file)
        self._menu.addAction(self.tr("All models")).triggered.connect(self._show_models)

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        """Ask for the model that was chosen; the engine leaves one that is in use alone."""
        if path := action.data():
            self.load_requested.emit(LoadRequest(Path(str(path))))

    @Slot()
    def _rename(self) -> None:
        if self._conversation_id is not None:
            self.rename_requested.emit(ConversationRequest(self._conversation_id))

    @Slot()
    def _delete(self) -> None:
        if self._conversation_id is not None:
            self.delete_requested.emit(ConversationRequest(self._conversation_id))

    @Slot()
    def _cancel_load(self) -> None:
        self.cancel_load_requested.emit()

    @Slot()
    def _open_file(self) -> None:
        self.open_file_requested.emit()

    @Slot()
    def _show_models(self) -> None:
        self.models_requested.emit()

    @Slot()
    def _restyle(self) -> None:
        # The arrow that opens the menu stands behind the name.
        is_mirrored = self.isRightToLeft()
        self._button.setLayoutDirection(
            Qt.LayoutDirection.LeftToRight if is_mirrored else Qt.LayoutDirection.RightToLeft
        )
        self._button.setFont(interface_font(self._theme, NAME_PX, QFont.Weight.DemiBold))
        self.setFixedHeight(self._theme.px(HEIGHT_PX))
        side = self._theme.px(SIDE_PX)
        self._layout.setContentsMargins(side - self._theme.px(8), 0, side, 0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit any more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show what there is room for: the name first, the speed last."""
        name = self._name()
        metrics = QFontMetrics(self._button.font())
        room = self.width() - 2 * self._theme.px(SIDE_PX) - self._theme.px(60)
        if not self._more.isHidden():
            room -= self._more.sizeHint().width() + self._layout.spacing()
        wanted = min(metrics.horizontalAdvance(name) + 1, self._theme.px(WIDEST_NAME_PX))
        left = room - wanted
        for widget, is_wanted in (
            (self._cancel, self._is_loading),
            (self._badge, self._has_badge),
            (self._memory, bool(self._memory.text())),
            (self._speed, bool(self._speed.text())),
        ):
            needed = widget.sizeHint().width() + self._layout.spacing()
            fits = is_wanted and needed <= left
            widget.setVisible(fits)
            left -= needed if fits else 0
        name_px = max(min(wanted, room), self._theme.px(NARROWEST_NAME_PX))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_px)
        self._button.say(shown.replace("&", "&&"))
        self._button.setAccessibleName(self.tr("Model: {name}").format(name=name))
