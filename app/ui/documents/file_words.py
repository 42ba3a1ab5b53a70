"""Files of a collection in words: how far each is, and what is the matter."""

import sys

from PySide6.QtCore import QCoreApplication

from app.core.documents.collections import FileHealth, FileState
from app.core.documents.text import PageUnit
from app.core.errors import ErrorCode
from app.ui.documents.place_words import numbers_text
from app.ui.messages import message_for
from app.ui.widgets.badge import Tone

SCANS = frozenset({ErrorCode.DOCUMENT_IS_SCAN, ErrorCode.OCR_MISSING})

translate = QCoreApplication.translate


def wants_attention(file: FileHealth) -> bool:
    """Say whether something in this file cannot be found."""
    return (
        file.state in {FileState.SKIPPED, FileState.AWAY}
        or bool(file.pages_without_text)
        or file.failure is not None
    )


def is_scan(file: FileHealth) -> bool:
    """Say whether the file holds pictures of pages that nobody could read."""
    has_code = file.failure is not None and file.failure.code in SCANS
    return has_code or bool(file.pages_without_text)


def is_unread(file: FileHealth) -> bool:
    """Say whether the file cannot be found yet."""
    return file.state in {FileState.WAITING, FileState.READING}


def state_text(file: FileHealth) -> str:
    """Say how far a file is, with the reason where there is one."""
    reason = message_for(file.failure).title if file.failure is not None else ""
    match file.state:
        case FileState.WAITING:
            return translate("documents", "Waiting to be read")
        case FileState.READING:
            return translate("documents", "Being read")
        case FileState.AWAY:
            return translate("documents", "Disk not connected")
        case FileState.SKIPPED:
            return reason or translate("documents", "Not read")
        case FileState.SEARCHABLE | FileState.READY:
            return _read_text(file, reason)


def _read_text(file: FileHealth, reason: str) -> str:
    if file.pages_without_text:
        n = len(file.pages_without_text)
        text = translate("documents", "{n} of {total} pages have no text")
        return text.format(n=n, total=file.n_pages)
    if reason:
        return translate("documents", "Read: {reason}").format(reason=reason)
    if file.state is FileState.SEARCHABLE:
        return translate("documents", "Found by its words so far")
    return translate("documents", "Ready")


def state_tone(file: FileHealth) -> Tone:
    """Say how it is meant."""
    if file.state is FileState.SKIPPED:
        return Tone.BAD
    if wants_attention(file):
        return Tone.WARN
    return Tone.GOOD if file.state is FileState.READY else Tone.PLAIN


def explanation(file: FileHealth) -> str:
    """Say in whole sentences what is the matter with a file, and what can be done."""
    parts: list[str] = []
    if file.pages_without_text:
        parts.append(_missing_text(file))
    if file.failure is not None:
        message = message_for(file.failure)
        parts += [message.what_happened, message.what_to_do]
    if not parts:
        parts.append(_plain_text(file))
    return " ".join(part for part in parts if part)


def _missing_text(file: FileHealth) -> str:
    numbers = numbers_text(file.pages_without_text)
    if file.unit is PageUnit.PAGE:
        text = translate(
            "documents", "There is no text on these pages, so nothing on them is found: {numbers}."
        )
    else:
        text = translate(
            "documents", "There is no text in these parts, so nothing in them is found: {numbers}."
        )
    return text.format(numbers=numbers)


def _plain_text(file: FileHealth) -> str:
    match file.state:
        case FileState.WAITING:
            return translate("documents", "It will be read by itself.")
        case FileState.READING:
            return translate("documents", "It is being read now.")
        case FileState.SEARCHABLE:
            return translate(
                "documents",
                "It is found by its words. Its meaning is worked out by itself, and then it is"
                " also found by other words for the same thing.",
            )
        case FileState.AWAY:
            return translate(
                "documents",
                "Its disk or folder is not there now. Connect it, and it is found again.",
            )
        case FileState.SKIPPED:
            return translate("documents", "It was not read.")
        case FileState.READY:
            return translate("documents", "All of it can be found.")


def tesseract_text(platform: str = sys.platform) -> str:
    """Say how to get Tesseract on this kind of computer; `platform` as in `sys.platform`."""
    if platform == "win32":
        return translate(
            "documents",
            "Download the Tesseract installer of UB Mannheim, run it, and start Quillhouse again.",
        )
    if platform == "darwin":
        return translate(
            "documents",
            "Open Terminal, type “brew install tesseract tesseract-lang” (it needs Homebrew), and"
            " start Quillhouse again.",
        )
    return translate(
        "documents",
        "Install “tesseract-ocr” with the program for software of your system, together with the"
        " languages of your documents, as “tesseract-ocr-deu”, and start Quillhouse again.",
    )
