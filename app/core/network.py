"""What goes over the network: settings for it, and the ledger of every request."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HUB_HOST = "huggingface.co"
HUB_ENDPOINT = f"https://{HUB_HOST}"


class Purpose(StrEnum):
    """Why a request was made; shown in the ledger."""

    SEARCH = "search"
    MODEL_FACTS = "model_facts"
    """File names, sizes, hashes, licence."""
    MODEL_HEADER = "model_header"
    """The first part of a model file, to tell whether it runs here."""
    MODEL_CARD = "model_card"
    LICENCE = "licence"
    DOWNLOAD = "download"
    ACCESS_CHECK = "access_check"
    """Whether a token is valid."""
    UPDATE_CHECK = "update_check"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One request, after it has ended.

    Attributes:
        at: when it began, UTC.
        method: "GET", "HEAD" or "POST".
        host: whom it went to, as "host" or "host:port".
        subject: repository or search text that it was about; empty if none.
        bytes_up: sent, head and body; bytes_down: received, head and body.
        status: HTTP status; 0 when there was no answer.
    """

    at: datetime
    purpose: Purpose
    method: str
    host: str
    subject: str = ""
    bytes_up: int = 0
    bytes_down: int = 0
    status: int = 0


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How to reach the Hub.

    Attributes:
        is_offline: no connection may be opened.
        endpoint: the Hub, or a mirror of it.
        proxy: "http://host:port"; empty for that of the system.
        certificates: path of a file with further certificates (PEM); empty for none.
        token: for gated models; empty for none. Only ever sent to `endpoint`.
    """

    is_offline: bool = True
    endpoint: str = HUB_ENDPOINT
    proxy: str = ""
    certificates: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was sent and received since midnight, local time, in bytes."""

    sent_bytes: int = 0
    received_bytes: int = 0
