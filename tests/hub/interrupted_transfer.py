"""Fetches one file until it is killed; run as a program of its own by the tests of that.

Arguments: the Hub's address, the target, and repository, path, commit, size and hash.
"""

import sys
import threading
from pathlib import Path

from app.core.file_identity import FileIdentity
from app.core.network import NetworkSettings
from app.hub.door import HubDoor
from app.hub.speed_limit import SpeedLimit
from app.hub.transfer import Control, fetch
from app.store.partial_file import PartialFile


def main(endpoint: str, target: str, repo_id: str, path: str, commit: str, *rest: str) -> None:
    """Fetch, and print how much is here after each slice."""
    identity = FileIdentity(repo_id, path, commit, int(rest[0]), rest[1])
    door = HubDoor(lambda _: None, endpoint)
    door.configure(NetworkSettings(is_offline=False, endpoint=endpoint))
    control = Control(threading.Event(), SpeedLimit(), lambda done: print(done, flush=True))
    partial = PartialFile(Path(target), identity)
    with partial.locked(), partial.opened(lambda _: None) as writer:
        fetch(door, identity, writer, control)
        print(writer.finish(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
