"""Keeps the token for gated models in the system's keyring: never in a file of our own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import ErrorCode, Facts, WorldError

SERVICE = "Quillhouse"
ACCOUNT = "huggingface.co"
_FOREIGN_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("jeepney.auth", "AuthenticationError"),
    ("pywintypes", "error"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)
"""What backends of `keyring` let through of the libraries that they stand on."""
_MAX_REASON_CHARACTERS = 120


class TokenStore:
    """Reads, keeps and forgets one token. Each call may wait for the user to unlock the keyring.

    All methods raise WorldError: KEYRING_UNUSABLE.
    """

    def read(self) -> str:
        """Give the token; empty if none is kept."""
        with _reported():
            import keyring  # noqa: PLC0415 - looks for backends, which takes 0.1 s

            return keyring.get_password(SERVICE, ACCOUNT) or ""

    def keep(self, token: str) -> None:
        """Keep `token` in the place of another one."""
        with _reported():
            import keyring  # noqa: PLC0415 - as above

            keyring.set_password(SERVICE, ACCOUNT, token)
            is_kept = keyring.get_password(SERVICE, ACCOUNT) == token
        if not is_kept:
            # A keyring that was switched off takes everything and keeps nothing.
            raise _unusable("the keyring keeps nothing")

    def forget(self) -> None:
        """Keep no token any more."""
        with _reported():
            import keyring  # noqa: PLC0415 - as above

            if keyring.get_password(SERVICE, ACCOUNT) is not None:
                keyring.delete_password(SERVICE, ACCOUNT)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        from keyring.errors import KeyringError  # noqa: PLC0415 - as above
    except ImportError as error:
        raise _unusable("no keyring") from error
    kinds: tuple[type[Exception], ...] = (
        KeyringError,
        OSError,
        RuntimeError,
        ImportError,
        *_foreign_kinds(),
    )
    try:
        yield
    except kinds as error:
        raise _unusable(_reason(error)) from error


def _foreign_kinds() -> Iterator[type[Exception]]:
    for module, name in _FOREIGN_ERRORS:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            yield kind


def _reason(error: BaseException) -> str:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError  # noqa: PLC0415

    if isinstance(error, NoKeyringError | InitError):
        return "no keyring service"
    if isinstance(error, KeyringLocked):
        return "the keyring is locked"
    return f"{type(error).__name__}: {error}"[:_MAX_REASON_CHARACTERS]


def _unusable(reason: str) -> WorldError:
    return WorldError(ErrorCode.KEYRING_UNUSABLE, Facts(reason=reason), reason)
