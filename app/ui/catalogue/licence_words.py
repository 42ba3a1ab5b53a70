"""Licences in words, and the colours of their badges."""

from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.core.candidate import Candidate
from app.core.licences import Licence, LicenceBadge, licence_of
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.widgets.badge import Tone

BADGE_WORDS = {
    LicenceBadge.FREE: QT_TRANSLATE_NOOP("licence_words", "Free, also at work"),
    LicenceBadge.CONDITIONS: QT_TRANSLATE_NOOP("licence_words", "Free with conditions"),
    LicenceBadge.PRIVATE_ONLY: QT_TRANSLATE_NOOP("licence_words", "Not for work"),
    LicenceBadge.NOT_STATED: QT_TRANSLATE_NOOP("licence_words", "Licence unclear"),
}
LONG_WORDS = {
    LicenceBadge.FREE: QT_TRANSLATE_NOOP("licence_words", "Free to use, also at work."),
    LicenceBadge.CONDITIONS: QT_TRANSLATE_NOOP(
        "licence_words", "Free to use, with conditions worth knowing:"
    ),
    LicenceBadge.PRIVATE_ONLY: QT_TRANSLATE_NOOP(
        "licence_words", "For private use or research only:"
    ),
    LicenceBadge.NOT_STATED: QT_TRANSLATE_NOOP("licence_words", "What it allows is not clear:"),
}
TONES = {
    LicenceBadge.FREE: Tone.PLAIN,
    LicenceBadge.CONDITIONS: Tone.PLAIN,
    LicenceBadge.PRIVATE_ONLY: Tone.WARN,
    LicenceBadge.NOT_STATED: Tone.WARN,
}
translate = QCoreApplication.translate


@lru_cache(maxsize=512)
def _found(licence_id: str, licence_name: str, licence_link: str) -> Licence:
    return licence_of(licence_id, licence_name, licence_link)


def licence_for(candidate: Candidate) -> Licence:
    """Give what is known of the licence of a model."""
    return _found(candidate.licence_id, candidate.licence_name, candidate.licence_link)


def badge_words(licence: Licence) -> str:
    """Give what stands on a badge."""
    return kind_words(licence.badge)


def kind_words(badge: LicenceBadge) -> str:
    """Name a kind of licence."""
    return translate("licence_words", BADGE_WORDS[badge])


def badge_tone(licence: Licence) -> Tone:
    """Give the colour of a badge: only what one had better read first stands out."""
    return TONES[licence.badge]


def long_words(licence: Licence) -> str:
    """Say in a sentence what a licence allows."""
    return translate("licence_words", LONG_WORDS[licence.badge])


def title_words(licence: Licence) -> str:
    """Give the name of a licence."""
    return translate("licences", licence.title)


def condition_words(licence: Licence) -> list[str]:
    """Give each condition in a sentence."""
    return [translate("licences", one) for one in licence.conditions]


def openness_words(licence: Licence) -> str:
    """Tell open source and open weights apart."""
    if licence.is_open_source:
        return translate(
            "licence_words",
            "Open source: the licence is one that the Open Source Initiative approves.",
        )
    return translate(
        "licence_words",
        "Open weights: everybody can download it, but its maker's own terms apply.",
    )
