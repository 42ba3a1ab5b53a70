"""A transfer from the loopback Hub to a part on this disk."""

import random
import threading
from pathlib import Path

from app.core.file_identity import FileIdentity
from app.core.network import LedgerEntry, NetworkSettings
from app.hub.door import HubDoor
from app.hub.speed_limit import SpeedLimit
from app.hub.transfer import Control, fetch
from app.store.partial_file import PartialFile
from tests.gguf_samples import chat_model
from tests.hub.loopback_hub import LoopbackHub

REPO = "maker/tiny-GGUF"
NAME = "tiny-Q4_K_M.gguf"
MIB = 1 << 20


def model_bytes(n_bytes: int, seed: int = 1) -> bytes:
    """A sound chat model of about this size, its weights by chance."""
    sample = chat_model()
    n_rows = n_bytes // 4 // 1024 + 1
    sample.tensors.append(("output.weight", (1024, n_rows), 0))
    empty = sample.file()
    n_random = n_rows * 4096
    return empty[:-n_random] + random.Random(seed).randbytes(n_random)


def door_to(hub: LoopbackHub, token: str = "", *, is_trusted: bool = True) -> HubDoor:
    """Open a door to the loopback Hub."""
    entries: list[LedgerEntry] = []
    door = HubDoor(entries.append, **({"trusted_origin": hub.endpoint} if is_trusted else {}))
    door.configure(NetworkSettings(is_offline=False, endpoint=hub.endpoint, token=token))
    return door


class TransferRig:
    """One file of the Hub and its part."""

    def __init__(
        self,
        hub: LoopbackHub,
        folder: Path,
        n_bytes: int = MIB,
        token: str = "",
        door: HubDoor | None = None,
    ) -> None:
        self.hub = hub
        self.data = model_bytes(n_bytes)
        self.repository = hub.add(REPO, {NAME: self.data})
        file = self.repository.files[NAME]
        self.identity = FileIdentity(
            REPO, NAME, self.repository.commit, len(self.data), file.sha256
        )
        self.door = door or door_to(hub, token)
        self.partial = PartialFile(folder / NAME, self.identity)
        self.stop = threading.Event()
        self.limit = SpeedLimit()
        self.progress: list[int] = []

    def control(self) -> Control:
        """Watch without holding back."""
        return Control(self.stop, self.limit, self.progress.append)

    def fetch(self) -> str:
        """Fetch what is missing and give the hash."""
        with self.partial.locked(), self.partial.opened(lambda _: None) as writer:
            fetch(self.door, self.identity, writer, self.control())
            return writer.finish()

    def ranges(self) -> list[int]:
        """Where what was asked of the other origin began."""
        return [one.first_byte for one in self.hub.at_cdn()]
