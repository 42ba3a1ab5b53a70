"""Loads a model in a process of its own and prints how much memory that took.

Run: `python -m tests.engine.process_growth PATH PLACEMENT_AS_JSON N_PROMPT_TOKENS`.
"""

import gc
import json
import sys
from pathlib import Path

import msgspec
import psutil

from app.core.placement import Placement
from app.core.sampling import Sampling
from app.engine.llama import EngineLog, LlamaModel, StopFlag

N_WRITTEN = 3


def main(path: Path, placement: Placement, n_prompt: int) -> None:
    """Load, read a prompt, write some tokens, print the growth in bytes."""
    process, log = psutil.Process(), EngineLog()
    gc.collect()
    before = process.memory_info().rss
    model = LlamaModel(path, "", placement, log, StopFlag(), lambda _: None)
    prompt = [number % model.n_vocabulary for number in range(100, 100 + n_prompt)]
    assert model.read(prompt, lambda _: None)
    list(model.write(Sampling(max_tokens=N_WRITTEN, temperature=0.0)))
    print(json.dumps({"growth_bytes": process.memory_info().rss - before}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Placement), int(sys.argv[3]))
