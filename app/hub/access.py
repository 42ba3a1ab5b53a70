"""Whose token it is."""

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import Purpose
from app.hub.connection import is_token
from app.hub.door import HubDoor
from app.hub.failures import translated


def who_is(door: HubDoor, token: str) -> str:
    """Give the name of the account that `token` is of.

    Raises:
        WorldError: TOKEN_REFUSED; TOKEN_NOT_FOR_MIRROR; and as `app/hub/failures.py` says.
    """
    with door.purpose(Purpose.ACCESS_CHECK):
        if not door.may_send_token:
            raise WorldError(ErrorCode.TOKEN_NOT_FOR_MIRROR, Facts(host=door.host))
        if not is_token(token):
            raise WorldError(ErrorCode.TOKEN_REFUSED, Facts(host=door.host), "not one word")
        with translated(door.host, has_token=True):
            found = door.api(token).whoami()
    name = found.get("name")
    return str(name)[:80] if name else ""
