"""Verdicts in words: one place for what is said about fit, speed and quality."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.core.fit.choice import READABLE_TOKENS_PER_S, FitState, Reason, Verdict
from app.core.fit.offers import Offer
from app.core.fit.portions import capacity_bytes, missing_now_bytes
from app.core.fit.quality import QualityWord
from app.core.fit.speed import LONG_QUESTION_TOKENS, Certainty, SpeedEstimate
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.quantities import (
    WORDS_PER_TOKEN,
    about_seconds_text,
    bytes_text,
    count_text,
    pages_text,
)
from app.ui.widgets.badge import Tone

translate = QCoreApplication.translate

STATE_WORDS = {
    FitState.RUNS_WELL: QT_TRANSLATE_NOOP("verdict", "Runs well here"),
    FitState.TIGHT: QT_TRANSLATE_NOOP("verdict", "Tight fit"),
    FitState.SLOW: QT_TRANSLATE_NOOP("verdict", "Slow here"),
    FitState.TOO_BIG: QT_TRANSLATE_NOOP("verdict", "Too big here"),
}
STATE_TONES = {
    FitState.RUNS_WELL: Tone.GOOD,
    FitState.TIGHT: Tone.WARN,
    FitState.SLOW: Tone.WARN,
    FitState.TOO_BIG: Tone.BAD,
}
BAR_TONES = {**STATE_TONES, FitState.SLOW: Tone.GOOD}
"""A slow model has all the memory that it needs."""
REASONS = {
    Reason.BEST_BALANCE: QT_TRANSLATE_NOOP(
        "verdict",
        "The best quality that still writes fast and leaves room for long conversations.",
    ),
    Reason.SMALL_MODEL: QT_TRANSLATE_NOOP(
        "verdict",
        "A small model loses much by strong compression, and hardly any memory is saved.",
    ),
    Reason.MADE_FOR_IT: QT_TRANSLATE_NOOP(
        "verdict", "The model was made in just this form, so nothing is lost."
    ),
    Reason.ONLY_ONE: QT_TRANSLATE_NOOP(
        "verdict", "It is the only version of this model on this computer."
    ),
    Reason.ONLY_ONE_THAT_FITS: QT_TRANSLATE_NOOP(
        "verdict", "The only version that fits; the others are too big."
    ),
    Reason.LIGHTEST: QT_TRANSLATE_NOOP(
        "verdict", "No version runs well here; this one asks the least of this computer."
    ),
    Reason.LOW_QUALITY: QT_TRANSLATE_NOOP(
        "verdict",
        "Strongly compressed: a smaller model in a balanced version answers better.",
    ),
    Reason.SLOW_TYPE: QT_TRANSLATE_NOOP(
        "verdict", "This kind of compression is slow on a processor."
    ),
    Reason.SLOWER: QT_TRANSLATE_NOOP("verdict", "Better, but slower than the recommended one."),
    Reason.LESS_ROOM: QT_TRANSLATE_NOOP(
        "verdict", "Better, but leaves too little room for long conversations."
    ),
    Reason.TIGHT_NOW: QT_TRANSLATE_NOOP("verdict", "Fits only if other programs are closed."),
    Reason.TOO_BIG_HERE: QT_TRANSLATE_NOOP("verdict", "Does not fit into this computer's memory."),
    Reason.LOWER_QUALITY_THAN_FITS: QT_TRANSLATE_NOOP(
        "verdict", "A better version fits here as well."
    ),
}
QUALITY_WORDS = {
    QualityWord.FULL: QT_TRANSLATE_NOOP("verdict", "full quality"),
    QualityWord.CLOSE: QT_TRANSLATE_NOOP("verdict", "close to full quality"),
    QualityWord.GOOD: QT_TRANSLATE_NOOP("verdict", "good quality"),
    QualityWord.REDUCED: QT_TRANSLATE_NOOP("verdict", "more mistakes"),
    QualityWord.POOR: QT_TRANSLATE_NOOP("verdict", "many mistakes"),
}
OFFER_WORDS = {
    Offer.BALANCED: QT_TRANSLATE_NOOP("verdict", "Balanced"),
    Offer.BEST_QUALITY: QT_TRANSLATE_NOOP("verdict", "Best quality"),
    Offer.SMALLEST: QT_TRANSLATE_NOOP("verdict", "Smallest"),
    Offer.ONLY: QT_TRANSLATE_NOOP("verdict", "The only version here"),
}
CERTAINTIES = {
    Certainty.GUESSED: QT_TRANSLATE_NOOP(
        "verdict", "Guessed from the kind of processor and graphics: may be off by {percent} %."
    ),
    Certainty.CALIBRATED: QT_TRANSLATE_NOOP(
        "verdict", "From the measurement of this computer: within {percent} %."
    ),
    Certainty.MEASURED: QT_TRANSLATE_NOOP(
        "verdict", "From answers of this very model on this computer: within {percent} %."
    ),
}
FASTER_THAN_READING = 8.0
"""Words per second; people read about four or five, so nobody waits from here on."""


def state_words(state: FitState) -> str:
    """Give what stands on a badge."""
    return translate("verdict", STATE_WORDS[state])


def reason_words(reason: Reason) -> str:
    """Say why a version is recommended, or what speaks against it."""
    return translate("verdict", REASONS[reason])


def quality_words(word: QualityWord) -> str:
    """Say what is lost."""
    return translate("verdict", QUALITY_WORDS[word])


def offer_words(offer: Offer) -> str:
    """Say what a version is offered as."""
    return translate("verdict", OFFER_WORDS[offer])


def certainty_words(speed: SpeedEstimate) -> str:
    """Say where numbers of speed come from, and how far they may be off."""
    percent = count_text(round(speed.tolerance * 100))
    return translate("verdict", CERTAINTIES[speed.certainty]).format(percent=percent)


def words_per_s(speed: SpeedEstimate) -> float:
    """Give the speed of writing in words."""
    return speed.tokens_per_s * WORDS_PER_TOKEN


def number_of_words(speed: SpeedEstimate) -> str:
    """Give the speed of writing as a bare number: "8"."""
    return _about(words_per_s(speed))


def speed_words(speed: SpeedEstimate) -> str:
    """Give "about 8 words per second"."""
    number = _about(words_per_s(speed))
    return translate("verdict", "about {n} words per second").format(n=number)


def speed_range_words(speed: SpeedEstimate) -> str:
    """Give "7 to 9", words per second."""
    least, most = (
        words_per_s(speed) / (1 + speed.tolerance),
        words_per_s(speed) * (1 + speed.tolerance),
    )
    text = translate("verdict", "{least} to {most}")
    return text.format(least=_about(least), most=_about(most))


def first_word_words(speed: SpeedEstimate) -> str:
    """Give "reads 3 pages in 40 s": what comes before the first word of an answer to them."""
    duration = about_seconds_text(speed.first_word_s)
    words = translate("verdict", "reads {pages} in {duration}")
    return words.format(pages=pages_text(LONG_QUESTION_TOKENS), duration=duration)


def first_word_range_words(speed: SpeedEstimate) -> str:
    """Give "35 s to 45 s"."""
    least = about_seconds_text(speed.first_word_s / (1 + speed.tolerance))
    most = about_seconds_text(speed.first_word_s * (1 + speed.tolerance))
    return translate("verdict", "{least} to {most}").format(least=least, most=most)


def need_words(verdict: Verdict) -> str:
    """Give "needs 3.6 of 11.2 GB"."""
    need, capacity = verdict.need.total_bytes, capacity_bytes(verdict.budget)
    parts = bytes_text(need), bytes_text(capacity)
    number, _, unit = parts[0].rpartition(" ")
    if parts[1].endswith(f" {unit}"):
        return translate("verdict", "needs {need} of {capacity}").format(
            need=number, capacity=parts[1]
        )
    return translate("verdict", "needs {need} of {capacity}").format(
        need=parts[0], capacity=parts[1]
    )


def verdict_sentence(verdict: Verdict) -> str:
    """Say in one sentence how the model would do here."""
    match verdict.state:
        case FitState.TOO_BIG:
            return translate(
                "verdict", "Needs {need}; models may take {capacity} of this computer at most."
            ).format(
                need=bytes_text(verdict.need.total_bytes),
                capacity=bytes_text(capacity_bytes(verdict.budget)),
            )
        case FitState.TIGHT:
            missing = missing_now_bytes(verdict.need, verdict.placement, verdict.budget)
            if not missing:
                return translate("verdict", "Fits, but leaves other programs little memory.")
            return translate(
                "verdict", "Fits once other programs are closed: {missing} more must be free."
            ).format(missing=bytes_text(missing))
        case FitState.SLOW:
            return _slowness(verdict.speed)
        case FitState.RUNS_WELL if words_per_s(verdict.speed) >= FASTER_THAN_READING:
            return translate("verdict", "Writes faster than you can read.")
        case FitState.RUNS_WELL:
            return translate("verdict", "Writes about as fast as you read.")


def _slowness(speed: SpeedEstimate) -> str:
    number = _about(words_per_s(speed))
    if speed.tokens_per_s >= READABLE_TOKENS_PER_S:
        return translate(
            "verdict", "Thinks long before it answers: {duration} for a question of three pages."
        ).format(duration=about_seconds_text(speed.first_word_s))
    return translate(
        "verdict", "Fits, but writes slower than you read: about {n} words per second."
    ).format(n=number)


def _about(number: float) -> str:
    """Give a number no more exactly than an estimate knows it."""
    return QLocale().toString(number, "f", 1 if number < 2 else 0)  # noqa: PLR2004 - tenths count
