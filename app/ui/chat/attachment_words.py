"""What is said in a chat of files that were dropped on it and cannot be asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.core.document_events import NewCollectionRequest
from app.core.documents.collections import CollectionSummary
from app.core.errors import Failure
from app.ui.document_words import SEPARATOR
from app.ui.messages import message_for
from app.ui.quantities import count_text

MOST_NAMED = 5

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class AttachmentTrouble:
    """Title and text of a notice."""

    title: str
    text: str


def unread_trouble(attached: Sequence[CollectionSummary]) -> AttachmentTrouble | None:
    """Say why files of a chat could not be read; None if all were."""
    failures = [failure for summary in attached for failure in summary.skipped]
    n_skipped = sum(summary.n_skipped for summary in attached if summary.skipped)
    if not failures:
        return None
    if n_skipped == 1:
        message = message_for(failures[0])
        return AttachmentTrouble(message.title, f"{message.what_happened} {message.what_to_do}")
    title = translate("AttachmentWords", "{n} files could not be read")
    named = [_named(failure) for failure in failures[:MOST_NAMED]]
    if n_more := n_skipped - len(named):
        named.append(translate("AttachmentWords", "and {n} more").format(n=count_text(n_more)))
    return AttachmentTrouble(title.format(n=count_text(n_skipped)), SEPARATOR.join(named))


def _named(failure: Failure) -> str:
    text = translate("AttachmentWords", "{file}: {reason}")
    return text.format(file=failure.facts.file_name, reason=message_for(failure).title)


def unkept_trouble(request: NewCollectionRequest, failure: Failure) -> AttachmentTrouble:
    """Say why files or a text could not be added to a chat at all."""
    message = message_for(failure)
    title = translate("AttachmentWords", "“{name}” could not be added")
    text = f"{message.what_happened} {message.what_to_do}"
    if request.pasted_text:
        back = translate("AttachmentWords", "The text is in the message again.")
        text = f"{text} {back}"
    return AttachmentTrouble(title.format(name=request.name), text)


def unread_state(summary: CollectionSummary) -> str:
    """Say on a chip how many of its files could not be read; empty if all were."""
    if not summary.skipped:
        return ""
    if summary.n_skipped >= summary.n_files:
        return translate("AttachmentWords", "could not be read")
    text = translate("AttachmentWords", "{n} of {all} could not be read")
    return text.format(n=count_text(summary.n_skipped), all=count_text(summary.n_files))
