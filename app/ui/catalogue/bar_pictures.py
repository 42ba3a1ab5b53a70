"""What the bars of the page of models show, and the same in words."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLocale

from app.core.fit.choice import Verdict
from app.core.fit.portions import Portions, capacity_bytes, spoken_for_bytes
from app.core.fit.quality import Quality
from app.ui.quantities import bytes_text
from app.ui.verdict_words import BAR_TONES, need_words, quality_words, state_words
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import BarPicture, Fill

MOST_OVERFLOW = 1.25
"""Bars show up to this many times what fits; what is still longer is cut off visibly."""
WORST_KEPT = 0.5
"""Of `Quality.kept`: nothing is right any more, so bars of quality begin here."""

translate = QCoreApplication.translate


def fit_picture(verdict: Verdict, scale_bytes: int) -> BarPicture:
    """Give the bar of a model: what it takes of all that models may take here.

    Not of the whole memory: then a bar that is full to its end would already be too long, since
    the system needs its part. So the end of the track is where "Too big here" begins.
    """
    need, budget = verdict.need, verdict.budget
    capacity = capacity_bytes(budget)
    return BarPicture(
        (
            (Fill.WEIGHTS, need.weights_bytes),
            (Fill.CONVERSATION, need.conversation_bytes),
            (Fill.WORKING, need.working_bytes),
        ),
        capacity,
        capacity - spoken_for_bytes(budget),
        max(scale_bytes, capacity),
        BAR_TONES[verdict.state],
    )


def offers_scale_bytes(verdicts: Iterable[Verdict]) -> int:
    """Give the common scale of bars that are compared: what fits, and some of what does not."""
    shown = tuple(verdicts)
    capacity = max((capacity_bytes(one.budget) for one in shown), default=1)
    largest = max((one.need.total_bytes for one in shown), default=0)
    return max(1, capacity, min(largest, round(MOST_OVERFLOW * capacity)))


def fit_words(verdict: Verdict) -> str:
    """Tell what the bar of a model shows."""
    need = verdict.need
    text = translate(
        "BarPictures",
        "{state}: {need}. Model {weights}, conversation {conversation}, working room {working};"
        " other programs hold {others} of it now.",
    )
    return text.format(
        state=state_words(verdict.state),
        need=need_words(verdict),
        weights=bytes_text(need.weights_bytes),
        conversation=bytes_text(need.conversation_bytes),
        working=bytes_text(need.working_bytes),
        others=bytes_text(spoken_for_bytes(verdict.budget)),
    )


def pool_picture(portions: Portions, tone: Tone) -> BarPicture:
    """Give the bar of one whole memory; what is too much stands out beyond its end."""
    share, total = portions.share, portions.pool.total_bytes
    return BarPicture(
        (
            (Fill.WEIGHTS, share.weights_bytes),
            (Fill.CONVERSATION, share.conversation_bytes),
            (Fill.WORKING, share.working_bytes),
            (Fill.OTHERS, portions.others_bytes),
        ),
        total,
        total,
        max(1, total, min(total + portions.missing_bytes, 3 * total // 2)),
        tone,
    )


def quality_picture(quality: Quality) -> BarPicture:
    """Give the bar of quality, from nothing to full."""
    kept = round(1000 * max(0.0, quality.kept - WORST_KEPT) / (1 - WORST_KEPT))
    return BarPicture(((Fill.WEIGHTS, kept),), 1000, 1000, 1000, Tone.NEUTRAL)


def quality_bar_words(quality: Quality) -> str:
    """Tell what the bar of quality shows."""
    text = translate("BarPictures", "Quality: {words}. {source}")
    if quality.is_native:
        source = translate("BarPictures", "The model was made in this form.")
    elif quality.is_measured:
        source = translate(
            "BarPictures",
            "Measured by llama.cpp's makers on an 8-billion model: mean divergence {n}.",
        ).format(n=QLocale().toString(quality.divergence, "f", 3))
    else:
        source = translate("BarPictures", "Judged by similar versions that were measured.")
    return text.format(words=quality_words(quality.word), source=source)
