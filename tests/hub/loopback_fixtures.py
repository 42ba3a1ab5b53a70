"""A Hub on this computer, and the one hole in the wall around tests: to 127.0.0.1.

Imported by the `conftest.py` of each folder whose tests download.
"""

import socket
from collections.abc import Iterator

import pytest
from huggingface_hub import constants, set_client_factory
from huggingface_hub.utils._http import default_client_factory

from tests.hub.loopback_hub import LoopbackHub

Address = tuple[object, ...] | str | bytes
_CONNECT = socket.socket.connect


@pytest.fixture
def allow_loopback(no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections to 127.0.0.1 through, and those to nowhere else."""

    def connect(self: socket.socket, address: Address) -> None:
        is_loopback = isinstance(address, tuple) and address[0] == "127.0.0.1"
        assert is_loopback, f"a test tried to connect to {address!r}"
        _CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def hub(allow_loopback: None) -> Iterator[LoopbackHub]:
    """A loopback Hub without any repository; the client library is left as it was found."""
    with LoopbackHub() as running:
        yield running
    set_client_factory(default_client_factory)
    constants.HF_HUB_OFFLINE = False
