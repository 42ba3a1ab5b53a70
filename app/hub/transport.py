"""What every request of the client library passes through.

Imported with the library itself, by `HubDoor`, and never at start.
"""

import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Protocol, cast

import httpx2

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import Purpose
from app.hub.allowed_hosts import AllowedHosts
from app.hub.bounded_body import ACCEPTED, is_packed, limited, unpacked
from app.hub.connection import host_of, proxy_url
from app.hub.exchange import Exchange, Exchanges, Reason
from app.hub.failures import of_answer, of_connection
from app.hub.watched_connection import Present, WatchedBackend

TIMEOUT = httpx2.Timeout(20.0, connect=10.0)
"""Seconds. The library sets none for listing and facts, and would wait for ever (2.4.0)."""
MAX_REFUSAL_BYTES = 1 << 20
"""Of what comes with an error: the client library reads it whole."""
MAX_ANSWER_BYTES = 64 << 20
"""Of all that is no model; most readers stop far earlier."""
_REFUSAL = 400
_HEADER_EXTRA_BYTES = 4
"""": " and the end of the line."""


class Guard(Protocol):
    """What the door decides."""

    def check_online(self) -> None:
        """Raise if nothing may be sent."""

    def reason(self) -> Reason:
        """Say what the present request is for."""


class Routes:
    """The ways to a host: straight, through the proxy that is set, or that of the system."""

    def __init__(self, context: ssl.SSLContext, proxy: str) -> None:
        self._context, self._proxy = context, proxy
        self._system_proxies = {} if proxy else urllib.request.getproxies()
        self._transports: dict[str, httpx2.HTTPTransport] = {}
        self._lock = threading.Lock()
        self._n_holders, self._is_closing = 0, False
        self.present = Present()

    def proxy_for(self, url: httpx2.URL) -> str:
        """Give the address of the proxy on the way to `url`; empty for none."""
        if self._proxy or urllib.request.proxy_bypass(url.host):
            return self._proxy
        found = self._system_proxies.get(url.scheme) or self._system_proxies.get("all", "")
        return proxy_url(found)

    def transport(self, proxy: str) -> httpx2.HTTPTransport:
        """Give what sends through `proxy`."""
        # Two threads may both make one: both work, and one is forgotten.
        if proxy not in self._transports:
            context = self._context if proxy.startswith("https:") else None
            through = httpx2.Proxy(proxy, ssl_context=context) if proxy else None
            made = httpx2.HTTPTransport(verify=self._context, proxy=through)
            # There is no public way to have it; `test_door.py` tells when this one ends.
            made._pool._network_backend = WatchedBackend(self.present)  # noqa: SLF001
            self._transports[proxy] = made
        return self._transports[proxy]

    def hold(self) -> None:
        """Keep connections from being closed while a request uses one."""
        with self._lock:
            self._n_holders += 1

    def let_go(self) -> None:
        """Say that such a request has ended; the last one closes what should be closed."""
        with self._lock:
            self._n_holders -= 1
        self._close_unused()

    def close(self) -> None:
        """Close all connections, once no request uses any: another thread may be reading."""
        self._is_closing = True
        self._close_unused()

    def _close_unused(self) -> None:
        with self._lock:
            is_unused = self._is_closing and self._n_holders == 0
        for transport in tuple(self._transports.values()) if is_unused else ():
            transport.close()


class GuardedTransport(httpx2.BaseTransport):
    """Refuses what may not be sent, takes the token off where it may not go, counts the rest.

    Failures are given as WorldError from here, so that the library does not try again and
    again behind the user's back, for up to half a minute.
    """

    def __init__(
        self, guard: Guard, hosts: AllowedHosts, exchanges: Exchanges, routes: Routes
    ) -> None:
        self._guard, self._hosts = guard, hosts
        self._exchanges, self._routes = exchanges, routes

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; each redirect comes here again.

        Raises:
            WorldError: everything that `app/hub/failures.py` says of connections and servers.
        """
        self._guard.check_online()
        url = str(request.url)
        host = host_of(url)
        if not self._hosts.allows(url):
            # Only a redirect leads here: something in between wants to be seen first.
            raise WorldError(ErrorCode.SIGN_IN_PAGE, Facts(host=host), "host is not allowed")
        self._tidy(request, url)
        exchange = Exchange(self._guard.reason(), request.method, host, _request_bytes(request))
        proxy = self._routes.proxy_for(request.url)
        self._exchanges.begin(exchange)
        self._routes.hold()
        self._routes.present.exchange = exchange
        try:
            response = self._routes.transport(proxy).handle_request(request)
        except httpx2.TransportError as error:
            self._end(exchange)
            self._guard.check_online()
            raise of_connection(error, host, host_of(proxy)) from error
        except BaseException:
            self._end(exchange)
            raise
        finally:
            self._routes.present.exchange = None
        return self._receive(request, response, exchange, host)

    def close(self) -> None:
        """Close all connections."""
        self._routes.close()

    def _end(self, exchange: Exchange) -> None:
        if self._exchanges.end(exchange):
            self._routes.let_go()

    def _tidy(self, request: httpx2.Request, url: str) -> None:
        if not (self._hosts.may_send_token and self._hosts.is_endpoint(url)):
            request.headers.pop("authorization", None)
        request.headers.pop("cookie", None)
        if request.headers.get("accept-encoding", "") != "identity":
            request.headers["accept-encoding"] = ACCEPTED
        limits = request.extensions.get("timeout") or {}
        if all(limit is None for limit in limits.values()):
            request.extensions = {**request.extensions, "timeout": TIMEOUT.as_dict()}

    def _receive(
        self, request: httpx2.Request, response: httpx2.Response, exchange: Exchange, host: str
    ) -> httpx2.Response:
        exchange.status = response.status_code
        exchange.bytes_down += _head_bytes(response.headers) + len("HTTP/1.1 200 OK\r\n\r\n")
        exchange.connection = _socket_of(response)
        # Cookies would tell the server which requests come from the same person.
        response.headers.pop("set-cookie", None)
        stream = cast("httpx2.SyncByteStream", response.stream)
        counted = _CountedStream(stream, exchange, self._end, self._guard.check_online, host)
        try:
            self._check(request, response, host)
            if request.method != "HEAD":
                self._bound(response, counted, host)
        except BaseException:
            counted.close()
            raise
        response.stream = counted
        return response

    def _check(self, request: httpx2.Request, response: httpx2.Response, host: str) -> None:
        """See that the head of an answer is one, and learn where it sends on to."""
        self._guard.check_online()
        is_hub = self._hosts.is_endpoint(str(request.url))
        if failure := of_answer(response.status_code, response.headers, host, is_hub=is_hub):
            raise failure
        if response.has_redirect_location:
            try:
                target = request.url.join(response.headers["location"])
                self._hosts.learn_redirect(str(request.url), str(target))
            except (ValueError, httpx2.InvalidURL) as error:
                facts = Facts(host=host, reason="no address")
                raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts, "a redirect") from error

    def _bound(self, response: httpx2.Response, counted: "_CountedStream", host: str) -> None:
        """Let a body fill neither the memory nor the time of who reads it.

        Raises:
            WorldError: ANSWER_UNREADABLE.
        """
        if is_packed(response.headers.get("content-encoding", ""), host):
            counted.pieces = unpacked(counted.pieces, host)
            # The length is that of the packed body.
            response.headers.pop("content-encoding", None)
            response.headers.pop("content-length", None)
        if response.status_code >= _REFUSAL:
            counted.pieces = limited(counted.pieces, MAX_REFUSAL_BYTES, host)
        elif self._guard.reason().purpose is not Purpose.DOWNLOAD:
            counted.pieces = limited(counted.pieces, MAX_ANSWER_BYTES, host)


class _CountedStream(httpx2.SyncByteStream):
    """A body that is counted while it comes, and ends when the network is switched off.

    Attributes:
        pieces: what is given of it.
    """

    def __init__(
        self,
        stream: httpx2.SyncByteStream,
        exchange: Exchange,
        end: Callable[[Exchange], None],
        check_online: Callable[[], None],
        host: str,
    ) -> None:
        self._stream, self._exchange, self._end = stream, exchange, end
        self._check_online, self._host = check_online, host
        self.pieces = self._received()

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def _received(self) -> Iterator[bytes]:
        try:
            for piece in self._stream:
                self._exchange.bytes_down += len(piece)
                self._check_online()
                yield piece
        except httpx2.TransportError as error:
            self._check_online()
            raise of_connection(error, self._host, "") from error

    def close(self) -> None:
        self._stream.close()
        self._end(self._exchange)


def _head_bytes(headers: httpx2.Headers) -> int:
    return sum(len(name) + len(value) + _HEADER_EXTRA_BYTES for name, value in headers.raw)


def _request_bytes(request: httpx2.Request) -> int:
    """Say how long a request is; the Hub is asked with small bodies only, which are known."""
    line_bytes = len(request.method) + len(request.url.raw_path) + len("  HTTP/1.1\r\n\r\n")
    body_bytes = int(request.headers.get("content-length", "0"))
    return line_bytes + _head_bytes(request.headers) + body_bytes


def _socket_of(response: httpx2.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if isinstance(found, socket.socket) else None
