"""Settings: the table in `core/settings.py` as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QShowEvent

from app.core import events
from app.core.hub_events import LedgerShown, NetworkState, TokenAnswer, TokenRequest
from app.core.settings import SettingGroup
from app.ui.theme import Theme
from app.ui.widgets.page_column import PageColumn
from app.worker.signal_types import signal, signal_of

if TYPE_CHECKING:
    from app.ui.settings.cards import SettingsCards


@dataclass(slots=True)
class _Known:
    """What was said before there were cards to show it."""

    settings: events.SettingsChanged | None = None
    loaded: events.LoadedModel | None = None
    network: NetworkState | None = None


class SettingsPage(PageColumn):
    """All settings, one card for each group; every change applies at once.

    Signals:
        setting_changed: the user chose a value.
        reload_requested: load the model again with the new settings.
        data_folder_requested: show the folder with the user's data.
        computer_requested: show what this computer has.
        ledger_requested, ledger_clear_requested: tell what went over the network; forget it.
        token_entered: keep this token, or forget the one that is kept.
        token_page_requested: show the page on which tokens are made.
    """

    setting_changed = signal_of(events.SettingRequest)
    reload_requested = signal()
    data_folder_requested = signal()
    computer_requested = signal()
    ledger_requested = signal()
    ledger_clear_requested = signal()
    token_entered = signal_of(TokenRequest)
    token_page_requested = signal()

    def __init__(self, theme: Theme, data_folder: Path) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            theme,
            translate("SettingsPage", "Settings"),
            translate("SettingsPage", "Every change applies at once."),
        )
        self._data_folder = data_folder
        self._known = _Known()
        self._begun: SettingsCards | None = None
        self._made: SettingsCards | None = None

    @property
    def _cards(self) -> "SettingsCards":
        if self._made is None:
            for _ in self._steps():
                pass
            self._made = self._filled()
        return self._made

    def _filled(self) -> "SettingsCards":
        """Show in all cards what was said before."""
        cards, known = self._begun or self._new_cards(), self._known
        if known.settings is not None:
            cards.show_settings(known.settings)
        if known.loaded is not None:
            cards.show_engine(known.loaded)
        if known.network is not None:
            cards.network.show_network(known.network)
        return cards

    def _steps(self) -> Iterator[None]:
        """Make the cards one by one; go on where it was left."""
        if self._begun is None:
            self._begun = self._new_cards()
            yield
        while self._begun.make_next():
            yield

    def warm_up(self) -> Iterator[None]:
        """Make what will be shown, in steps for idle moments."""
        from app.ui.settings import cards  # noqa: F401, PLC0415 - at every start otherwise

        yield
        yield from self._steps()
        _ = self._cards

    def showEvent(self, event: QShowEvent) -> None:
        """Make what is looked at."""
        super().showEvent(event)
        _ = self._cards

    def _new_cards(self) -> "SettingsCards":
        from app.ui.settings.cards import (  # noqa: PLC0415 - at every start otherwise
            SettingsCards,
        )

        cards = SettingsCards(self._theme, self.column, self._data_folder, self)
        cards.setting_changed.connect(self.setting_changed.emit)
        cards.reload_requested.connect(self.reload_requested.emit)
        cards.data_folder_requested.connect(self.data_folder_requested.emit)
        cards.computer_requested.connect(self.computer_requested.emit)
        cards.ledger_requested.connect(self.ledger_requested.emit)
        cards.ledger_clear_requested.connect(self.ledger_clear_requested.emit)
        cards.token_entered.connect(self.token_entered.emit)
        cards.token_page_requested.connect(self.token_page_requested.emit)
        return cards

    def keep_changes_now(self) -> None:
        """Take what was just typed, without waiting for a pause."""
        if self._made is not None:
            self._made.keep_changes_now()

    @Slot(object)
    def show_settings(self, changed: events.SettingsChanged) -> None:
        """Show the values in force."""
        self._known.settings = changed
        if self._made is not None:
            self._made.show_settings(changed)

    @Slot(object)
    def show_engine(self, loaded: events.LoadedModel) -> None:
        """Show how the model in use was loaded."""
        self._known.loaded = loaded
        if self._made is not None:
            self._made.show_engine(loaded)

    @Slot(object)
    def show_network(self, state: NetworkState) -> None:
        """Show whether the network may be used, and what went over it today."""
        self._known.network = state
        if self._made is not None:
            self._made.network.show_network(state)

    @Slot(object)
    def show_ledger(self, shown: LedgerShown) -> None:
        """Show what went over the network."""
        self._cards.network.show_ledger(shown)

    @Slot(object)
    def show_token_answer(self, answer: TokenAnswer) -> None:
        """Say whether a token was accepted."""
        self._cards.network.token.show_answer(answer)

    @Slot(object)
    def show_stayed_offline(self, asked: object) -> None:
        """Wait no longer for an answer about a token: the user did not want to ask."""
        if isinstance(asked, TokenRequest):
            self._cards.network.token.show_not_asked()

    def show_network_card(self) -> None:
        """Bring what there is about the network into view."""
        self.scroll_to(self._cards.group_card(SettingGroup.NETWORK))
        self._cards.network.focus_switch()

    def show_token_form(self) -> None:
        """Bring the field for a token into view."""
        self.scroll_to(self._cards.group_card(SettingGroup.NETWORK))
        self._cards.network.token.focus_first()

    def show_downloads_card(self) -> None:
        """Bring what there is about downloads into view, the folder for them foremost."""
        self.scroll_to(self._cards.group_card(SettingGroup.DOWNLOADS))
        self._cards.last_row(SettingGroup.DOWNLOADS).focus_control()
