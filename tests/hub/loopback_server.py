"""The servers of the loopback Hub: how a request is answered, and what goes wrong with it."""

import json
import re
import socket
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tests.hub.loopback_faults import Exchange, Fault, FaultKind, Faults, Origin, Place
from tests.hub.loopback_repositories import (
    Repository,
    found_models,
    model_info,
    next_page,
    tree,
    tree_row,
)

USERS = {"hf_good": "alice", "hf_noaccess": "bob"}
SLICE_BYTES = 64 * 1024
PORTAL_PAGE = b"<!doctype html><title>Hotel</title><p>Please sign in to use the network."
_RESOLVE = re.compile(r"/([^/]+/[^/]+)/(?:resolve|raw)/([^/]+)/(.+)")
_MODEL = re.compile(r"/api/models/([^/]+/[^/]+)(?:/(.*))?")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class HubState:
    """What both origins answer from.

    Attributes:
        log: every request in its order.
        repositories: by id; may be changed while the servers run.
        signature: of the links that are valid now.
        endpoint, cdn: addresses of the two origins.
    """

    def __init__(self, page_size: int = 1000) -> None:
        self.log: list[Exchange] = []
        self.repositories: dict[str, Repository] = {}
        self.page_size = page_size
        self.faults = Faults()
        self.closing = threading.Event()
        self.signature = 0
        self.endpoint = self.cdn = ""

    def expire_links(self) -> None:
        """Let every signed link that was given so far be refused (403)."""
        self.signature += 1

    def blob(self, sha256: str) -> bytes | None:
        """Give a large file of any commit."""
        for repository in self.repositories.values():
            for files in repository.history.values():
                for file in files.values():
                    if file.is_lfs and file.sha256 == sha256:
                        return file.data
        return None


class LoopbackServer(ThreadingHTTPServer):
    """One origin; remembers its connections, to end them with the test."""

    daemon_threads = True

    def __init__(self, hub: HubState, origin: Origin) -> None:
        self.hub, self.origin = hub, origin
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def hang_up(self) -> None:
        """End what is still open."""
        for one in list(self.connections):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # It has ended by itself.

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "loopback"
    server: LoopbackServer
    exchange: Exchange

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        # Little may be on its way, so that what was sent and what arrived are nearly the same.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Print nothing; `LoopbackHub.log` has it."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        self.exchange = Exchange(
            self.command,
            self.server.origin,
            path,
            address.query,
            self.headers.get("Range") or "",
            self.headers.get("Authorization") or "",
            self.headers.get("User-Agent") or "",
        )
        hub = self.server.hub
        hub.log.append(self.exchange)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        place = self._place(path)
        fault = hub.faults.take(place)
        try:
            if fault is not None and self._is_all(fault):
                return
            match place:
                case Place.CDN:
                    self._send_blob(path, address, fault)
                case Place.API:
                    self._answer_api(path, parse_qs(address.query), body)
                case _:
                    self._resolve(path, fault)
        except OSError:
            self.close_connection = True  # The client has gone.

    def _place(self, path: str) -> Place:
        if self.server.origin is Origin.CDN:
            return Place.CDN
        if path.startswith("/api/"):
            return Place.API
        return Place.HEAD if self.command == "HEAD" else Place.RESOLVE

    # --- sending ---

    def _send(self, status: int, headers: Mapping[str, object], body: bytes = b"") -> None:
        self._send_head(status, {"Content-Length": len(body), **headers})
        if self.command != "HEAD":
            self._write(body)

    def _send_head(self, status: int, headers: Mapping[str, object]) -> None:
        self.exchange.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()

    def _write(self, part: bytes | memoryview) -> None:
        self.wfile.write(part)
        self.exchange.bytes_sent += len(part)

    def _json(self, found: object, headers: Mapping[str, object] | None = None) -> None:
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self._send(200, {**kind, **(headers or {})}, json.dumps(found).encode())

    def _refuse(
        self, status: int, code: str, message: str, headers: Mapping[str, object] | None = None
    ) -> None:
        named = {"X-Error-Code": code} if code else {}
        kind = {"Content-Type": "application/json", "X-Error-Message": message}
        body = json.dumps({"error": message}).encode()
        self._send(status, {**kind, **named, **(headers or {})}, body)

    def _hang_up(self, *, is_reset: bool = False) -> None:
        if is_reset:
            at_once = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RD if is_reset else socket.SHUT_RDWR)
        if is_reset:
            self.connection.close()

    def _is_all(self, fault: Fault) -> bool:
        """Do what a fault does instead of an answer; False if an answer is still to come."""
        match fault.kind:
            case FaultKind.STATUS:
                self._refuse(fault.code, fault.error_code, fault.message, fault.headers)
            case FaultKind.DROP:
                self._hang_up()
            case FaultKind.PORTAL:
                self._send(200, {"Content-Type": "text/html"}, PORTAL_PAGE)
            case FaultKind.SLOW:
                self.server.hub.closing.wait(fault.seconds)
                return False
            case _:
                return False
        return True

    # --- who may have what ---

    def _allows(self, repository: Repository | None, *, is_for_files: bool) -> bool:
        """Say whether the client may have it; if not, that has been answered."""
        token = self.exchange.authorization.removeprefix("Bearer ")
        if token and token not in USERS:
            self._refuse(401, "", "Invalid credentials in Authorization header")
        elif repository is None or (
            repository.is_private and token not in repository.allowed_tokens
        ):
            # Whether there is one is not told: 401 to who has no token, 404 to others.
            self._refuse(404 if token else 401, "RepoNotFound", "Repository not found")
        elif repository.is_disabled:
            self._refuse(403, "", "Access to this resource is disabled.")
        elif is_for_files and repository.gated and token not in repository.allowed_tokens:
            message = f"Access to model {repository.repo_id} is restricted."
            self._refuse(403 if token else 401, "GatedRepo", message)
        else:
            return True
        return False

    # --- the API ---

    def _answer_api(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
        hub = self.server.hub
        if path == "/api/whoami-v2":
            name = USERS.get(self.exchange.authorization.removeprefix("Bearer "))
            if name is None:
                self._refuse(401, "", "Invalid username or password.")
            else:
                self._json({"type": "user", "name": name, "auth": {"type": "access_token"}})
        elif path == "/api/models":
            self._list(query)
        elif found := _MODEL.fullmatch(path):
            repository = hub.repositories.get(found[1])
            if self._allows(repository, is_for_files=False) and repository is not None:
                self._answer_about(repository, found[2] or "", query, body)
        else:
            self._refuse(404, "", "Not found")

    def _list(self, query: dict[str, list[str]]) -> None:
        hub = self.server.hub
        found = found_models(list(hub.repositories.values()), query)
        first = int(query.get("cursor", ["0"])[0])
        size = min(int(query.get("limit", [str(hub.page_size)])[0]), hub.page_size)
        last = first + size
        link = {"Link": next_page(hub.endpoint, query, last)} if last < len(found) else {}
        is_full, expand = "full" in query, query.get("expand")
        page = [model_info(one, is_full=is_full, expand=expand) for one in found[first:last]]
        self._json(page, link)

    def _answer_about(
        self, repository: Repository, what: str, query: dict[str, list[str]], body: bytes
    ) -> None:
        kind, _, rest = what.partition("/")
        revision, _, folder = rest.partition("/")
        found = repository.at(revision or "main")
        if found is None:
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return
        commit, files = found
        match kind:
            case "" | "revision":
                has_blobs, expand = "blobs" in query, query.get("expand")
                self._json(
                    model_info(repository, revision=commit, has_blobs=has_blobs, expand=expand)
                )
            case "refs":
                main = {"name": "main", "ref": "refs/heads/main", "targetCommit": commit}
                self._json({"branches": [main], "converts": [], "tags": []})
            case "tree":
                is_recursive = query.get("recursive", ["false"])[0].lower() == "true"
                self._json(tree(files, folder, is_recursive=is_recursive))
            case "paths-info":
                wanted = parse_qs(body.decode()).get("paths", [])
                self._json([tree_row(one, files[one]) for one in wanted if one in files])
            case _:
                self._refuse(404, "", "Not found")

    # --- files ---

    def _resolve(self, path: str, fault: Fault | None) -> None:
        hub, found = self.server.hub, _RESOLVE.fullmatch(path)
        if found is None:
            self._refuse(404, "", "Not found")
            return
        repository = hub.repositories.get(found[1])
        if not self._allows(repository, is_for_files=True) or repository is None:
            return
        version = repository.at(found[2])
        if version is None:
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {found[2]}")
            return
        commit, files = version
        kind = fault.kind if fault is not None else None
        known = {} if kind is FaultKind.NO_COMMIT else {"X-Repo-Commit": commit}
        file = files.get(found[3])
        if file is None:
            self._refuse(404, "EntryNotFound", "Entry not found", known)
        elif file.is_lfs:
            etag = file.git_sha1 if kind is FaultKind.NO_HASH else file.sha256
            where = f"{hub.cdn}/lfs/{file.sha256}?signature={hub.signature}"
            linked = {"X-Linked-Size": len(file.data), "X-Linked-Etag": f'"{etag}"'}
            self._send(
                302, {**known, **linked, "ETag": f'"{file.git_sha1}"', "Location": where}, b"Found"
            )
        else:
            self._send_body(file.data, {**known, "ETag": f'"{file.git_sha1}"'}, fault)

    def _send_blob(self, path: str, address: SplitResult, fault: Fault | None) -> None:
        hub = self.server.hub
        if parse_qs(address.query).get("signature") != [str(hub.signature)]:
            denied = b"<Error><Code>AccessDenied</Code><Message>Request has expired"
            self._send(403, {"Content-Type": "application/xml"}, denied)
            return
        sha256 = path.rpartition("/")[2]
        data = hub.blob(sha256)
        if data is None:
            self._refuse(404, "", "NoSuchKey")
        else:
            self._send_body(data, {"ETag": f'"{sha256}"'}, fault)

    def _send_body(self, data: bytes, headers: Mapping[str, object], fault: Fault | None) -> None:
        """Send a file or the range of it that is asked for, as far as the fault lets it."""
        kind = fault.kind if fault is not None else None
        asked = _RANGE.fullmatch(self.exchange.range)
        first, last = 0, len(data) - 1
        if asked is not None and kind is not FaultKind.IGNORE_RANGE:
            first = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
            last = min(int(asked[2]), last) if asked[1] and asked[2] else last
            if first >= len(data):
                self._send(416, {"Content-Range": f"bytes */{len(data)}"})
                return
            headers = {**headers, "Content-Range": f"bytes {first}-{last}/{len(data)}"}
        if kind is FaultKind.CORRUPT:
            middle = (first + last) // 2
            data = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        if kind is FaultKind.WRONG_RANGE and first > 0:
            first, last = first - 1, last - 1
        body = memoryview(data)[first : last + 1]
        if kind is FaultKind.LIE_TOTAL:
            body = body[: len(body) // 2]
        status = 206 if "Content-Range" in headers else 200
        more = {"Content-Length": len(body), "Accept-Ranges": "bytes"}
        self._send_head(status, {**headers, **more})
        if self.command != "HEAD":
            self._send_slices(body, fault)

    def _send_slices(self, body: memoryview, fault: Fault | None) -> None:
        hub = self.server.hub
        cuts = {FaultKind.TRUNCATE, FaultKind.RESET, FaultKind.STALL, FaultKind.EXPIRE}
        limit = fault.after if fault is not None and fault.kind in cuts else len(body)
        for place in range(0, min(limit, len(body)), SLICE_BYTES):
            part = body[place : min(place + SLICE_BYTES, limit)]
            self._write(part)
            if fault is not None and fault.kind is FaultKind.THROTTLE:
                hub.closing.wait(len(part) / fault.bytes_per_s)
        if fault is None or limit >= len(body):
            return
        if fault.kind is FaultKind.STALL:
            hub.closing.wait(fault.seconds)
        if fault.kind is FaultKind.EXPIRE:
            hub.expire_links()
        self._hang_up(is_reset=fault.kind is FaultKind.RESET)
