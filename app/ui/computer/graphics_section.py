"""Graphics cards: those that compute, and what to do about those that do not."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.computer import Computer, Device, DeviceKind, System, UnusedCard
from app.core.fit.budget import Budget, MemoryPool
from app.ui.computer.computer_words import (
    build_command,
    kind_words,
    needed_words,
    unused_words,
)
from app.ui.computer.memory_section import PoolView
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow

GRAPHICS = frozenset({DeviceKind.GRAPHICS_CARD, DeviceKind.INTEGRATED_GRAPHICS})


class GraphicsSection(InfoCard):
    """One part for each card."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, QCoreApplication.translate("GraphicsSection", "Graphics cards"), "heading"
        )
        self._parts: list[QWidget] = []
        self._usable: list[UsableCard] = []
        self._shown: tuple[tuple[Device, ...], tuple[UnusedCard, ...]] = ((), ())
        self._none = label(
            self.tr("No graphics card was found that models could use. The processor computes."),
            "dim",
            wraps=True,
        )
        self.column.addWidget(self._none)

    def show_computer(self, computer: Computer, budget: Budget) -> None:
        """Show the cards of a computer."""
        used = tuple(device for device in computer.devices if device.kind in GRAPHICS)
        shown = (used, computer.unused_cards)
        if shown != self._shown:
            self._shown = shown
            self._make_parts(used, computer)
        pools = {} if budget.is_shared else {pool.device: pool for pool in budget.devices}
        for part in self._usable:
            part.show_memory(pools.get(part.device.name))

    def _make_parts(self, used: tuple[Device, ...], computer: Computer) -> None:
        for part in self._parts:
            self.column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._usable = [UsableCard(self._theme, device) for device in used]
        unusable = [
            UnusableCard(self._theme, card, computer.system) for card in computer.unused_cards
        ]
        self._parts = [*self._usable, *unusable]
        for part in self._parts:
            self.column.addWidget(part)
        self._none.setVisible(not self._parts)


BACKEND_NAMES = {"MTL": "Metal"}
"""Backends of llama.cpp whose name for itself is not the one that is known."""


class UsableCard(QWidget):
    """A card that this build computes on."""

    def __init__(self, theme: Theme, device: Device) -> None:
        super().__init__()
        self.device = device
        head = WrappingRow(theme, gap_px=8)
        head.add(FlowingLabel(device.description, "strong"))
        head.add(Badge(self.tr("Can compute"), Tone.GOOD))
        facts = self.tr("{kind} with {memory} of memory, used through {backend}").format(
            kind=kind_words(device.kind),
            memory=bytes_text(device.total_bytes),
            backend=BACKEND_NAMES.get(device.backend, device.backend),
        )
        self._memory = PoolView(theme, self.tr("Memory of {name}").format(name=device.description))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (head, label(facts, "dim", wraps=True), self._memory):
            layout.addWidget(part)

    def show_memory(self, pool: MemoryPool | None) -> None:
        """Show who holds the card's own memory; None if it has none."""
        self._memory.setVisible(pool is not None)
        if pool is not None:
            self._memory.show_pool(pool)


class UnusableCard(QWidget):
    """A card that is there but not used: why, and what to do."""

    def __init__(self, theme: Theme, card: UnusedCard, system: System) -> None:
        super().__init__()
        self._command = build_command(card, system)
        head = WrappingRow(theme, gap_px=8)
        head.add(FlowingLabel(card.description, "strong"))
        head.add(Badge(self.tr("Not used"), Tone.WARN))
        why = IconLine(theme, "dim")
        why.say(Tone.WARN, unused_words(card))
        steps = self.tr(
            "To use it: close Quillhouse and start it once with the command below, in the folder"
            " it is in. That builds the engine for this card, which takes some minutes."
            " {needed} The README says more, under “Graphics cards”."
        ).format(needed=needed_words(card))
        command = label(self._command, "code", wraps=True)
        command.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        copy = WrappingButton(theme, self.tr("Copy the command"), "copy")
        copy.clicked.connect(self._on_copy)
        row = WrappingRow(theme)
        row.add(copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (head, why, label(steps, "dim", wraps=True), command, row):
            layout.addWidget(part)

    @Slot()
    def _on_copy(self) -> None:
        """Put the command on the clipboard."""
        QGuiApplication.clipboard().setText(self._command)
