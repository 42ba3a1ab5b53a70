"""Holds back what needs the network until the user has allowed it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.core.events import SettingRequest, StoreFailed
from app.core.hub_events import NetworkState
from app.core.network import HUB_HOST
from app.core.settings import SettingKey
from app.ui.network_dialog import NetworkDialog
from app.ui.theme import Theme
from app.worker.signal_types import signal_of

T = TypeVar("T")


class OnlineGate(QObject):
    """Asks for the network once, and lets requests go when it may be used.

    Allowed is not yet open: the setting has to reach the door first. So what was held goes only
    when `show_network` says that the network is on.

    Args:
        theme: colours and scale.
        window: what the question belongs to.

    Signals:
        setting_requested: the user allowed it.
        refused: it stays offline, and this request is dropped; emitted for each.
    """

    setting_requested = signal_of(SettingRequest)
    refused = signal_of(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._is_offline = True
        self._host = HUB_HOST
        self._is_allowed = False
        self._dialog: NetworkDialog | None = None
        self._held: list[tuple[Callable[[], object], object]] = []

    def ask(self, callback: Callable[[T], object], payload: T) -> None:
        """Call `callback(payload)`: now, or as soon as the network may be used, or never.

        Args:
            callback: the bound method of an object that lives as long as the window, such as
                the `emit` of a signal.
            payload: what it is called with.
        """
        if not self._is_offline:
            callback(payload)
            return
        self._held.append((lambda: callback(payload), payload))
        self.go_online()

    @Slot()
    def go_online(self) -> None:
        """Ask for the network although there is nothing to be sent yet."""
        if not self._is_offline:
            return
        if self._is_allowed:
            self._request()
        elif self._dialog is None:
            self._dialog = NetworkDialog(self._theme, self._window, self._host)
            self._dialog.finished.connect(self._on_answered)
            self._dialog.open()

    @Slot(object)
    def show_network(self, state: NetworkState) -> None:
        """Let everything go that was held, if the network may be used now."""
        self._is_offline, self._host = state.is_offline, state.host
        if state.is_offline:
            return
        self._is_allowed = False
        if self._dialog is not None:
            self._dialog.accept()
        held, self._held = self._held, []
        for send, _ in held:
            send()

    @Slot(object)
    def show_store_failed(self, _failed: StoreFailed) -> None:
        """Stay offline when that the user allowed it cannot be kept: nor could the ledger be."""
        if self._is_allowed and self._is_offline:
            self._is_allowed = False
            self._drop()

    def _request(self) -> None:
        self.setting_requested.emit(SettingRequest(SettingKey.IS_OFFLINE, value=False))

    @Slot(int)
    def _on_answered(self, answer: int) -> None:
        """Open the door, or drop what was to go through it."""
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        if not self._is_offline:
            return
        if answer == NetworkDialog.DialogCode.Accepted:
            self._is_allowed = True
            self._request()
            return
        self._drop()

    def _drop(self) -> None:
        held, self._held = self._held, []
        for _, payload in held:
            self.refused.emit(payload)
