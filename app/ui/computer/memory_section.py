"""How much memory there is, who holds it, and what models may take."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fit.budget import Budget, MemoryPool
from app.core.fit.portions import rounded_to_sum
from app.core.fit_events import Outlook
from app.ui.quantities import BYTES_PER_GB, bytes_text, gigabytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import THICK_PX, BarPicture, Fill, FitBar
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.memory_legend import LegendRow, MemoryLegend

TENTH_GB = BYTES_PER_GB // 10


class PoolView(QWidget):
    """One memory: a sentence, a bar, and its sum."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._sentence = label("", "dim", wraps=True)
        self._bar = FitBar(theme, THICK_PX)
        self._bar.setAccessibleName(name)
        self._legend = MemoryLegend(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self._sentence, self._bar, self._legend):
            layout.addWidget(part)

    def show_pool(self, pool: MemoryPool) -> None:
        """Show who holds it."""
        free = max(0, pool.total_bytes - pool.others_bytes)
        ours = min(pool.now_bytes, free)
        amounts = rounded_to_sum((ours, pool.others_bytes, free - ours), TENTH_GB)
        models, others, reserve = map(gigabytes_text, amounts)
        rows = [
            LegendRow(Fill.WEIGHTS, self.tr("Models may take now"), models),
            LegendRow(Fill.OTHERS, self.tr("Other programs and the system hold"), others),
            LegendRow(Fill.FREE, self.tr("Stays free, for what they need next"), reserve),
        ]
        total = gigabytes_text(sum(amounts))
        self._legend.show_rows(rows, Tone.GOOD, (self.tr("In all"), total))
        picture = BarPicture(
            ((Fill.WEIGHTS, ours), (Fill.OTHERS, min(pool.others_bytes, pool.total_bytes))),
            pool.total_bytes,
            pool.total_bytes,
            max(1, pool.total_bytes),
        )
        self._bar.show_picture(picture, ", ".join(f"{row.words} {row.amount}" for row in rows))
        # The row's own number: rounded alone, it could be another one than the row shows.
        most = bytes_text(pool.most_bytes)
        if pool.now_bytes < pool.most_bytes and models != most:
            sentence = self.tr(
                "Models may take {now} now, and {most} if other programs are closed."
            )
        else:
            sentence = self.tr("Models may take {now}.")
        self._sentence.setText(sentence.format(now=models, most=most))


class MemorySection(InfoCard):
    """The computer's own memory."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("MemorySection", "Memory"), "heading")
        self._view = PoolView(theme, self.tr("Memory of this computer"))
        self._note = IconLine(theme)
        self.column.addWidget(self._view)
        self.column.addWidget(self._note)

    def show_budget(self, budget: Budget, outlook: Outlook) -> None:
        """Show the memory as it is now."""
        self._view.show_pool(budget.processor)
        notes = []
        if budget.is_shared:
            notes.append(self.tr("The graphics use the same memory."))
        if outlook.computer.is_container:
            notes.append(self.tr("Quillhouse runs in a container with a share of the memory."))
        if outlook.wishes.keep_free_bytes:
            kept = self.tr("You keep {amount} free for other programs, in Settings.")
            notes.append(kept.format(amount=bytes_text(outlook.wishes.keep_free_bytes)))
        self._note.say(Tone.PLAIN, " ".join(notes))
