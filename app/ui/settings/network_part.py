"""Whether the internet may be used, what went over it, and the token for it."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.core.events import SettingRequest
from app.core.hub_events import LedgerShown, NetworkState, TokenRequest
from app.core.network import HUB_HOST
from app.core.settings import SettingKey
from app.ui.network_words import traffic_sentence
from app.ui.settings.ledger_dialog import LedgerDialog
from app.ui.settings.token_form import TokenForm
from app.ui.theme import Theme
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_button import WrappingButton
from app.worker.signal_types import signal, signal_of


class NetworkPart(QWidget):
    """The upper part of the card about the network.

    Attributes:
        token: the form for the token.

    Signals:
        setting_changed: the switch was turned.
        ledger_requested, ledger_clear_requested: tell what the list says; empty it.
        token_entered: keep this token, or forget the one that is kept.
        token_page_requested: show the page on which tokens are made.
    """

    setting_changed = signal_of(SettingRequest)
    ledger_requested = signal()
    ledger_clear_requested = signal()
    token_entered = signal_of(TokenRequest)
    token_page_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = NetworkState(is_offline=True)
        self._ledger: LedgerDialog | None = None
        title = self.tr("Use the internet when I ask for it")
        self._explanation = label("", "dim", wraps=True)
        self._switch = QCheckBox()
        self._switch.setAccessibleName(title)
        self._explain(HUB_HOST)
        self._switch.toggled.connect(self._on_switched)
        heading = label(title, "strong", wraps=True)
        heading.setBuddy(self._switch)
        self._today = FlowingLabel(traffic_sentence(self._state))
        self._show_ledger = WrappingButton(theme, self.tr("What went over the network"), "list")
        self._show_ledger.clicked.connect(self._on_ledger)
        self.token = TokenForm(theme)
        self.token.token_entered.connect(self.token_entered.emit)
        self.token.token_page_requested.connect(self.token_page_requested.emit)
        named = (self._show_ledger.accessibleName(), self.token.title)
        self._words = " ".join((title, self._explanation.text(), *named))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(TwoEndsRow(heading, self._switch))
        layout.addWidget(self._explanation)
        layout.addSpacing(4)
        layout.addWidget(TwoEndsRow(self._today, self._show_ledger))
        layout.addSpacing(8)
        layout.addWidget(self.token)

    def matches(self, wanted: str) -> bool:
        """Say whether it speaks of `wanted`."""
        return wanted.lower() in self._words.lower()

    def focus_switch(self) -> None:
        """Give the keyboard to the switch."""
        self._switch.setFocus()

    def show_network(self, state: NetworkState) -> None:
        """Show whether the network may be used, and what went over it today."""
        before, self._state = self._state, state
        with QSignalBlocker(self._switch):
            self._switch.setChecked(not state.is_offline)
        if before.host != state.host:
            self._explain(state.host)
        self._today.setText(traffic_sentence(state))
        self.token.show_token(has_token=state.has_token)
        if self._ledger is not None and before.today != state.today:
            self._ledger.refresh_soon()

    def _explain(self, host: str) -> None:
        """Say what the switch is for, and whom it lets Quillhouse contact."""
        text = self.tr(
            "To search for models and download them from {host}. Switched off, Quillhouse opens no"
            " connection at all. Chats and documents are never sent."
        ).format(host=host)
        self._explanation.setText(text)
        self._switch.setAccessibleDescription(text)

    def show_ledger(self, shown: LedgerShown) -> None:
        """Fill the list that is open."""
        if self._ledger is not None:
            self._ledger.show_ledger(shown)

    @Slot(bool)
    def _on_switched(self, is_on: bool) -> None:  # noqa: FBT001 - Qt slot
        """Ask for the network, or for none."""
        self.setting_changed.emit(SettingRequest(SettingKey.IS_OFFLINE, not is_on))

    @Slot()
    def _on_ledger(self) -> None:
        """Open the list; it is filled when the answer comes."""
        if self._ledger is None:
            self._ledger = LedgerDialog(self._theme, self.window())
            self._ledger.ledger_requested.connect(self.ledger_requested.emit)
            self._ledger.clear_requested.connect(self.ledger_clear_requested.emit)
        self._ledger.open()
        self.ledger_requested.emit()
