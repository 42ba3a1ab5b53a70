"""The token in the system's keyring, and systems that have none."""

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from app.core.errors import ErrorCode, WorldError
from app.store.token_store import ACCOUNT, SERVICE, TokenStore


class MemoryKeyring(keyring.backend.KeyringBackend):
    """Keeps passwords for as long as the test lasts; fails with `error` if that is set."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        del self.kept[service, username]


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before, mine = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_keeps_one_token(memory: MemoryKeyring) -> None:
    store = TokenStore()
    assert store.read() == ""
    store.keep("hf_a")
    store.keep("hf_b")
    assert store.read() == "hf_b"
    assert memory.kept == {(SERVICE, ACCOUNT): "hf_b"}
    store.forget()
    store.forget()
    assert (store.read(), memory.kept) == ("", {})


@pytest.mark.parametrize(
    "backend", [keyring.backends.fail.Keyring(), keyring.backends.null.Keyring()], ids=str
)
def test_a_system_without_a_keyring_is_no_bug(
    memory: MemoryKeyring, backend: keyring.backend.KeyringBackend
) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(WorldError) as raised:
        TokenStore().keep("hf_a")
    assert raised.value.code is ErrorCode.KEYRING_UNUSABLE
    assert raised.value.facts.reason
    assert "hf_a" not in f"{raised.value.facts} {raised.value.detail}"


def dbus_error() -> Exception:
    """An error that a backend lets through from below."""
    exceptions = pytest.importorskip("secretstorage.exceptions", exc_type=ImportError)
    error: Exception = exceptions.PromptDismissedException("dismissed")
    return error


@pytest.mark.parametrize(
    "error",
    [
        keyring.errors.KeyringLocked("locked"),
        keyring.errors.PasswordSetError("no"),
        OSError("bus"),
        RuntimeError("odd"),
        "dbus",
    ],
    ids=repr,
)
def test_a_keyring_that_refuses_is_no_bug(memory: MemoryKeyring, error: Exception | str) -> None:
    memory.error = dbus_error() if isinstance(error, str) else error
    store = TokenStore()
    for use in (store.read, store.forget, lambda: store.keep("hf_a")):
        with pytest.raises(WorldError) as raised:
            use()
        assert raised.value.code is ErrorCode.KEYRING_UNUSABLE
