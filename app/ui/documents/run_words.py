"""Questions to every file, in words."""

from PySide6.QtCore import QCoreApplication

from app.core.documents.collections import CollectionSummary
from app.core.documents.evidence import FileAnswers
from app.ui.document_words import SEPARATOR
from app.ui.documents.document_words import files_text
from app.ui.engine_picture import EnginePicture, loading_text
from app.ui.quantities import count_text, time_left_text

translate = QCoreApplication.translate


def progress_text(answers: FileAnswers, *, is_running: bool) -> str:
    """Say how far a run is: "12 of 40 files, about 3 minutes left"."""
    n_done = len(answers.rows)
    text = translate("documents", "{n} of {files}")
    counted = text.format(n=count_text(n_done), files=files_text(answers.n_files))
    if is_running:
        left = answers.seconds_left
        return f"{counted}, {time_left_text(left)}" if left is not None else counted
    if n_done < answers.n_files:
        stopped = translate("documents", "Stopped after {counted}").format(counted=counted)
        return SEPARATOR.join((stopped, found_text(answers)))
    asked = translate("documents", "{files} asked").format(files=files_text(answers.n_files))
    return SEPARATOR.join((asked, found_text(answers)))


def engine_text(engine: EnginePicture) -> str:
    """Say what a run with a model waits for; empty if it does not, or if more must be said."""
    if engine.is_given_up:
        return ""
    if engine.is_starting:
        return translate("documents", "the engine is starting")
    return loading_text(engine.loading) if engine.is_loading else ""


def left_out_text(summary: CollectionSummary) -> str:
    """Say which files of a collection cannot be asked; empty if all can."""
    n_waiting = summary.n_files - summary.n_searchable - summary.n_skipped
    parts: list[str] = []
    if summary.n_skipped == 1:
        parts.append(translate("documents", "1 file could not be read and is left out"))
    elif summary.n_skipped:
        text = translate("documents", "{files} could not be read and are left out")
        parts.append(text.format(files=files_text(summary.n_skipped)))
    if n_waiting > 0:
        text = translate("documents", "not read yet: {files}")
        parts.append(text.format(files=files_text(n_waiting)))
    return SEPARATOR.join(parts)


def found_text(answers: FileAnswers) -> str:
    """Say how many files have answered."""
    n = sum(1 for row in answers.rows if row.answer)
    if n == 1:
        return translate("documents", "1 answer")
    return translate("documents", "{n} answers").format(n=count_text(n))
