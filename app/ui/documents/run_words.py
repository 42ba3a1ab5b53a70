"""Questions to every file, in words."""

from PySide6.QtCore import QCoreApplication

from app.core.documents.evidence import FileAnswers
from app.ui.documents.document_words import SEPARATOR, files_text
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


def found_text(answers: FileAnswers) -> str:
    """Say how many files have answered."""
    n = sum(1 for row in answers.rows if row.answer)
    if n == 1:
        return translate("documents", "1 answer")
    return translate("documents", "{n} answers").format(n=count_text(n))
