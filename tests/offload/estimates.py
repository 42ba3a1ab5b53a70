"""Asks the engine what models would take as placed, with the devices of a server.

Run: `python -m tests.offload.estimates ENDPOINT`, with pairs of a path and a `Placement` as JSON
on its input; prints a `MemoryNeed` or null for each.
"""

import sys
from pathlib import Path

import msgspec

from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.placement import Placement
from app.engine.llama.estimate import engine_estimate
from app.engine.llama.library import EngineLog
from tests.offload import rpc


def main(endpoint: str) -> None:
    """Answer the questions on the input."""
    rpc.add_devices(endpoint)
    questions = msgspec.json.decode(sys.stdin.buffer.read(), type=list[tuple[str, Placement]])
    log, needs = EngineLog(), []
    for name, placement in questions:
        path = Path(name)
        with path.open("rb") as stream:
            shape = shape_of(read_header(stream, path.stat().st_size, path.name))
        needs.append(engine_estimate(path, placement, log, shape))
    sys.stdout.buffer.write(msgspec.json.encode(needs))


if __name__ == "__main__":
    main(sys.argv[1])
