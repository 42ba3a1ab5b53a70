"""Says why a document cannot be read."""

from pathlib import Path

from app.core.errors import ErrorCode, Facts, WorldError


def refusal(
    code: ErrorCode, path: Path, reason: str = "", *, needed_bytes: int = 0, detail: str = ""
) -> WorldError:
    """Give the error for a document.

    Args:
        code: one of the DOCUMENT_* codes.
        path: of the document.
        reason: for the sentence shown, where the code has one; no text of the document.
        needed_bytes: what it would unpack to, where that is the trouble.
        detail: for the log; no text of the document.
    """
    facts = Facts(path.name, str(path), reason=reason, needed_bytes=needed_bytes)
    return WorldError(code, facts, detail or reason)


def damaged(path: Path, reason: str) -> WorldError:
    """Give the error for a document that cannot be understood."""
    return refusal(ErrorCode.DOCUMENT_DAMAGED, path, reason)


def too_complex(path: Path, reason: str) -> WorldError:
    """Give the error for a document that has more of something than is read."""
    return refusal(ErrorCode.DOCUMENT_TOO_COMPLEX, path, reason)


def unreadable(path: Path, error: OSError) -> WorldError:
    """Give the error for a document that the disk does not give."""
    return refusal(ErrorCode.DOCUMENT_UNREADABLE, path, error.strerror or type(error).__name__)


def unsupported(path: Path, format_name: str) -> WorldError:
    """Give the error for a format that is not read."""
    return refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, format_name)
