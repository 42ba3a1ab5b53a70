"""What of a model's text may reach the screen: characters, links, and the host behind a link."""

import re
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QUrl

# A browser or mail program opens these; every other scheme (file, smb, javascript, data, qrc,
# ms-msdt ...) can read files, run programs or send a password hash, so it stays text.
_WEB_SCHEMES: Final = frozenset({"http", "https"})

# The longest host name DNS allows is 253 characters.
_LONGEST_ADDRESS_CHARS: Final = 300

_ADDRESS = re.compile(r"(?i)(?:https?://|www\.)?(?:[^\s/@]+@)?((?:[^\s./@:?#]+\.)+[^\W\d_]{2,})")


def _character_class(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)


_REMOVED = re.compile(
    "["
    + _character_class(
        (
            (0x00, 0x08),  # control characters but tab and newline; escape starts ANSI codes
            (0x0B, 0x1F),
            (0x7F, 0x9F),
            (0xAD, 0xAD),  # soft hyphen and other invisible fillers
            (0x034F, 0x034F),
            (0x180E, 0x180E),
            (
                0x200B,
                0x200B,
            ),  # zero-width space; joiners U+200C and U+200D stay: scripts need them
            (0x202A, 0x202E),  # bidirectional embedding and override; the plain marks stay
            (0x2060, 0x206F),
            (0xD800, 0xDFFF),  # lone surrogates cannot be passed to Qt
            (0xFDD0, 0xFDEF),  # QTextDocument keeps its frame marks here
            (0xFEFF, 0xFEFF),
            (0xFFF9, 0xFFFC),  # QTextDocument keeps objects at U+FFFC
            (0xFFFE, 0xFFFF),
            (0xE0000, 0xE0FFF),  # invisible tags, used to smuggle text past the reader
        )
    )
    + "]"
)


def visible_text(text: str) -> str:
    """Remove characters that hide or reorder text; the result does not depend on batch borders."""
    if not text.isascii():
        # QTextDocument would start a new paragraph or line here behind the parser's back.
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return _REMOVED.sub("", text)


def masked_text(text: str) -> str:
    """Put a space for each character that hides or reorders text, so that offsets stay true."""
    return _REMOVED.sub(" ", text.replace("\u2028", "\n").replace("\u2029", "\n"))


def is_safe_link(url: str) -> bool:
    """Say whether `url` may be clickable: http, https or mailto with a visible destination."""
    address = QUrl(url)
    scheme = address.scheme()
    if scheme in _WEB_SCHEMES:
        # `https://bank.example@evil.example` shows one host and opens another.
        return bool(address.host()) and not address.userInfo()
    if scheme == "mailto":
        # Some mail programs attach the local file that `attach=` names.
        return "@" in address.path() and "attach" not in address.query().lower()
    return False


def link_host(url: str) -> str:
    """The host that `url` leads to; for mailto the part after the last `@`."""
    address = QUrl(url)
    if address.scheme() == "mailto":
        return address.path().rpartition("@")[2].lower()
    # Decoded, a host with Cyrillic letters could look like one with Latin letters.
    return address.host(QUrl.ComponentFormattingOption.FullyEncoded).lower()


def misleading_host(link_text: str, url: str) -> str:
    """The real host of `url` if `link_text` shows an address of another host, else `""`."""
    host = link_host(url)
    for word in link_text.split():
        shown = _ADDRESS.match(word.lstrip("([<\"'"), 0, _LONGEST_ADDRESS_CHARS)
        if shown and shown[1].lower().removeprefix("www.") != host.removeprefix("www."):
            return host
    return ""
