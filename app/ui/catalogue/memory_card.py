"""Where the memory of this computer would go: bars, and sums that add up."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fit.choice import Verdict
from app.core.fit.memory import MemoryNeed
from app.core.fit.portions import Portions, portions_of, rounded_to_sum
from app.ui.catalogue.bar_pictures import pool_picture
from app.ui.quantities import BYTES_PER_GB, bytes_text, gigabytes_text
from app.ui.theme import Theme
from app.ui.verdict_words import BAR_TONES
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import THICK_PX, Fill, FitBar
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.memory_legend import LegendRow, MemoryLegend

TENTH_GB = BYTES_PER_GB // 10
SAME_WITHIN_BYTES = BYTES_PER_GB // 100
"""Parts that differ by less are called the same."""

translate = QCoreApplication.translate


class MemoryCard(InfoCard):
    """One bar with its sum for each memory, and what the engine says to that."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, QCoreApplication.translate("MemoryCard", "Memory on this computer")
        )
        self._pools: list[PoolPart] = []
        self._holder = QVBoxLayout()
        self._holder.setSpacing(14)
        self.column.addLayout(self._holder)
        self._check = IconLine(theme)
        self.column.addWidget(self._check)
        self._verdict: Verdict | None = None

    def show_verdict(self, verdict: Verdict) -> None:
        """Show what a model would take."""
        self._verdict = verdict
        portions = portions_of(verdict.need, verdict.placement, verdict.budget)
        tone = BAR_TONES[verdict.state]
        while len(self._pools) < len(portions):
            part = PoolPart(self._theme)
            self._pools.append(part)
            self._holder.addWidget(part)
        for place, part in enumerate(self._pools):
            part.setVisible(place < len(portions))
            if place < len(portions):
                part.show_portions(portions[place], tone, n_pools=len(portions))

    def show_asking(self) -> None:
        """Say that the engine is being asked."""
        self._check.say(Tone.PLAIN, self.tr("Our own sum. The engine is being asked…"))

    def show_unasked(self) -> None:
        """Say that these are our own numbers."""
        self._check.say(Tone.PLAIN, self.tr("Our own sum, worked out from the model's build."))

    def show_similar(self) -> None:
        """Say that the numbers are those of a similar model."""
        text = self.tr(
            "Worked out from a similar model; read exactly from its file before the download."
        )
        self._check.say(Tone.PLAIN, text)

    def show_refusal(self) -> None:
        """Say that the engine could not be asked."""
        self._check.say(
            Tone.PLAIN, self.tr("Our own sum. The engine could not be asked this time.")
        )

    def show_engine(self, need: MemoryNeed) -> None:
        """Set what the engine says beside our own sum."""
        if self._verdict is None:
            return
        ours, theirs = self._verdict.need, need
        text = self.tr("Checked with the engine: it says {theirs}, our sum is {ours}.").format(
            theirs=_exact(theirs.total_bytes), ours=_exact(ours.total_bytes)
        )
        differences = _differences(ours, theirs)
        self._check.say(Tone.GOOD, " ".join((text, *differences)))


class PoolPart(QWidget):
    """One memory: its name and size, a bar, and a legend that adds up."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = label("", "dim", wraps=True)
        self._bar = FitBar(theme, THICK_PX)
        self._legend = MemoryLegend(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._bar)
        layout.addWidget(self._legend)

    def show_portions(self, portions: Portions, tone: Tone, *, n_pools: int) -> None:
        """Show what this memory would hold."""
        name = portions.pool.description or self.tr("This computer")
        self._title.setText(name)
        self._title.setVisible(n_pools > 1)
        rows = legend_rows(portions)
        self._bar.setAccessibleName(self.tr("Memory of {name}").format(name=name))
        words = ", ".join(f"{row.words} {row.amount}" for row in rows)
        self._bar.show_picture(pool_picture(portions, tone), words)
        total = gigabytes_text(_total(portions))
        self._legend.show_rows(rows, tone, (self.tr("In all"), total))


def legend_rows(portions: Portions) -> list[LegendRow]:
    """Give the lines of the sum; what is shown adds up to what is shown as the sum."""
    share = portions.share
    amounts = (
        (Fill.WEIGHTS, share.weights_bytes),
        (Fill.CONVERSATION, share.conversation_bytes),
        (Fill.WORKING, share.working_bytes),
        (Fill.OTHERS, portions.others_bytes),
        (Fill.FREE, portions.free_bytes),
    )
    shown = rounded_to_sum([n_bytes for _, n_bytes in amounts], TENTH_GB)
    rows = [
        LegendRow(fill, _fill_words(fill), _amount(n_bytes, rounded))
        for (fill, n_bytes), rounded in zip(amounts, shown, strict=True)
        if n_bytes or fill is Fill.FREE
    ]
    missing = sum(shown) - _total(portions)
    if portions.missing_bytes and missing > 0:
        words = translate("MemoryCard", "Missing")
        rows.append(LegendRow(None, words, f"\u2212{gigabytes_text(missing)}"))
    return rows


def _total(portions: Portions) -> int:
    """Give the whole memory, rounded as its parts are."""
    return (portions.pool.total_bytes + TENTH_GB // 2) // TENTH_GB * TENTH_GB


def _amount(n_bytes: int, rounded: int) -> str:
    if n_bytes > 0 and not rounded:
        return translate("MemoryCard", "under {amount}").format(amount=gigabytes_text(TENTH_GB))
    return gigabytes_text(rounded)


def _fill_words(fill: Fill) -> str:
    return {
        Fill.WEIGHTS: translate("MemoryCard", "Model"),
        Fill.CONVERSATION: translate("MemoryCard", "Conversation"),
        Fill.WORKING: translate("MemoryCard", "Working room"),
        Fill.OTHERS: translate("MemoryCard", "Other programs"),
        Fill.FREE: translate("MemoryCard", "Free"),
    }[fill]


def _exact(n_bytes: int) -> str:
    """Give an amount so exactly that small differences show."""
    return bytes_text(n_bytes) if n_bytes < BYTES_PER_GB else gigabytes_text(n_bytes, 2)


def _differences(ours: MemoryNeed, theirs: MemoryNeed) -> list[str]:
    """Name the parts in which two sums differ by more than can be called the same."""
    parts = (
        (translate("MemoryCard", "Model"), ours.weights_bytes, theirs.weights_bytes),
        (
            translate("MemoryCard", "Conversation"),
            ours.conversation_bytes,
            theirs.conversation_bytes,
        ),
        (translate("MemoryCard", "Working room"), ours.working_bytes, theirs.working_bytes),
    )
    text = translate("MemoryCard", "{part}: {difference}.")
    found = []
    for words, mine, other in parts:
        if abs(other - mine) > SAME_WITHIN_BYTES:
            sign = "+" if other > mine else "\u2212"
            amount = f"{sign}{bytes_text(abs(other - mine))}"
            found.append(text.format(part=words, difference=amount))
    return found
