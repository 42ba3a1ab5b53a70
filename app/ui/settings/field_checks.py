"""What is wrong, or worth knowing, about an address or a path that is being typed."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl

from app.core.network import HUB_ENDPOINT
from app.core.settings import SettingKey

PROXY_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})
LINE_KEYS = frozenset(
    {
        SettingKey.PROXY,
        SettingKey.CERTIFICATES,
        SettingKey.HUB_ENDPOINT,
        SettingKey.MODELS_FOLDER,
    }
)
"""Settings that are one line and no prose."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about what was typed.

    Attributes:
        is_problem: it cannot be used so, and is not taken; else it is only worth knowing.
    """

    text: str
    is_problem: bool = True


def check_line(key: SettingKey, text: str) -> Finding | None:
    """Look at what was typed for a setting; None if there is nothing to say about it."""
    match key:
        case SettingKey.PROXY:
            return _check_proxy(text)
        case SettingKey.HUB_ENDPOINT:
            return _check_endpoint(text)
        case _ if text and not Path(text).is_absolute():
            words = translate("FieldChecks", "Give the whole path, or choose it with the button.")
            return Finding(words)
        case _:
            return None


def _check_proxy(text: str) -> Finding | None:
    if not text:
        return None
    address = QUrl(text, QUrl.ParsingMode.StrictMode)
    if address.scheme() not in PROXY_SCHEMES or "://" not in text:
        words = translate(
            "FieldChecks", "Begin with http:// or socks5://, as in http://proxy.example:3128."
        )
        return Finding(words)
    if not address.isValid() or not address.host():
        words = translate("FieldChecks", "After :// the name of the proxy is missing or unclear.")
        return Finding(words)
    if address.path() not in {"", "/"} or address.hasQuery() or address.hasFragment():
        words = translate("FieldChecks", "Only name and port belong here, nothing after them.")
        return Finding(words)
    if address.password():
        words = translate(
            "FieldChecks",
            "The password in it is kept readable in Quillhouse's settings on this computer.",
        )
        return Finding(words, is_problem=False)
    return None


def _check_endpoint(text: str) -> Finding | None:
    if text.rstrip("/") == HUB_ENDPOINT:
        return None
    address = QUrl(text, QUrl.ParsingMode.StrictMode)
    if address.scheme() not in {"https", "http"} or "://" not in text:
        words = translate("FieldChecks", "Begin with https://; the arrow brings back {address}.")
        return Finding(words.format(address=HUB_ENDPOINT))
    if not address.isValid() or not address.host():
        words = translate("FieldChecks", "After :// the name of the server is missing or unclear.")
        return Finding(words)
    if address.userInfo() or address.hasQuery() or address.hasFragment():
        words = translate("FieldChecks", "Only the address of the server belongs here.")
        return Finding(words)
    words = translate(
        "FieldChecks",
        "This server sees what you search for and download, and the checksums that files are"
        " checked against come from it as well. Use it only if you trust it.",
    )
    if address.scheme() == "http":
        plain = translate(
            "FieldChecks", "The connection is not encrypted: others on the way see it, too."
        )
        words = f"{words} {plain}"
    return Finding(words, is_problem=False)
