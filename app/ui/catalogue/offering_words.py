"""What is said of a model that can be had: one place for cards, their page, and listeners."""

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt

from app.core.candidate import Candidate, Capability, Use
from app.core.download import Download, DownloadState
from app.core.fit.choice import FitState
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.catalogue.licence_words import badge_words, licence_for
from app.ui.catalogue.offering import CardAction, Offering
from app.ui.language_names import language_name
from app.ui.quantities import bytes_text, count_text, large_count_text, pages_text
from app.ui.verdict_words import (
    need_words,
    quality_words,
    speed_words,
    state_words,
    verdict_sentence,
)

translate = QCoreApplication.translate

USE_WORDS = {
    Use.CHAT: QT_TRANSLATE_NOOP("offering", "Everyday chat"),
    Use.DOCUMENTS: QT_TRANSLATE_NOOP("offering", "Documents"),
    Use.WRITING: QT_TRANSLATE_NOOP("offering", "Writing"),
    Use.CODE: QT_TRANSLATE_NOOP("offering", "Code"),
    Use.VISION: QT_TRANSLATE_NOOP("offering", "Pictures"),
    Use.LANGUAGES: QT_TRANSLATE_NOOP("offering", "Many languages"),
    Use.EMBEDDING: QT_TRANSLATE_NOOP("offering", "Finding passages in documents"),
}
CAPABILITY_WORDS = {
    Capability.VISION: QT_TRANSLATE_NOOP("offering", "can see pictures"),
    Capability.AUDIO: QT_TRANSLATE_NOOP("offering", "can hear"),
    Capability.TOOLS: QT_TRANSLATE_NOOP("offering", "can use tools"),
    Capability.THINKING: QT_TRANSLATE_NOOP("offering", "thinks before it answers"),
}
STATE_WORDS = {
    DownloadState.QUEUED: QT_TRANSLATE_NOOP("offering", "Waits for its turn"),
    DownloadState.CHECKING: QT_TRANSLATE_NOOP("offering", "Checking…"),
    DownloadState.DOWNLOADING: QT_TRANSLATE_NOOP("offering", "{percent} %"),
    DownloadState.WAITING: QT_TRANSLATE_NOOP("offering", "Waiting, {percent} %"),
    DownloadState.PAUSED: QT_TRANSLATE_NOOP("offering", "Paused, {percent} %"),
    DownloadState.VERIFYING: QT_TRANSLATE_NOOP("offering", "Checking it…"),
    DownloadState.DONE: QT_TRANSLATE_NOOP("offering", "Done"),
    DownloadState.FAILED: QT_TRANSLATE_NOOP("offering", "Failed"),
}
MOST_LANGUAGES_NAMED = 12


def use_words(use: Use) -> str:
    """Give the name of what a model is good for."""
    return translate("offering", USE_WORDS[use])


def section_note(use: Use) -> str:
    """Say how such models are used, or what is not asked of them yet; empty for most."""
    match use:
        case Use.VISION:
            return translate("offering", "Quillhouse reads text only so far, no pictures")
        case Use.EMBEDDING:
            return translate("offering", "Chosen on the page of a collection of documents")
        case _:
            return ""


def capability_words(capability: Capability) -> str:
    """Say what a model can do."""
    return translate("offering", CAPABILITY_WORDS[capability])


def size_words(offering: Offering) -> str:
    """Give "2.6 GB", "about 2.6 GB", or say that nobody knows it yet."""
    if not offering.size_bytes:
        return translate("offering", "size is read when opened")
    words = bytes_text(offering.size_bytes)
    if offering.is_size_about:
        return translate("offering", "about {size}").format(size=words)
    return words


def button_words(offering: Offering) -> str:
    """Say what the button of a card does."""
    match offering.action:
        case CardAction.USE:
            return translate("offering", "Use this model")
        case CardAction.FOLLOW if offering.download is not None:
            return download_words(offering.download)
        case CardAction.WHY:
            return translate("offering", "Why?")
        case CardAction.DOWNLOAD:
            words = translate("offering", "Download {size}")
            return words.format(size=bytes_text(offering.size_bytes))
        case _:
            return translate("offering", "Details")


def download_words(download: Download) -> str:
    """Say how far a download is."""
    percent = count_text(int(download.fraction * 100))
    return translate("offering", STATE_WORDS[download.state]).format(percent=percent)


def unfit_words() -> str:
    """Say that a model cannot be used by this version of Quillhouse."""
    return translate("offering", "Cannot run here")


def sentence_words(offering: Offering) -> str:
    """Say what a model is good for, or what little is known of it."""
    candidate = offering.candidate
    if candidate.sentence:
        return translate("catalogue", candidate.sentence)
    said = []
    if candidate.n_downloads:
        text = translate("offering", "Downloaded {n} times in the last 30 days.")
        said.append(text.format(n=count_text(candidate.n_downloads)))
    if candidate.updated_on:
        text = translate("offering", "Last changed on {day}.")
        said.append(text.format(day=_day_words(candidate.updated_on)))
    if not said and offering.verdict is not None:
        said.append(verdict_sentence(offering.verdict))
    return " ".join(said) or translate("offering", "Open it to read what it is.")


def _day_words(text: str) -> str:
    """Give "1 October 2026" for a date as the Hub writes it."""
    day = QDate.fromString(text[:10], Qt.DateFormat.ISODate)
    return QLocale().toString(day, "d MMMM yyyy") if day.isValid() else text[:10]


def tag_words(offering: Offering) -> list[str]:
    """Give the facts worth a tag, what matters most first."""
    candidate, verdict = offering.candidate, offering.verdict
    tags = []
    if offering.installed is not None:
        tags.append(translate("offering", "Here already"))
    if offering.size_bytes and verdict is not None and offering.version is not None:
        text = translate("offering", "{size}, {quality}")
        quality = quality_words(verdict.quality.word)
        tags.append(text.format(size=size_words(offering), quality=quality))
    else:
        tags.append(size_words(offering))
    is_writer = candidate.uses[:1] != (Use.EMBEDDING,)
    if verdict is not None and verdict.state is not FitState.TOO_BIG and is_writer:
        tags.append(speed_words(verdict.speed))
    if candidate.n_parameters and verdict is None:
        text = translate("offering", "{n} parameters")
        tags.append(text.format(n=large_count_text(candidate.n_parameters)))
    if Capability.VISION in candidate.capabilities:
        tags.append(translate("offering", "no pictures here yet"))
    if candidate.n_ctx_train and is_writer:
        tags.append(memory_words(candidate))
    if len(candidate.languages) > 1:
        text = translate("offering", "{n} languages")
        tags.append(text.format(n=count_text(len(candidate.languages))))
    if offering.is_gated:
        tags.append(translate("offering", "asks before the download"))
    return tags


def maker_words(offering: Offering) -> str:
    """Say who made a model, and who packed it where that is all one knows."""
    return offering.candidate.publisher or offering.candidate.quantizer


def memory_words(candidate: Candidate) -> str:
    """Give "remembers about 190 pages"."""
    text = translate("offering", "remembers about {pages}")
    return text.format(pages=pages_text(candidate.n_ctx_train))


def spoken_words(offering: Offering) -> str:
    """Say everything that a card shows, for those who listen."""
    verdict = offering.verdict
    parts = [offering.candidate.name]
    if offering.is_recommended:
        parts.append(translate("offering", "Recommended for this computer"))
    if offering.is_unfit:
        parts.append(unfit_words())
    if verdict is not None:
        parts += [state_words(verdict.state), need_words(verdict)]
    parts += [sentence_words(offering).rstrip("."), *tag_words(offering)]
    parts += [badge_words(licence_for(offering.candidate)), maker_words(offering)]
    if offering.action not in {CardAction.DETAILS, CardAction.WHY}:
        parts.append(button_words(offering))
    return ". ".join(part for part in parts if part)


def language_words(candidate: Candidate) -> str:
    """Name the languages that a model knows."""
    names = [language_name(code) for code in candidate.languages]
    n_more = len(names) - MOST_LANGUAGES_NAMED
    listed = ", ".join(names[:MOST_LANGUAGES_NAMED])
    if n_more > 0:
        text = translate("offering", "{languages} and {n} more")
        return text.format(languages=listed, n=count_text(n_more))
    return listed
