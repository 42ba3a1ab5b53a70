"""What every test stands on: no screen, no user data of one's own, no network."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Uncaptured = Callable[[], AbstractContextManager[None]]
PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep tests away from the user's chats."""
    home = tmp_path / "home"
    monkeypatch.setenv("QUILLHOUSE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever opens a connection to anywhere from this process."""

    def refuse(self: socket.socket, address: object) -> None:
        raise AssertionError(f"a test tried to connect to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def starter_path() -> Path:
    """The bundled model, made by `packaging/dev.py`."""
    found = sorted((PROJECT / "resources" / "starter").glob("*.gguf"))
    assert found, "run `python3 packaging/dev.py test`: it fetches the starter model"
    return found[0]


@pytest.fixture(scope="session")
def embedding_path() -> Path:
    """The bundled embedding model, made by `packaging/dev.py`."""
    found = sorted((PROJECT / "resources" / "embedding").glob("*.gguf"))
    assert found, "run `python3 packaging/dev.py test`: it makes the embedding model"
    return found[0]


@pytest.fixture(scope="session")
def uncaptured(pytestconfig: pytest.Config) -> Uncaptured:
    """Let a table be printed though pytest keeps what tests print: `with uncaptured(): ...`."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    found: Uncaptured = capture.global_and_fixture_disabled
    return found
