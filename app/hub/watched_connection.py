"""Connections that say which request they carry, so that it can be cut off before an answer.

An answer names its connection, but only once it has begun: until then a server that is silent
would hold a request for as long as the time limit is.
"""

import socket
import ssl
import threading
from collections.abc import Iterable

import httpcore2

from app.hub.exchange import Exchange

SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class Present(threading.local):
    """The request that the running thread waits for; None for none."""

    exchange: Exchange | None = None

    def uses(self, stream: httpcore2.NetworkStream) -> None:
        """Note the connection that the present request goes over."""
        found = stream.get_extra_info("socket")
        if self.exchange is not None and isinstance(found, socket.socket):
            self.exchange.connection = found


class WatchedBackend(httpcore2.NetworkBackend):
    """Opens connections that tell `Present` when they are used."""

    def __init__(self, present: Present) -> None:
        self._present, self._inner = present, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a connection."""
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _WatchedStream(stream, self._present)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._inner.sleep(seconds)


class _WatchedStream(httpcore2.NetworkStream):
    """A connection; each request is written to it by the thread that then waits."""

    def __init__(self, inner: httpcore2.NetworkStream, present: Present) -> None:
        self._inner, self._present = inner, present
        # The socket's own method: nothing stands between it and what is received.
        self.read = inner.read  # type: ignore[method-assign]

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._present.uses(self._inner)
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout)
        return _WatchedStream(inner, self._present)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
