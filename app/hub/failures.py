"""What the client library raises and servers answer, as errors of this program."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from app.core.errors import ErrorCode, Facts, WorldError

_RETRY_STATUSES = frozenset({408, 429})
_RATE_LIMITED = 429
_SERVER_ERROR = 500
_UNKNOWN_WAIT_S = 60.0
"""Said when a server that is asked too often does not say how long to wait."""
_LONGEST_WAIT_S = 3600.0
"""A server may say more, but then it is worth asking."""
_UNAUTHORIZED, _NOT_FOUND, _TAKEN_DOWN = 401, 404, 451


def of_connection(error: Exception, host: str, proxy_host: str) -> WorldError:
    """Say what a failed connection means.

    Args:
        error: an httpx2.TransportError.
        host: that was asked.
        proxy_host: on the way to it; empty if none was, or the connection stood already.
    """
    import httpx2  # noqa: PLC0415 - slow to import, and here already

    # What is wrong with a request is said together with its head, and the token is in that.
    is_ours = isinstance(error, httpx2.LocalProtocolError)
    reason = type(error).__name__ if is_ours else _text_of(error)
    if isinstance(error, httpx2.ConnectError) and _is_about_trust(error):
        return WorldError(ErrorCode.CERTIFICATE_REFUSED, Facts(host=host, reason=reason), reason)
    is_connecting = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
    if isinstance(error, httpx2.ProxyError) or (proxy_host and is_connecting):
        facts = Facts(host=proxy_host or host, reason=reason)
        return WorldError(ErrorCode.PROXY_FAILED, facts, reason)
    if isinstance(error, httpx2.TimeoutException) and not is_connecting:
        return WorldError(ErrorCode.SERVER_SILENT, Facts(host=host), reason)
    return WorldError(ErrorCode.NO_CONNECTION, Facts(host=host, reason=reason), reason)


def of_answer(
    status: int, headers: Mapping[str, str], host: str, *, is_hub: bool
) -> WorldError | None:
    """Say what an answer means that is none: too many questions, a broken server, a portal.

    Args:
        status: of HTTP.
        headers: of the answer.
        host: that was asked.
        is_hub: the Hub itself was asked. It answers with JSON, or with a file and the commit
            that it is of, so that a page in HTML comes from something in between.
    """
    if status == _RATE_LIMITED:
        return WorldError(
            ErrorCode.RATE_LIMITED, Facts(host=host, seconds=_seconds_to_wait(headers))
        )
    if status >= _SERVER_ERROR or status in _RETRY_STATUSES:
        return WorldError(ErrorCode.SERVER_FAILED, Facts(host=host, reason=str(status)))
    is_page = headers.get("content-type", "").lower().startswith("text/html")
    is_file = "x-repo-commit" in headers
    if is_hub and is_page and not is_file and status < 300:  # noqa: PLR2004 - success
        return WorldError(ErrorCode.SIGN_IN_PAGE, Facts(host=host), "a page of another's")
    return None


@contextmanager
def translated(
    host: str, repo_id: str = "", file_name: str = "", *, has_token: bool = False
) -> Iterator[None]:
    """Turn what the client library raises inside into WorldError.

    Args:
        host: that is asked.
        repo_id: of the repository that is asked about.
        file_name: that is asked about.
        has_token: a token was sent, which tells who was refused.

    Raises:
        WorldError: REPOSITORY_MISSING, REVISION_MISSING, REMOTE_FILE_MISSING, ACCESS_NEEDED,
            ACCESS_REFUSED, TOKEN_REFUSED, REPOSITORY_DISABLED, SIGN_IN_PAGE,
            ANSWER_UNREADABLE, SERVER_FAILED, OFFLINE, and those of connections.
    """
    try:
        yield
    except WorldError:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        facts = Facts(host=host, repo_id=repo_id, file_name=file_name)
        failure = _of_library(error, facts, has_token=has_token)
        if failure is None:
            raise
        raise failure from error


def _of_library(error: Exception, facts: Facts, *, has_token: bool) -> WorldError | None:
    import httpx2  # noqa: PLC0415 - slow to import, and here already
    from huggingface_hub import errors  # noqa: PLC0415

    # The text of most of these has the address in it, and that what the user searched for.
    detail = type(error).__name__
    if isinstance(error, errors.HfHubHTTPError):
        status = error.response.status_code
        detail = f"{detail} {status}"
        code = _code_of_refusal(error, status, has_token=has_token)
        is_unclear = code is ErrorCode.SERVER_FAILED
        return WorldError(code, replace(facts, reason=str(status) if is_unclear else ""), detail)
    if isinstance(error, RuntimeError) and "has been closed" in str(error):
        # The settings were changed between getting the client and using it.
        return WorldError(ErrorCode.NO_CONNECTION, facts, detail)
    if isinstance(error, httpx2.TransportError):
        return of_connection(error, facts.host, "")
    by_type: tuple[tuple[type[Exception] | tuple[type[Exception], ...], ErrorCode], ...] = (
        (errors.OfflineModeIsEnabled, ErrorCode.OFFLINE),
        (errors.HFValidationError, ErrorCode.REPOSITORY_MISSING),
        # Both are raised where an answer lacks what only the Hub would say.
        ((errors.FileMetadataError, errors.LocalEntryNotFoundError), ErrorCode.SIGN_IN_PAGE),
    )
    for kinds, code in by_type:
        if isinstance(error, kinds):
            return WorldError(code, facts, detail)
    if isinstance(error, OSError) and not isinstance(error, httpx2.HTTPError):
        return None
    # JSON that is none, or lacks what the library takes for granted.
    return WorldError(ErrorCode.ANSWER_UNREADABLE, replace(facts, reason=detail), detail)


def _code_of_refusal(error: Exception, status: int, *, has_token: bool) -> ErrorCode:
    """Say what a refusal of the Hub means. GatedRepoError is a RepositoryNotFoundError too."""
    from huggingface_hub import errors  # noqa: PLC0415 - slow to import, and here already

    by_type: tuple[tuple[type[Exception], ErrorCode], ...] = (
        (errors.GatedRepoError, _refusal(has_token=has_token)),
        (errors.DisabledRepoError, ErrorCode.REPOSITORY_DISABLED),
        (errors.RevisionNotFoundError, ErrorCode.REVISION_MISSING),
        (errors.RemoteEntryNotFoundError, ErrorCode.REMOTE_FILE_MISSING),
        (errors.RepositoryNotFoundError, ErrorCode.REPOSITORY_MISSING),
    )
    for kind, code in by_type:
        if isinstance(error, kind):
            return code
    by_status = {
        _UNAUTHORIZED: ErrorCode.TOKEN_REFUSED if has_token else ErrorCode.REPOSITORY_MISSING,
        _NOT_FOUND: ErrorCode.REPOSITORY_MISSING,
        _TAKEN_DOWN: ErrorCode.REPOSITORY_DISABLED,
    }
    return by_status.get(status, ErrorCode.SERVER_FAILED)


def _refusal(*, has_token: bool) -> ErrorCode:
    return ErrorCode.ACCESS_REFUSED if has_token else ErrorCode.ACCESS_NEEDED


def _seconds_to_wait(headers: Mapping[str, str]) -> float:
    from huggingface_hub.utils._http import parse_ratelimit_headers  # noqa: PLC0415 - as above

    limit = parse_ratelimit_headers(headers)
    if limit is not None and limit.remaining == 0:
        return min(float(limit.reset_in_seconds), _LONGEST_WAIT_S)
    retry_after = headers.get("retry-after", "").strip()
    if not retry_after.isdecimal():
        return _UNKNOWN_WAIT_S
    return min(float(retry_after), _LONGEST_WAIT_S)


def _is_about_trust(error: BaseException) -> bool:
    """Whether TLS is behind `error`: the library hides its exception two layers down."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _text_of(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
