"""What a search says, in words."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.core.documents.evidence import Evidence, Verdict
from app.ui.documents.document_words import files_text
from app.ui.quantities import count_text
from app.ui.widgets.badge import Tone

STRONG_FROM = 0.75
FAIR_FROM = 0.45
"""Shares of the best score of a search; scores mean nothing across searches."""

translate = QCoreApplication.translate


class Strength(StrEnum):
    """How well a passage fits, beside the others."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


def share_of(score: float, best: float) -> float:
    """Give the share of the best score, from 0 to 1."""
    return max(0.0, min(1.0, score / best)) if best > 0 else 0.0


def strength_of(share: float, verdict: Verdict) -> Strength:
    """Say how good a passage is; where nothing was found, all are weak."""
    if share < FAIR_FROM or _says_nothing_is_found(verdict):
        return Strength.WEAK
    return Strength.STRONG if share >= STRONG_FROM else Strength.FAIR


def _says_nothing_is_found(verdict: Verdict) -> bool:
    match verdict:
        case Verdict.NOT_FOUND | Verdict.CLOSEST | Verdict.NOTHING_READ | Verdict.NOT_SEARCHED:
            return True
        case Verdict.FOUND | Verdict.EVERYTHING | Verdict.UNSURE:
            return False


def _is_searched(verdict: Verdict) -> bool:
    """Say whether it matters how the documents were searched."""
    match verdict:
        case Verdict.FOUND | Verdict.NOT_FOUND | Verdict.CLOSEST | Verdict.UNSURE:
            return True
        case Verdict.EVERYTHING | Verdict.NOTHING_READ | Verdict.NOT_SEARCHED:
            return False


def strength_text(strength: Strength) -> str:
    """Give the word for it."""
    match strength:
        case Strength.STRONG:
            return translate("documents", "Strong")
        case Strength.FAIR:
            return translate("documents", "Fair")
        case Strength.WEAK:
            return translate("documents", "Weak")


def strength_tone(strength: Strength) -> Tone:
    """Say how it is meant."""
    return {
        Strength.STRONG: Tone.GOOD,
        Strength.FAIR: Tone.NEUTRAL,
        Strength.WEAK: Tone.PLAIN,
    }[strength]


def verdict_tone(verdict: Verdict) -> Tone:
    """Say how the outcome of a search is meant."""
    match verdict:
        case Verdict.FOUND | Verdict.EVERYTHING:
            return Tone.GOOD
        case (
            Verdict.NOT_FOUND
            | Verdict.CLOSEST
            | Verdict.UNSURE
            | Verdict.NOTHING_READ
            | Verdict.NOT_SEARCHED
        ):
            return Tone.WARN


def verdict_text(evidence: Evidence) -> str:
    """Say in a sentence or two what would be found for a question."""
    parts = [_outcome_text(evidence)]
    if evidence.n_files_unread and evidence.verdict is not Verdict.NOTHING_READ:
        text = translate("documents", "Not read yet: {files}.")
        parts.append(text.format(files=files_text(evidence.n_files_unread)))
    if _is_searched(evidence.verdict) and not evidence.has_vectors:
        text = translate("documents", "Only words were looked for; the meaning was not ready.")
        parts.append(text)
    return " ".join(parts)


def _outcome_text(evidence: Evidence) -> str:
    match evidence.verdict:
        case Verdict.FOUND:
            return _passages_text(len(evidence.passages))
        case Verdict.EVERYTHING:
            return translate(
                "documents", "There is so little text that all of it would be read to answer."
            )
        case Verdict.NOT_FOUND | Verdict.CLOSEST:
            nothing = translate("documents", "Nothing in these documents answers this.")
            closest = translate(
                "documents",
                "Nothing in these documents answers this. These passages come closest.",
            )
            return closest if evidence.passages else nothing
        case Verdict.UNSURE:
            return translate(
                "documents",
                "The question is in another language than these documents, so they may say more"
                " than was found. These passages would be read.",
            )
        case Verdict.NOTHING_READ:
            return translate("documents", "No document has been read so far. Try again later.")
        case Verdict.NOT_SEARCHED:
            return ""


def _passages_text(n: int) -> str:
    if n == 1:
        return translate("documents", "This passage would be read to answer.")
    text = translate("documents", "These {n} passages would be read, best first.")
    return text.format(n=count_text(n))
