"""What stands above the list of models to be found: title, this computer, search and filters."""

from PySide6.QtCore import QRect, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import Failure
from app.ui.catalogue.card_place import column_rect
from app.ui.catalogue.computer_strip import ComputerStrip
from app.ui.catalogue.filter_chips import FilterChips
from app.ui.catalogue.find_listing import HubSearch
from app.ui.catalogue.notice_card import Choices, NoticeCard
from app.ui.catalogue.view_switch import ModelsViewKey, ViewSwitch
from app.ui.messages import action_words, message_for
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.search_field import SearchField
from app.ui.widgets.text_safety import visible_text
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_button import WrappingButton
from app.worker.signal_types import signal, signal_of

LONGEST_QUERY_CHARS = 200
ABOVE_PX = 28
"""As on the other pages, whose margins do not grow with the text."""
LONGEST_SHOWN_CHARS = 60
"""Of a query on the button that asks the Hub."""


class FindHead(QWidget):
    """Scrolls with the list, so that small windows have room for models.

    Signals:
        filter_changed: other models are wanted.
        search_asked: search all of the Hub for the words in the field.
        stop_asked: the search is not wanted any more.
        notice_chosen: the button of a failure was pressed; carries its key.
        left_downwards: the keyboard is to go on in the list.
        open_file_requested: pick a model file.

    Attributes:
        switch: says which view of the page this is.
        strip: what this computer can do.
        chips: the filters.
        field: the search.
    """

    filter_changed = signal()
    search_asked = signal()
    stop_asked = signal()
    notice_chosen = signal_of(str)
    left_downwards = signal()
    open_file_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_running = False
        self.switch = ViewSwitch(theme, ModelsViewKey.FIND)
        self.strip = ComputerStrip(theme)
        self.chips = FilterChips(theme)
        self.field = SearchField(theme, self.tr("Search models"))
        self.field.setMaxLength(LONGEST_QUERY_CHARS)
        self._ask = WrappingButton(theme, "", "search")
        self._state = FlowingLabel("", "dim")
        self._notice = NoticeCard(theme)
        self._opening = TextButton(theme, self.tr("Open a model file…"), "folder-open")
        self._lay_out()
        self._connect()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_search("", HubSearch(), 0)

    def _lay_out(self) -> None:
        titles_part, line = QWidget(), QWidget()
        titles = QVBoxLayout(titles_part)
        titles.setContentsMargins(0, 0, 0, 0)
        titles.setSpacing(2)
        titles.addWidget(label(self.tr("Models"), "title", wraps=True))
        titles.addWidget(
            label(
                self.tr("Pick one. It is downloaded once and then works without internet."),
                "dim",
                wraps=True,
            )
        )
        asking = QHBoxLayout(line)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.addWidget(self._state, 1)
        self._line = line
        self._inner = QVBoxLayout(self)
        for part in (
            TwoEndsRow(titles_part, self._opening),
            self.switch,
            self.strip,
            self.field,
            self.chips,
            self._ask,
            self._line,
            self._notice,
        ):
            self._inner.addWidget(part)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_text)
        self.field.entered.connect(self._on_ask)
        self.field.left_downwards.connect(self.left_downwards.emit)
        self.chips.changed.connect(self.filter_changed.emit)
        self._ask.clicked.connect(self._on_button)
        self._notice.chosen.connect(self.notice_chosen.emit)
        self._opening.clicked.connect(self._on_open)

    @property
    def query(self) -> str:
        """The words in the field."""
        return " ".join(visible_text(self.field.text()).split())

    def show_search(self, query: str, search: HubSearch, n_found: int) -> None:
        """Offer to search the Hub for `query`, or say how such a search is doing.

        Args:
            query: the words in the field.
            search: the last search.
            n_found: models that it found and that are shown below.
        """
        is_this = bool(query) and search.query == query
        self._is_running = is_this and search.is_running and search.page == 0
        is_done = is_this and not search.is_running and search.failure is None
        self._ask.setVisible(bool(query) and not is_done)
        self._show_button(query)
        text = ""
        if self._is_running:
            text = self.tr("Hugging Face is being asked…")
        elif is_done and n_found:
            text = self.tr("{n} found on Hugging Face, below.").format(n=count_text(n_found))
        self._state.setText(text)
        self._line.setVisible(bool(text))
        failure = search.failure if is_this and search.page == 0 else None
        self._show_failure(failure)

    def _show_button(self, query: str) -> None:
        if self._is_running:
            self._ask.change_icon("square")
            self._ask.say(self.tr("Stop searching"))
            return
        shown = query
        if len(query) > LONGEST_SHOWN_CHARS:
            shown = f"{query[:LONGEST_SHOWN_CHARS]}…"
        words = self.tr("Search all of Hugging Face for “{query}”").format(query=shown)
        self._ask.change_icon("search")
        # Qt takes what follows a single "&" for a key.
        self._ask.say(words.replace("&", "&&"))
        self._ask.setAccessibleName(words)

    def _show_failure(self, failure: Failure | None) -> None:
        if failure is None:
            self._notice.say_nothing()
            return
        message = message_for(failure)
        choices: Choices = ()
        if message.action is not None:
            choices = ((message.action.value, action_words(message.action)),)
        text = f"{message.what_happened} {message.what_to_do}"
        self._notice.say(Tone.BAD, message.title, text, choices)

    @Slot(str)
    def _on_text(self, _text: str) -> None:
        """Filter as the user types; nothing is asked of the Hub."""
        self.filter_changed.emit()

    @Slot()
    def _on_ask(self) -> None:
        """Enter was pressed in the field."""
        if self.query and not self._is_running:
            self.search_asked.emit()

    @Slot()
    def _on_button(self) -> None:
        """The button was pressed."""
        if self._is_running:
            self.stop_asked.emit()
        else:
            self.search_asked.emit()

    @Slot()
    def _on_open(self) -> None:
        """A file is to be picked."""
        self.open_file_requested.emit()

    def height_px(self, width: int) -> int:
        """Give how high it is at a width; its column is as wide as that of the cards."""
        column = column_rect(self._theme, QRect(0, 0, width, 1))
        self._inner.setContentsMargins(column.left(), ABOVE_PX, width - column.right() - 1, 4)
        self._inner.activate()
        return self._inner.totalHeightForWidth(width)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._inner.setSpacing(self._theme.px(10))
