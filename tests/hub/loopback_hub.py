"""A Hub of the project's own on this computer, for the real client to talk to.

It answers what huggingface_hub 2.4.0 asks for, from two origins as the real one does: the Hub,
and another one that has the large files behind signed links. Everything that is asked is
written down, and faults can be put in anywhere:

    with LoopbackHub() as hub:
        hub.add("maker/tiny-GGUF", {"tiny-Q4_K_M.gguf": data, "README.md": b"# Tiny"})
        hub.fail(Place.CDN, FaultKind.TRUNCATE, after=100_000)
        ... use a client with hub.endpoint ...
        assert not any(one.authorization for one in hub.at_cdn())

Both origins have 127.0.0.1 and a port each. Tokens: "hf_good" is alice's, "hf_noaccess" bob's.
"""

import threading
from types import TracebackType
from typing import Any, Self

from tests.hub.loopback_faults import Exchange, Fault, FaultKind, Origin, Place
from tests.hub.loopback_repositories import HubFile, Repository, commit_of
from tests.hub.loopback_server import HubState, LoopbackServer


class LoopbackHub(HubState):
    """The servers of both origins, what they have, and what they were asked."""

    def __init__(self, page_size: int = 1000) -> None:
        super().__init__(page_size)
        self._servers = {one: LoopbackServer(self, one) for one in Origin}
        self.endpoint = f"http://127.0.0.1:{self._servers[Origin.HUB].server_port}"
        self.cdn = f"http://127.0.0.1:{self._servers[Origin.CDN].server_port}"

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        for server in self._servers.values():
            server.shutdown()
            server.hang_up()
            server.server_close()

    def add(self, repo_id: str, files: dict[str, bytes], **facts: Any) -> Repository:
        """Add a repository; `facts` are attributes of `Repository`."""
        made = {path: HubFile.of(path, data) for path, data in files.items()}
        repository = Repository(repo_id, {commit_of(repo_id, made): made}, **facts)
        if "license" in repository.card:
            repository.tags.append(f"license:{repository.card['license']}")
        if any(path.endswith(".gguf") for path in made) and "gguf" not in repository.tags:
            repository.tags.append("gguf")
        self.repositories[repo_id] = repository
        return repository

    def fail(self, place: Place, kind: FaultKind, **facts: Any) -> None:
        """Let the next requests at a place go wrong; `facts` are attributes of `Fault`."""
        self.faults.add(place, Fault(kind, **facts))

    def limit_rate(self, place: Place, seconds: int, times: int = 1) -> None:
        """Answer 429 with the headers of the real Hub."""
        headers = {
            "RateLimit": f'"resolvers";r=0;t={seconds}',
            "RateLimit-Policy": '"fixed window";"resolvers";q=5000;w=300',
        }
        self.fail(place, FaultKind.STATUS, code=429, headers=headers, times=times)

    def at_cdn(self) -> list[Exchange]:
        """Give the requests that reached the other origin."""
        return [one for one in self.log if one.origin is Origin.CDN]

    def bytes_of_files(self) -> int:
        """Count what was sent of large files."""
        return sum(one.bytes_sent for one in self.at_cdn())
