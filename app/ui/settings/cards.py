"""All that is on the page of settings; made when it is looked at, or in idle moments before."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.core import events
from app.core.hub_events import TokenRequest
from app.core.settings import SETTINGS, SettingGroup
from app.ui.quantities import bytes_text, seconds_text
from app.ui.resources import resources_folder
from app.ui.settings.advanced_rows import AdvancedRows
from app.ui.settings.network_part import NetworkPart
from app.ui.settings.setting_row import SettingRow
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of


class SettingsCards(QObject):
    """The search, and one card for each group of settings; added by `make_next`.

    Args:
        theme: colours and sizes.
        column: of the page; the cards are added to it.
        data_folder: of the user's data.
        page: whose they are.

    Attributes:
        network: the upper part of the card about the network.

    Signals:
        setting_changed, reload_requested, data_folder_requested, computer_requested,
            ledger_requested, ledger_clear_requested, token_entered, token_page_requested: as
            those of the page.
    """

    setting_changed = signal_of(events.SettingRequest)
    reload_requested = signal()
    data_folder_requested = signal()
    computer_requested = signal()
    ledger_requested = signal()
    ledger_clear_requested = signal()
    token_entered = signal_of(TokenRequest)
    token_page_requested = signal()

    def __init__(
        self, theme: Theme, column: QVBoxLayout, data_folder: Path, page: QWidget
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._column = column
        self._data_folder = data_folder
        self._rows: list[SettingRow] = []
        self._cards: dict[QFrame, list[SettingRow]] = {}
        self._folds: list[AdvancedRows] = []
        self._groups: dict[SettingGroup, QFrame] = {}
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search settings"))
        self._search.setAccessibleName(self.tr("Search settings"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._add(self._search)
        self._reload = WrappingButton(theme, self.tr("Load the model again now"), "refresh-cw")
        self._reload.clicked.connect(self._on_reload)
        self._engine_line = label("", "faint", wraps=True)
        self._computer = WrappingButton(theme, self.tr("What this computer has"), "computer")
        self._computer.clicked.connect(self.computer_requested.emit)
        self.network = self._make_network()
        self._waiting = [group for group in SettingGroup if group is not SettingGroup.HIDDEN]

    def make_next(self) -> bool:
        """Add one more card; say whether there are others to come."""
        if not self._waiting:
            return False
        self._add_group(self._waiting.pop(0))
        if not self._waiting:
            self._add(self._privacy())
            self._add(self._about())
        return bool(self._waiting)

    def _add(self, part: QWidget) -> None:
        self._column.addWidget(part)
        # What comes into a page that is on the screen would be shown a little later only.
        part.show()

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

    def show_settings(self, changed: events.SettingsChanged) -> None:
        """Show the values in force."""
        for row in self._rows:
            row.show_value(changed.values[row.row.key])

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
                n=self._search.locale().toString(loaded.placement.n_ctx),
                device=loaded.device,
            )
        )

    def group_card(self, group: SettingGroup) -> QFrame:
        """Give the card of a group, with nothing hidden by a search."""
        self._search.clear()
        return self._groups[group]

    def last_row(self, group: SettingGroup) -> SettingRow:
        """Give the last setting of a group."""
        return self._cards[self._groups[group]][-1]

    def _add_group(self, group: SettingGroup) -> None:
        titles = {
            SettingGroup.LOOK: self.tr("Look"),
            SettingGroup.CHAT: self.tr("Chat"),
            SettingGroup.ANSWERS: self.tr("Answers"),
            SettingGroup.ENGINE: self.tr("The model on this computer"),
            SettingGroup.DOCUMENTS: self.tr("Documents"),
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
            layout.addWidget(self.network)
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
        self._add(card)

    def _privacy(self) -> QFrame:
        card, layout = _card(self.tr("Privacy"))
        text = self.tr(
            "Nothing leaves this computer unless you ask for it: a search or a download goes to"
            " huggingface.co, which sees your internet address and what you look for. Chats and"
            " documents are never sent."
        )
        layout.addWidget(label(text, wraps=True))
        where = self.tr("Your chats are in {path}").format(path=self._data_folder)
        layout.addWidget(label(where, "dim", wraps=True))
        folder = WrappingButton(self._theme, self.tr("Open that folder"), "folder-open")
        folder.clicked.connect(self.data_folder_requested.emit)
        layout.addWidget(_row_of(self._theme, folder))
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
        is_found = self.network.matches(wanted)
        self.network.setVisible(is_found)
        if is_found:
            self._groups[SettingGroup.NETWORK].show()
        for fold in self._folds:
            fold.search(wanted)

    @Slot()
    def _show_licences(self) -> None:
        """Show the licences of fonts, icons and libraries."""
        files = sorted(resources_folder().joinpath("licences").glob("*.txt"))
        texts = [f"{file.stem}\n\n{file.read_text(encoding='utf-8')}" for file in files]
        dialog = QDialog(self._search.window())
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
