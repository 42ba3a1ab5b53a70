"""Asks the engine what models would take as placed, with the devices of a server.

Run: `python -m tests.offload.count_memory ENDPOINT`, with a list of `Counted` as JSON on its
input; the needs come out, in the same order.
"""

import os
import sys
from pathlib import Path

import msgspec

from app.core.fit.memory import MemoryNeed
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.engine import llama
from app.engine.llama.estimate import engine_estimate
from tests.offload import rpc
from tests.offload.task import Counted


def main(endpoint: str) -> None:
    """Answer what is on the input."""
    # What native code prints must not be taken for the answer.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    rpc.add_devices(endpoint)
    log = llama.EngineLog()
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Counted])
    output.write(msgspec.json.encode([_need(one, log) for one in wanted]))
    output.flush()


def _need(counted: Counted, log: llama.EngineLog) -> MemoryNeed | None:
    path = Path(counted.model)
    with path.open("rb") as stream:
        shape = shape_of(read_header(stream, path.stat().st_size, path.name))
    return engine_estimate(path, counted.placement, log, shape)


if __name__ == "__main__":
    main(sys.argv[1])
