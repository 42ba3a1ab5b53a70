"""Tokens per second through the whole application against the bare library, side by side.

Three ways to write the same answer (starter model, greedy, one thread, flash attention):

- `app`: engine process, pipe, worker thread, signals, and an answer view that renders;
- `bare`: the shortest possible loop on the C API of the same library;
- `chat`: the library's own `Llama.create_chat_completion(stream=True)`.

Each runs in a process of its own, one after the other, in a new random order every round, so
that all see the same machine. Speed is tokens after the first over the time they took.

Run: `python3 packaging/dev.py benchmark generation`
"""

import argparse
import ctypes
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
QUESTION = "Write a very long story about a lighthouse keeper, with many chapters."
N_CTX = 4096
WAYS = ("app", "bare", "chat")


def starter() -> str:
    """The bundled model."""
    return str(next((PROJECT / "resources" / "starter").glob("*.gguf")))


def run_bare(n_tokens: int, n_threads: int) -> tuple[int, float]:
    """Decode and sample, nothing else."""
    import llama_cpp  # noqa: PLC0415 - each way loads only what it needs
    from llama_cpp import llama_cpp as native  # noqa: PLC0415

    silent = native.llama_log_callback(lambda *_: None)
    native.llama_log_set(silent, ctypes.c_void_p(0))
    model_params = native.llama_model_default_params()
    model_params.load_mode = native.LLAMA_LOAD_MODE_NONE
    model = native.llama_model_load_from_file(starter().encode(), model_params)
    params = native.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = N_CTX, 128, 128
    params.n_threads = params.n_threads_batch = n_threads
    params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_ENABLED
    context = native.llama_init_from_model(model, params)
    vocabulary = native.llama_model_get_vocab(model)
    text = f"<|im_start|>user\n{QUESTION}<|im_end|>\n<|im_start|>assistant\n".encode()
    buffer = (llama_cpp.llama_token * 512)()
    n_prompt = native.llama_tokenize(vocabulary, text, len(text), buffer, 512, False, True)
    prompt = (llama_cpp.llama_token * n_prompt)(*buffer[:n_prompt])
    native.llama_decode(context, native.llama_batch_get_one(prompt, n_prompt))
    chain = native.llama_sampler_chain_init(native.llama_sampler_chain_default_params())
    penalties = native.llama_sampler_init_penalties(
        native.llama_vocab_n_tokens(vocabulary), 64, 1.1, 0.0, 0.0
    )
    native.llama_sampler_chain_add(chain, penalties)
    native.llama_sampler_chain_add(chain, native.llama_sampler_init_greedy())
    one = (llama_cpp.llama_token * 1)()
    batch = native.llama_batch_get_one(one, 1)
    one[0] = native.llama_sampler_sample(chain, context, -1)
    began_s = time.perf_counter()
    n_written = 0
    for _ in range(n_tokens - 1):
        native.llama_decode(context, batch)
        one[0] = native.llama_sampler_sample(chain, context, -1)
        n_written += 1
        if native.llama_vocab_is_eog(vocabulary, one[0]):
            break
    return n_written, time.perf_counter() - began_s


def run_chat(n_tokens: int, n_threads: int) -> tuple[int, float]:
    """The library's own chat."""
    import llama_cpp  # noqa: PLC0415

    model = llama_cpp.Llama(
        starter(),
        n_ctx=N_CTX,
        n_threads=n_threads,
        n_threads_batch=n_threads,
        flash_attn=True,
        use_mmap=False,
        verbose=False,
    )
    chunks = model.create_chat_completion(
        [{"role": "user", "content": QUESTION}],
        temperature=0.0,
        repeat_penalty=1.1,
        max_tokens=n_tokens,
        stream=True,
    )
    first_s, n_written, last_s = 0.0, -1, 0.0
    for chunk in chunks:
        assert isinstance(chunk, dict)
        if chunk["choices"][0]["delta"].get("content"):
            last_s = time.perf_counter()
            first_s = first_s or last_s
            n_written += 1
    return n_written, last_s - first_s


def run_app(n_tokens: int, n_threads: int) -> tuple[int, float]:
    """Everything between the question and the words on the screen."""
    import tempfile  # noqa: PLC0415

    from PySide6.QtCore import QEventLoop, QObject  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QScrollArea  # noqa: PLC0415

    from app.core import events  # noqa: PLC0415
    from app.core.conversation import Role  # noqa: PLC0415
    from app.core.sampling import Sampling  # noqa: PLC0415
    from app.core.settings import SettingKey  # noqa: PLC0415
    from app.store.saved_states import SavedStates  # noqa: PLC0415
    from app.ui.theme import Theme  # noqa: PLC0415
    from app.ui.widgets.answer_view import AnswerView  # noqa: PLC0415
    from app.worker.engine_worker import EngineWorker  # noqa: PLC0415
    from app.worker.signal_types import signal, signal_of  # noqa: PLC0415
    from app.worker.threads import WorkerThread  # noqa: PLC0415

    class Reader(QObject):
        settings_changed = signal_of(events.SettingsChanged)
        load_requested = signal_of(events.LoadRequest)
        answer_requested = signal_of(events.AnswerRequest)
        close_requested = signal()

        def __init__(self, view: AnswerView, loop: QEventLoop) -> None:
            super().__init__()
            self.view, self.loop = view, loop
            self.n_tokens, self.first_s, self.last_s = 0, 0.0, 0.0
            self.n_first = 0

        def ask(self, _loaded: events.LoadedModel) -> None:
            turn = events.PromptTurn("q", Role.USER, QUESTION)
            sampling = Sampling(temperature=0, repeat_penalty=1.1, max_tokens=n_tokens)
            self.answer_requested.emit(events.AnswerRequest("a", "c", (turn,), sampling))

        def take(self, delta: events.AnswerDelta) -> None:
            self.view.append_text(delta.text)
            self.last_s = time.perf_counter()
            if not self.first_s:
                self.first_s, self.n_first = self.last_s, delta.n_tokens
            self.n_tokens += delta.n_tokens

        def end(self, _finished: events.AnswerFinished) -> None:
            self.loop.quit()

    application = QApplication([])
    theme = Theme()
    theme.apply(application)
    area = QScrollArea()
    view = AnswerView(theme)
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.resize(900, 700)
    area.show()
    loop = QEventLoop()
    with tempfile.TemporaryDirectory() as folder:
        worker = EngineWorker(SavedStates(Path(folder) / "states"))
        thread = WorkerThread("engine")
        thread.adopt(worker)
        thread.start()
        reader = Reader(view, loop)
        reader.settings_changed.connect(worker.apply_settings)
        reader.load_requested.connect(worker.load)
        reader.answer_requested.connect(worker.generate)
        reader.close_requested.connect(worker.close)
        worker.model_loaded.connect(reader.ask)
        worker.answer_grew.connect(reader.take)
        worker.answer_finished.connect(reader.end)
        values: dict[SettingKey, str | int | float | bool] = {
            SettingKey.N_CTX: N_CTX,
            SettingKey.N_THREADS: n_threads,
        }
        reader.settings_changed.emit(events.SettingsChanged(values))
        reader.load_requested.emit(events.LoadRequest(Path(starter())))
        loop.exec()
        reader.close_requested.emit()
        thread.wait()
    return reader.n_tokens - reader.n_first, reader.last_s - reader.first_s


def measure(way: str, n_tokens: int, n_threads: int) -> float:
    """Run one way in a process of its own; give tokens per second."""
    command = [sys.executable, __file__, "--way", way, "--tokens", str(n_tokens)]
    ran = subprocess.run(
        [*command, "--threads", str(n_threads)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    n_written, took_s = json.loads(ran.stdout.splitlines()[-1])
    return float(n_written / took_s)


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    if options.way:
        sys.path.insert(0, str(PROJECT))
        ways = {"app": run_app, "bare": run_bare, "chat": run_chat}
        print(json.dumps(ways[options.way](options.tokens, options.threads)))
        return
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(options.rounds):
        for way in random.sample(WAYS, len(WAYS)):
            speeds[way].append(measure(way, options.tokens, options.threads))
    for way in WAYS:
        low, high = min(speeds[way]), max(speeds[way])
        print(f"{way:5} {statistics.median(speeds[way]):7.1f} tokens/s [{low:.1f}-{high:.1f}]")
    for other in ("bare", "chat"):
        ratios = [a / b for a, b in zip(speeds["app"], speeds[other], strict=True)]
        quartiles = statistics.quantiles(ratios, n=4)
        print(
            f"app / {other}: median {statistics.median(ratios):.3f} "
            f"[quartiles {quartiles[0]:.3f}-{quartiles[2]:.3f}]"
        )


if __name__ == "__main__":
    main()
