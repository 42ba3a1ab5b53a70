"""Throughput of downloads with hashing against plain ways to fetch, and how long a pause takes.

All fetch the same file from a server in another process on this computer, in one run, in random
order. "Ours" is what the program does: receive, hash, write, flush, compare. The others only
receive and write; curl is left out where it is not installed. The best of the rounds counts:
other programs can only make one slower.

Run: `python3 packaging/dev.py benchmark downloads`
"""

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import huggingface_hub  # noqa: E402
from huggingface_hub.file_download import http_get  # noqa: E402
from huggingface_hub.utils._http import default_client_factory  # noqa: E402

from app.core.file_identity import FileIdentity  # noqa: E402
from app.core.network import NetworkSettings  # noqa: E402
from app.hub.door import HubDoor  # noqa: E402
from app.hub.speed_limit import SpeedLimit  # noqa: E402
from app.hub.transfer import Control, StoppedError, _NoBar, fetch  # noqa: E402
from app.store.partial_file import PartialFile  # noqa: E402
from tests.hub import loopback_server  # noqa: E402
from tests.hub.loopback_hub import LoopbackHub  # noqa: E402

N_ROUNDS = 9
N_PAUSES = 20
SIZE = 400 << 20
REPO, NAME = "maker/large-GGUF", "large.gguf"


def serve() -> None:
    """Be the server until the other end hangs up."""
    # What the server takes of the processor is taken from what is measured.
    loopback_server.SLICE_BYTES = 4 << 20
    block = random.Random(1).randbytes(1 << 20)
    with LoopbackHub() as hub:
        repository = hub.add(REPO, {NAME: b"GGUF" + block * (SIZE >> 20)})
        file = repository.files[NAME]
        print(hub.endpoint, hub.cdn, repository.commit, len(file.data), file.sha256, flush=True)
        sys.stdin.read()


class Fetching:
    """The ways to fetch the file."""

    def __init__(self, told: list[str], folder: Path) -> None:
        self.endpoint, self.cdn, commit, size, sha256 = told
        self.identity = FileIdentity(REPO, NAME, commit, int(size), sha256)
        self.url = f"{self.cdn}/lfs/{sha256}?signature=0"
        self.folder = folder

    def plain(self) -> None:
        """Fetch with the client library alone."""
        huggingface_hub.set_client_factory(default_client_factory)
        huggingface_hub.constants.HF_HUB_OFFLINE = False
        with (self.folder / "plain").open("wb") as stream:
            http_get(
                self.url,
                stream,
                expected_size=self.identity.size_bytes,
                tqdm_class=cast("Any", _NoBar),
            )

    def curl(self) -> None:
        """Fetch with curl."""
        command = ["curl", "--silent", "--fail", "--output", str(self.folder / "curl"), self.url]
        subprocess.run(command, check=True)

    def ours(self) -> None:
        """Fetch as the program does."""
        partial = PartialFile(self.folder / NAME, self.identity)
        partial.discard()
        control = Control(threading.Event(), SpeedLimit(), lambda _: None)
        with partial.opened(lambda _: None) as writer:
            fetch(self.door(), self.identity, writer, control)
            assert writer.finish() == self.identity.sha256

    def pause_s(self) -> float:
        """Stop a download somewhere; give the seconds until its thread has ended."""
        partial = PartialFile(self.folder / NAME, self.identity)
        partial.discard()
        stop, began = threading.Event(), threading.Event()
        place = random.randrange(SIZE // 2)
        control = Control(stop, SpeedLimit(), lambda done: began.set() if done >= place else None)
        door = self.door()

        def run() -> None:
            try:
                with partial.opened(lambda _: None) as writer:
                    fetch(door, self.identity, writer, control)
            except StoppedError:
                return

        thread = threading.Thread(target=run)
        thread.start()
        began.wait(60)
        at_s = time.perf_counter()
        stop.set()
        door.cut_off_thread(thread.ident or 0)
        thread.join()
        return time.perf_counter() - at_s

    def door(self) -> HubDoor:
        """Open a door of its own."""
        door = HubDoor(lambda _: None, self.endpoint)
        door.configure(NetworkSettings(is_offline=False, endpoint=self.endpoint))
        return door


def main() -> None:
    """Print speeds, ratios and pauses."""
    server = subprocess.Popen(
        [sys.executable, __file__, "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    with server, tempfile.TemporaryDirectory() as folder:
        fetching = Fetching(server.stdout.readline().split(), Path(folder))
        ways: dict[str, Callable[[], None]] = {
            "plain http_get": fetching.plain,
            "ours": fetching.ours,
        }
        if shutil.which("curl"):
            ways["curl"] = fetching.curl
        for fetch_once in ways.values():
            fetch_once()
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(N_ROUNDS):
            for name in random.sample(list(ways), len(ways)):
                began_s = time.perf_counter()
                ways[name]()
                times[name].append(time.perf_counter() - began_s)
        pauses_s = sorted(fetching.pause_s() for _ in range(N_PAUSES))
        server.communicate()
    speeds = {name: SIZE / min(one) / 1e6 for name, one in times.items()}
    for name, speed in speeds.items():
        ratio = speeds["ours"] / speed
        print(f"{name:<16} {speed:7.0f} MB/s" + ("" if name == "ours" else f"   x{ratio:.2f}"))
    print(f"pause            {statistics.median(pauses_s):7.3f} s, longest {pauses_s[-1]:.3f} s")


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
