"""Whose token it is, and what it may download."""

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import Purpose
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
        with translated(door.host, has_token=True):
            found = door.api(token).whoami()
    name = found.get("name")
    return str(name)[:80] if name else ""


def check_access(door: HubDoor, repo_id: str) -> None:
    """See that the files of a repository may be downloaded.

    Raises:
        WorldError: ACCESS_NEEDED, ACCESS_REFUSED, and as `app/hub/failures.py` says.
    """
    with (
        door.purpose(Purpose.ACCESS_CHECK, repo_id),
        translated(door.host, repo_id, has_token=door.has_token),
    ):
        door.api().auth_check(repo_id)
