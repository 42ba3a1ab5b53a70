"""Reopening a chat of about 4,000 tokens: with the saved memory, and by reading it again.

Both start from a fresh engine with the model loaded, in one run, in random order. The saved
memory is written once. The answer that follows must be the same, word for word.

Run: `python3 packaging/dev.py benchmark reopen`
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from app.core.conversation import Role  # noqa: E402
from app.core.events import PromptTurn  # noqa: E402
from app.core.placement import Placement  # noqa: E402
from app.core.sampling import Sampling  # noqa: E402
from app.engine import llama, protocol  # noqa: E402
from app.engine.chat_engine import ChatEngine  # noqa: E402
from app.engine.protocol import AnyReply  # noqa: E402

N_ROUNDS = 3
PLACEMENT = Placement(n_ctx=8192, n_threads=2, n_threads_batch=2)
GREEDY = Sampling(temperature=0, max_tokens=16)


def conversation() -> tuple[PromptTurn, ...]:
    """A chat of about 4,000 tokens that ends in a short question."""
    turns = []
    for n in range(12):
        text = " ".join(f"On day {n}.{i} the ship sailed {i * 7} miles." for i in range(22))
        turns += [
            PromptTurn(f"u{n}", Role.USER, text),
            PromptTurn(f"a{n}", Role.ASSISTANT, "I have written it down."),
        ]
    return (*turns, PromptTurn("last", Role.USER, "Where is the ship now?"))


def answer(engine: ChatEngine, state_path: bytes) -> tuple[str, float, protocol.Finished]:
    """Ask; give the answer, seconds to its first word, and the engine's own numbers."""
    replies: list[tuple[float, AnyReply]] = []
    began_s = time.perf_counter()
    engine.generate(
        protocol.Generate("a", "chat", conversation(), GREEDY, state_path),
        lambda reply: replies.append((time.perf_counter(), reply)),
    )
    texts = [(at, one.text) for at, one in replies if isinstance(one, protocol.Written)]
    finished = next(one for _, one in replies if isinstance(one, protocol.Finished))
    return "".join(text for _, text in texts), texts[0][0] - began_s, finished


def main() -> None:
    """Print seconds and the ratio."""
    log, stop = llama.EngineLog(), llama.StopFlag()
    model = os.fsencode(next((PROJECT / "resources" / "starter").glob("*.gguf")))
    load = protocol.Load("load", model, "Starter", PLACEMENT)

    def new_engine() -> ChatEngine:
        engine = ChatEngine(
            lambda path, name, placement, advance: llama.LlamaModel(
                path, name, placement, log, stop, advance
            ),
            stop,
            llama.engine_version(),
            llama.device_names(),
        )
        engine.load(load, lambda _: None)
        return engine

    with tempfile.TemporaryDirectory() as folder:
        state = os.fsencode(Path(folder) / "chat.state")
        first = new_engine()
        expected, _, finished = answer(first, state)
        first.unload()
        times: dict[str, list[float]] = {"saved": [], "read": []}
        for _ in range(N_ROUNDS):
            for way in random.sample(("saved", "read"), 2):
                engine = new_engine()
                text, first_s, finished = answer(engine, state if way == "saved" else b"")
                assert text == expected, "the answer changed"
                times[way].append(first_s)
                if way == "saved":
                    assert finished.n_reused_tokens > 0, "the saved memory was not used"
                engine._cached.state_path = b""
                engine.unload()
        size_mb = Path(os.fsdecode(state)).stat().st_size / 1e6
    saved_s, read_s = statistics.median(times["saved"]), statistics.median(times["read"])
    print(f"{finished.n_prompt_tokens} tokens, saved memory {size_mb:.0f} MB")
    print(f"first word after reading again   {read_s:7.3f} s")
    print(f"first word from saved memory     {saved_s:7.3f} s")
    print(f"reading / saved: {read_s / saved_s:.1f} times sooner")


if __name__ == "__main__":
    main()
