"""The words on the card of a model that can be had."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.core.download import Download, DownloadState
from app.ui.catalogue.bar_pictures import fit_picture
from app.ui.catalogue.licence_words import badge_tone, badge_words, licence_for
from app.ui.catalogue.offering import CardAction, Offering
from app.ui.catalogue.offering_words import (
    button_words,
    maker_words,
    sentence_words,
    tag_words,
    unfit_words,
)
from app.ui.verdict_words import STATE_TONES, need_words, state_words
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import BarPicture

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True, eq=False)
class CardText:
    """Everything that is drawn on a card.

    Attributes:
        offering: what it was made from.
        eyebrow: above the name; may be empty.
        badge, badge_tone: of the verdict; empty while there is none.
        has_bar: what it takes of this computer is known, or being worked out.
        bar, need: that, as a bar and in words; None while it is being worked out.
        is_first: it is the one to take first.
        is_primary: the button stands out.
        fraction: of a download, 0.0 to 1.0; None without one.
    """

    offering: Offering
    name: str
    eyebrow: str
    badge: str
    badge_tone: Tone
    sentence: str
    has_bar: bool
    bar: BarPicture | None
    need: str
    tags: tuple[str, ...]
    maker: str
    licence: str
    licence_tone: Tone
    button: str
    is_first: bool
    is_primary: bool
    fraction: float | None


def card_text(offering: Offering, *, is_primary: bool) -> CardText:
    """Find the words for a card; `is_primary`: it is the one to take first."""
    verdict, licence = offering.verdict, licence_for(offering.candidate)
    is_followed = offering.action is CardAction.FOLLOW
    return CardText(
        offering,
        offering.candidate.name,
        translate("offering", "Recommended for this computer") if offering.is_recommended else "",
        *_badge(offering),
        sentence_words(offering),
        offering.is_judged,
        fit_picture(verdict, offering.scale_bytes) if verdict is not None else None,
        need_words(verdict) if verdict is not None else "",
        tuple(tag_words(offering)),
        maker_words(offering),
        badge_words(licence),
        badge_tone(licence),
        button_words(offering),
        is_primary,
        is_primary and offering.action in {CardAction.DOWNLOAD, CardAction.USE},
        _fraction(offering.download) if is_followed else None,
    )


def _fraction(download: Download | None) -> float | None:
    """Give how far a download is; one that has failed shows no more of that."""
    is_on = download is not None and download.state is not DownloadState.FAILED
    return download.fraction if download is not None and is_on else None


def _badge(offering: Offering) -> tuple[str, Tone]:
    if offering.is_unfit:
        return unfit_words(), Tone.BAD
    if offering.verdict is None:
        return "", Tone.PLAIN
    return state_words(offering.verdict.state), STATE_TONES[offering.verdict.state]
