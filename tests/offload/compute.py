"""Loads a model by several placements, one after the other, and computes the same with each.

Run: `python -m tests.offload.compute ENDPOINT`, with a `Task` as JSON on its input. A process of
its own, since that of the tests may not open a connection.
"""

import re
import sys
from pathlib import Path

import msgspec
import numpy as np
from llama_cpp import llama_cpp as native

from app.core.errors import Failure, WorldError
from app.core.placement import Placement
from app.engine import llama
from tests.offload import rpc
from tests.offload.task import Outcome, Task, logits_path, outcomes_path

N_READ, N_WRITTEN = 40, 4
"""Tokens computed in one step, and one by one."""


def main(endpoint: str) -> None:
    """Do the task on the input."""
    rpc.add_devices(endpoint)
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    log, folder = llama.EngineLog(), Path(task.folder)
    outcomes = [
        _compute(Path(task.model), placement, log, logits_path(folder, number))
        for number, placement in enumerate(task.placements)
    ]
    outcomes_path(folder).write_bytes(msgspec.json.encode(outcomes))


def _compute(path: Path, placement: Placement, log: llama.EngineLog, result: Path) -> Outcome:
    try:
        model = llama.LlamaModel(
            path, "Test model", placement, log, llama.StopFlag(), lambda _: None
        )
    except WorldError as error:
        return Outcome(failure=Failure.of(error))
    said = "\n".join(log.lines())
    offloaded = re.search(r"offloaded (\d+/\d+) layers", said)
    offered = re.findall(r"using device (\S+)", said)
    tokens = [(7 * n + 3) % model.n_vocabulary for n in range(N_READ + N_WRITTEN)]
    rows = []
    for n_tokens in range(N_READ, len(tokens) + 1):
        assert model.read(tokens[:n_tokens], lambda _: None)
        logits = native.llama_get_logits_ith(model.context, -1)
        rows.append(np.ctypeslib.as_array(logits, (model.n_vocabulary,)).copy())
    np.save(result, np.stack(rows))
    uses = model.device_uses
    model.close()
    return Outcome(offloaded[1] if offloaded else "", tuple(offered), uses)


if __name__ == "__main__":
    main(sys.argv[1])
