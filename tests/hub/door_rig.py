"""A door to the loopback Hub, and what it wrote into its ledger."""

from dataclasses import replace

from app.core.network import LedgerEntry, NetworkSettings
from app.hub.door import HubDoor
from tests.hub.loopback_hub import LoopbackHub


class DoorRig:
    """A door that is open to a loopback Hub."""

    def __init__(self, hub: LoopbackHub, *, is_trusted: bool = True, token: str = "") -> None:
        self.entries: list[LedgerEntry] = []
        origin = {"trusted_origin": hub.endpoint} if is_trusted else {}
        self.door = HubDoor(self.entries.append, **origin)
        self.configure(is_offline=False, endpoint=hub.endpoint, token=token)

    def configure(self, **settings: str | bool) -> None:
        """Change some settings and leave the others."""
        before: NetworkSettings = self.door.settings
        self.door.configure(replace(before, **settings))  # type: ignore[arg-type]
