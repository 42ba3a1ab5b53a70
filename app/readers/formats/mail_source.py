"""Takes the source of an e-mail apart, and says how much of one is read."""

from collections.abc import Callable
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.message import Message
from functools import partial
from pathlib import Path

from app.readers.refusals import damaged

MAX_TEXT_BYTES = 20_000_000
"""Of one part."""
MAX_PARTS = 1_000
"""Of a letter with those within it."""
MAX_DEPTH = 5
"""Of letters within letters."""
TEXT_TYPE_OF_ENDING = {
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".csv": "text/csv",
    ".md": "text/markdown",
}
"""What is read of files that are sent along, by the endings of their names in small letters."""
TEXT_TYPES = frozenset(TEXT_TYPE_OF_ENDING.values())


def parsed_letter(data: bytes, path: Path) -> Message:
    """Parse an e-mail as it was sent.

    Raises:
        WorldError: DOCUMENT_DAMAGED.
    """
    return _parsed(partial(message_from_bytes, data), path)


def parsed_headers(text: str, path: Path) -> Message:
    """Parse the headers of an e-mail, which its text does not follow.

    Raises:
        WorldError: DOCUMENT_DAMAGED.
    """
    # An empty line would end them before the first.
    text = text.lstrip()
    first, _, rest = text.partition("\n")
    if ":" not in first:
        # Old servers have put a line of their own before them.
        text = rest.lstrip()
    return _parsed(partial(message_from_string, text), path)


def _parsed(parse: Callable[..., Message], path: Path) -> Message:
    # The newer policies fail at many headers that are not well formed.
    try:
        return parse(policy=policy.compat32)
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise damaged(path, f"mail: {type(error).__name__}") from error


def raw_header(message: Message, name: str) -> str:
    """Give a header as it stands in the mail; empty when there is none.

    Args:
        message: with bytes beyond ASCII as they are, which `get` would replace.
        name: in small letters.
    """
    return next((str(raw) for key, raw in message.raw_items() if key.casefold() == name), "")
