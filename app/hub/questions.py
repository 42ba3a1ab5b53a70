"""Asks the Hub for JSON and for small texts; what comes is untrusted, so it has limits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.core.errors import ErrorCode, Facts, WorldError
from app.hub.door import HubDoor
from app.hub.failures import translated

if TYPE_CHECKING:
    import httpx2

MAX_JSON_BYTES = 16 << 20
"""A page of 30 repositories has about 0.3 MB."""
_PIECE_BYTES = 1 << 16

Parameters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered.

    Attributes:
        value: parsed JSON.
        next_url: of the next page; empty if this is the last one.
    """

    value: object
    next_url: str = ""


def ask(
    door: HubDoor, url: str, parameters: Parameters | None = None, repo_id: str = ""
) -> Answer:
    """Get JSON. Only inside `door.purpose(...)`.

    Args:
        door: to the network.
        url: the whole address.
        parameters: behind the question mark.
        repo_id: that is asked about, for the errors.

    Raises:
        WorldError: as `app/hub/failures.py` says; ANSWER_UNREADABLE for what is no JSON.
    """
    asked = dict(parameters) if parameters is not None else None
    with (
        translated(door.host, repo_id, has_token=door.has_token),
        door.session().stream("GET", url, params=asked, headers=door.headers()) as response,
    ):
        data = _checked_body(response, door.host, MAX_JSON_BYTES)
        following = response.links.get("next", {}).get("url", "")
        return Answer(json.loads(data), str(response.url.join(following)) if following else "")


def api_url(door: HubDoor, repo_id: str, rest: str = "") -> str:
    """Give the address of what the Hub says of a repository.

    Raises:
        WorldError: REPOSITORY_MISSING for what cannot be the name of one.
    """
    from huggingface_hub.utils._validators import validate_repo_id  # noqa: PLC0415 - slow

    with translated(door.host, repo_id):
        validate_repo_id(repo_id)
    return f"{door.endpoint}/api/models/{quote(repo_id)}{rest}"


def read_text(door: HubDoor, repo_id: str, path: str, revision: str, limit_bytes: int) -> str:
    """Give a text file of a repository, cut off after `limit_bytes`.

    Only inside `door.purpose(...)`. Bytes that are no UTF-8 become U+FFFD.

    Raises:
        WorldError: REMOTE_FILE_MISSING, and as `app/hub/failures.py` says.
    """
    url = door.file_url(repo_id, path, revision)
    with (
        translated(door.host, repo_id, path, has_token=door.has_token),
        door.session().stream("GET", url, headers=door.headers()) as response,
    ):
        _raise_for_status(response)
        return _limited_body(response, limit_bytes).decode("utf-8", "replace")


def _checked_body(response: "httpx2.Response", host: str, limit_bytes: int) -> bytes:
    _raise_for_status(response)
    data = _limited_body(response, limit_bytes + 1)
    if len(data) > limit_bytes:
        raise WorldError(ErrorCode.ANSWER_UNREADABLE, Facts(host=host), "too long")
    return data


def _raise_for_status(response: "httpx2.Response") -> None:
    from huggingface_hub.utils._http import hf_raise_for_status  # noqa: PLC0415 - slow

    hf_raise_for_status(response)


def _limited_body(response: "httpx2.Response", limit_bytes: int) -> bytes:
    """Read a body up to a limit; the connection is given up when there is more."""
    found = bytearray()
    for piece in response.iter_bytes(_PIECE_BYTES):
        found += piece[: limit_bytes - len(found)]
        if len(found) >= limit_bytes:
            break
    return bytes(found)
