"""Collections in words: how many files, how far they are, what is the matter."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.core.documents.collections import (
    CollectionState,
    CollectionSummary,
    IndexProgress,
    IndexStage,
)
from app.core.documents.embedding_model import EmbeddingModel
from app.core.documents.embedding_profiles import ALL_LANGUAGES
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.document_words import SEPARATOR
from app.ui.language_names import language_name
from app.ui.quantities import count_text, time_left_text
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import foreign_text

MOST_NAMED = 3
"""Languages that are named; of more the number is given."""
PERCENT = 100

translate = QCoreApplication.translate


def files_text(n: int) -> str:
    """Give "214 files"."""
    if n == 1:
        return translate("documents", "1 file")
    return translate("documents", "{n} files").format(n=count_text(n))


def page_count_text(n: int) -> str:
    """Give "3,120 pages"."""
    if n == 1:
        return translate("documents", "1 page")
    return translate("documents", "{n} pages").format(n=count_text(n))


def size_text(summary: CollectionSummary) -> str:
    """Give "214 files, 3,120 pages", and the languages."""
    if not summary.n_files:
        return translate("documents", "No files so far")
    counts = translate("documents", "{files}, {pages}").format(
        files=files_text(summary.n_files), pages=page_count_text(summary.n_pages)
    )
    named = languages_text(summary.languages)
    return SEPARATOR.join(part for part in (counts, named) if part)


def languages_text(codes: Sequence[str]) -> str:
    """Name some languages; of many only the first."""
    named = [language_name(code) for code in codes[:MOST_NAMED] if code]
    n_more = len(codes) - MOST_NAMED
    listed = ", ".join(named)
    if n_more > 0:
        text = translate("documents", "{languages} and {n} more")
        return text.format(languages=listed, n=count_text(n_more))
    return listed


def n_wanting(summary: CollectionSummary) -> int:
    """Count the files that the user should look at."""
    return summary.n_skipped + summary.n_partly


def done_fraction(summary: CollectionSummary, progress: IndexProgress | None) -> float | None:
    """Say how far the collection is, from 0 to 1; None while that says nothing."""
    is_moving = summary.state in {CollectionState.READING, CollectionState.UNDERSTANDING}
    if not is_moving:
        return None
    if progress is not None and _belongs(summary, progress) and progress.n_total:
        return min(1.0, progress.n_done / progress.n_total)
    n_done = summary.n_ready + summary.n_skipped
    if summary.state is CollectionState.READING:
        n_done = summary.n_searchable + summary.n_skipped
    return min(1.0, n_done / summary.n_files) if summary.n_files else 0.0


def _belongs(summary: CollectionSummary, progress: IndexProgress) -> bool:
    """Say whether what is told of a stage is about the one that the collection is in."""
    stages = {
        CollectionState.SCANNING: IndexStage.SCANNING,
        CollectionState.READING: IndexStage.READING,
        CollectionState.UNDERSTANDING: IndexStage.EMBEDDING,
    }
    return stages.get(summary.state) is progress.stage


_STATES = {
    CollectionState.EMPTY: QT_TRANSLATE_NOOP("documents", "Empty"),
    CollectionState.SCANNING: QT_TRANSLATE_NOOP("documents", "Looking for files"),
    CollectionState.READING: QT_TRANSLATE_NOOP("documents", "Reading {n} of {total}"),
    CollectionState.UNDERSTANDING: QT_TRANSLATE_NOOP("documents", "Understanding {percent} %"),
    CollectionState.READY: QT_TRANSLATE_NOOP("documents", "Ready"),
    CollectionState.PAUSED: QT_TRANSLATE_NOOP("documents", "Paused"),
    CollectionState.AWAY: QT_TRANSLATE_NOOP("documents", "Disk not connected"),
}


def state_text(summary: CollectionSummary, progress: IndexProgress | None = None) -> str:
    """Say in a few words what is going on."""
    if summary.state is CollectionState.READY and (n := n_wanting(summary)):
        return translate("documents", "Needs attention: {files}").format(files=files_text(n))
    fraction = done_fraction(summary, progress) or 0.0
    return translate("documents", _STATES[summary.state]).format(
        n=count_text(summary.n_searchable + summary.n_skipped),
        total=count_text(summary.n_files),
        percent=int(fraction * PERCENT),
    )


def state_tone(summary: CollectionSummary) -> Tone:
    """Say how it is meant."""
    match summary.state:
        case CollectionState.READY:
            return Tone.WARN if n_wanting(summary) else Tone.GOOD
        case CollectionState.AWAY:
            return Tone.WARN
        case CollectionState.EMPTY | CollectionState.PAUSED:
            return Tone.PLAIN
        case _:
            return Tone.NEUTRAL


def progress_text(summary: CollectionSummary, progress: IndexProgress | None) -> str:
    """Say how fast it goes, how long it will take, and with what; empty if nothing goes on."""
    parts: list[str] = []
    if summary.state is CollectionState.UNDERSTANDING:
        parts.append(translate("documents", "Already searchable by words"))
    if progress is not None and _belongs(summary, progress):
        parts.append(_speed_text(progress))
        if progress.seconds_left is not None:
            parts.append(time_left_text(progress.seconds_left))
        parts.append(_waiting_text(progress.waits_for))
        parts.append(foreign_text(progress.file_name))
    return SEPARATOR.join(part for part in parts if part)


def _speed_text(progress: IndexProgress) -> str:
    if progress.per_second is None or progress.per_second <= 0:
        return ""
    n = count_text(max(1, round(progress.per_second)))
    is_one = round(progress.per_second) <= 1
    if progress.stage is IndexStage.EMBEDDING:
        if is_one:
            return translate("documents", "1 passage per second")
        return translate("documents", "{n} passages per second").format(n=n)
    if is_one:
        return translate("documents", "1 page per second")
    return translate("documents", "{n} pages per second").format(n=n)


def _waiting_text(reason: str) -> str:
    match reason:
        case "chat":
            return translate("documents", "waits while an answer is written")
        case "battery":
            return translate("documents", "slowly, to spare the battery")
        case _:
            return ""


def spoken_text(summary: CollectionSummary, progress: IndexProgress | None) -> str:
    """Give a collection in one line, to be read aloud."""
    name = foreign_text(summary.collection.name)
    return ". ".join((name, state_text(summary, progress), size_text(summary)))


def model_name(model: EmbeddingModel) -> str:
    """Name a search model for somebody who does not know models."""
    if model.is_built_in:
        return translate("documents", "English, built in")
    return foreign_text(model.name)


def model_text(model: EmbeddingModel) -> str:
    """Say what a search model knows."""
    if model.is_built_in:
        return translate("documents", "Comes with Quillhouse. Knows English only.")
    codes = model.profile.languages
    if ALL_LANGUAGES in codes:
        return translate("documents", "Knows about a hundred languages.")
    return translate("documents", "Knows {languages}.").format(languages=languages_text(codes))


def name_for(paths: Sequence[Path]) -> str:
    """Propose a name for a collection of these folders and files."""
    first = paths[0].name or str(paths[0])
    if len(paths) == 1:
        return first
    parents = {path.parent for path in paths}
    if len(parents) == 1 and (shared := parents.pop().name):
        return shared
    text = translate("documents", "{name} and {n} more")
    return text.format(name=first, n=count_text(len(paths) - 1))


def new_sources(known: Sequence[Path], paths: Sequence[Path]) -> tuple[Path, ...]:
    """Give those of `paths` that are not within the `known` ones, each once."""
    added: list[Path] = []
    for path in paths:
        if not any(path == one or one in path.parents for one in (*known, *added)):
            added.append(path)
    return tuple(added)
