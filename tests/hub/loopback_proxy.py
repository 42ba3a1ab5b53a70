"""A proxy on this computer that passes on what it is asked for, and counts it."""

import socket
import socketserver
import threading
from types import TracebackType
from typing import Self

_CONNECT = socket.socket.connect


class LoopbackProxy:
    """Passes on plain requests and tunnels; `asked` has their first lines."""

    def __init__(self, refusal: bytes = b"") -> None:
        self.asked: list[str] = []
        self.refusal = refusal
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, proxy: LoopbackProxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(65536)
            if not part:
                return
            head += part
        line = head.split(b"\r\n", 1)[0].decode()
        self.server.proxy.asked.append(line)
        if self.server.proxy.refusal:
            self.request.sendall(self.server.proxy.refusal)
            return
        method, target, _ = line.split(" ")
        host, _, port = target.removeprefix("http://").split("/")[0].partition(":")
        with socket.socket() as upstream:
            _CONNECT(upstream, (host, int(port)))
            if method == "CONNECT":
                self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                upstream.sendall(head)
            back = threading.Thread(target=_pump, args=(upstream, self.request), daemon=True)
            back.start()
            _pump(self.request, upstream)
            back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
