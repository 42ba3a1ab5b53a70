"""Settings: the table in `core/settings.py` as a page."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
)

from app import __version__
from app.core import events
from app.core.hub_events import LedgerShown, NetworkState, TokenAnswer, TokenRequest
from app.core.settings import SETTINGS, SettingGroup
from app.ui.quantities import bytes_text, seconds_text
from app.ui.resources import resources_folder
from app.ui.settings.advanced_rows import AdvancedRows
from app.ui.settings.network_part import NetworkPart
from app.ui.settings.setting_row import SettingRow
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of


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
        self._rows: list[SettingRow] = []
        self._cards: dict[QFrame, list[SettingRow]] = {}
        self._folds: list[AdvancedRows] = []
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search settings"))
        self._search.setAccessibleName(self.tr("Search settings"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self.column.addWidget(self._search)
        self._reload = WrappingButton(theme, self.tr("Load the model again now"), "refresh-cw")
        self._reload.clicked.connect(self._on_reload)
        self._engine_line = label("", "faint", wraps=True)
        self._computer = WrappingButton(theme, self.tr("What this computer has"), "computer")
        self._computer.clicked.connect(self.computer_requested)
        self._network = self._make_network()
        self._groups: dict[SettingGroup, QFrame] = {}
        for group in SettingGroup:
            if group is not SettingGroup.HIDDEN:
                self._add_group(group)
        self._privacy_card = self._privacy(data_folder)
        self.column.addWidget(self._privacy_card)
        self.column.addWidget(self._about())

    def _make_network(self) -> NetworkPart:
        part = NetworkPart(self._theme)
        part.setting_changed.connect(self.setting_changed.emit)
        part.ledger_requested.connect(self.ledger_requested.emit)
        part.ledger_clear_requested.connect(self.ledger_clear_requested.emit)
        part.token_entered.connect(self.token_entered.emit)
        part.token_page_requested.connect(self.token_page_requested.emit)
        return part

    def keep_changes_now(self) -> None:
        """Take what was just typed, without waiting for a pause."""
        for row in self._rows:
            row.send_now()

    @Slot(object)
    def show_settings(self, changed: events.SettingsChanged) -> None:
        """Show the values in force."""
        for row in self._rows:
            row.show_value(changed.values[row.row.key])

    @Slot(object)
    def show_engine(self, loaded: events.LoadedModel) -> None:
        """Show how the model in use was loaded."""
        self._reload.hide()
        self._engine_line.setText(
            self.tr(
                "{name} was loaded in {seconds}, takes {memory} and remembers {n} tokens."
                " It computes on: {device}."
            ).format(
                name=loaded.model.display_name,
                seconds=seconds_text(loaded.load_s),
                memory=bytes_text(loaded.taken_bytes),
                n=self.locale().toString(loaded.placement.n_ctx),
                device=loaded.device,
            )
        )

    @Slot(object)
    def show_network(self, state: NetworkState) -> None:
        """Show whether the network may be used, and what went over it today."""
        self._network.show_network(state)

    @Slot(object)
    def show_ledger(self, shown: LedgerShown) -> None:
        """Show what went over the network."""
        self._network.show_ledger(shown)

    @Slot(object)
    def show_token_answer(self, answer: TokenAnswer) -> None:
        """Say whether a token was accepted."""
        self._network.token.show_answer(answer)

    @Slot(object)
    def show_stayed_offline(self, asked: object) -> None:
        """Wait no longer for an answer about a token: the user did not want to ask."""
        if isinstance(asked, TokenRequest):
            self._network.token.show_not_asked()

    def _add_group(self, group: SettingGroup) -> None:
        titles = {
            SettingGroup.LOOK: self.tr("Look"),
            SettingGroup.CHAT: self.tr("Chat"),
            SettingGroup.ANSWERS: self.tr("Answers"),
            SettingGroup.ENGINE: self.tr("The model on this computer"),
            SettingGroup.STORAGE: self.tr("Storage"),
            SettingGroup.DOWNLOADS: self.tr("Downloads"),
            SettingGroup.NETWORK: self.tr("Network"),
        }
        card, layout = _card(titles[group])
        rows = [SettingRow(self._theme, row) for row in SETTINGS if row.group is group]
        for row in rows:
            row.changed.connect(self._on_changed)
        self._rows += rows
        self._cards[card] = rows
        self._groups[group] = card
        if group is SettingGroup.NETWORK:
            layout.addWidget(self._network)
        for row in rows:
            if not row.row.is_advanced:
                layout.addWidget(row)
        advanced = [row for row in rows if row.row.is_advanced]
        if advanced:
            fold = AdvancedRows(self._theme, advanced)
            self._folds.append(fold)
            layout.addWidget(fold)
        if group is SettingGroup.ENGINE:
            layout.addWidget(self._engine_line)
            layout.addWidget(_row_of(self._theme, self._computer))
            layout.addWidget(self._reload)
            self._reload.hide()
        self.column.addWidget(card)

    def show_privacy(self) -> None:
        """Bring what leaves this computer into view."""
        self._search.clear()
        self.scroll_to(self._privacy_card)
        self._folder_button.setFocus()

    def show_network_card(self) -> None:
        """Bring what there is about the network into view."""
        self._show_group(SettingGroup.NETWORK)
        self._network.focus_switch()

    def show_token_form(self) -> None:
        """Bring the field for a token into view."""
        self._show_group(SettingGroup.NETWORK)
        self._network.token.focus_first()

    def show_downloads_card(self) -> None:
        """Bring what there is about downloads into view, the folder for them foremost."""
        self._show_group(SettingGroup.DOWNLOADS)
        self._cards[self._groups[SettingGroup.DOWNLOADS]][-1].focus_control()

    def _show_group(self, group: SettingGroup) -> None:
        self._search.clear()
        self.scroll_to(self._groups[group])

    def _privacy(self, data_folder: Path) -> QFrame:
        card, layout = _card(self.tr("Privacy"))
        text = self.tr(
            "Nothing leaves this computer unless you ask for it: a search or a download goes to"
            " huggingface.co, which sees your internet address and what you look for. Chats and"
            " documents are never sent."
        )
        layout.addWidget(label(text, wraps=True))
        where = self.tr("Your chats are in {path}").format(path=data_folder)
        layout.addWidget(label(where, "dim", wraps=True))
        self._folder_button = WrappingButton(
            self._theme, self.tr("Open that folder"), "folder-open"
        )
        self._folder_button.clicked.connect(self.data_folder_requested)
        layout.addWidget(_row_of(self._theme, self._folder_button))
        return card

    def _about(self) -> QFrame:
        card, layout = _card(self.tr("About"))
        layout.addWidget(label(self.tr("Quillhouse {version}").format(version=__version__)))
        licences = WrappingButton(self._theme, self.tr("Licences of what it is made of"), "info")
        licences.clicked.connect(self._show_licences)
        layout.addWidget(_row_of(self._theme, licences))
        return card

    @Slot(object)
    def _on_changed(self, request: events.SettingRequest) -> None:
        """Pass a change on, and offer to load again where it needs that."""
        if any(row.row.key is request.key and row.row.needs_reload for row in self._rows):
            self._reload.show()
        self.setting_changed.emit(request)

    @Slot()
    def _on_reload(self) -> None:
        """Load the model again."""
        self._reload.hide()
        self.reload_requested.emit()

    @Slot(str)
    def _filter(self, wanted: str) -> None:
        """Show only what speaks of `wanted`."""
        wanted = wanted.strip()
        for card, rows in self._cards.items():
            for row in rows:
                row.setVisible(row.matches(wanted))
            card.setVisible(any(row.matches(wanted) for row in rows))
        is_found = self._network.matches(wanted)
        self._network.setVisible(is_found)
        if is_found:
            self._groups[SettingGroup.NETWORK].show()
        for fold in self._folds:
            fold.search(wanted)

    @Slot()
    def _show_licences(self) -> None:
        """Show the licences of fonts, icons and libraries."""
        files = sorted(resources_folder().joinpath("licences").glob("*.txt"))
        texts = [f"{file.stem}\n\n{file.read_text(encoding='utf-8')}" for file in files]
        dialog = QDialog(self)
        dialog.setWindowTitle(self.tr("Licences"))
        view = QPlainTextEdit("\n\n\n".join(texts))
        view.setReadOnly(True)
        view.setAccessibleName(self.tr("Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(dialog.reject)
        layout = QVBoxLayout(dialog)
        layout.addWidget(view)
        layout.addWidget(buttons)
        dialog.resize(self._theme.px(640), self._theme.px(520))
        dialog.exec()


def _row_of(theme: Theme, button: TextButton) -> WrappingRow:
    """Give a line with a button at its beginning."""
    row = WrappingRow(theme)
    row.add(button)
    return row


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("surface", "card")
    card.setAccessibleName(title)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(18, 14, 14, 14)
    layout.setSpacing(6)
    layout.addWidget(label(title, "heading"))
    return card, layout
