"""How late the window's event loop is while a long answer streams through the whole application.

The real window, engine process, pipe, worker threads and store. A timer that is due every 10 ms
notes how late it comes: first while the window has nothing to do (`idle`), then while 4,000
tokens are read, written, shown and saved (`streaming`), in one run. Everything that the window's
thread does for longer than that holds the timer up, so its lateness is what a key press waits.

Run: `python3 packaging/dev.py benchmark smoothness`
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QPlainTextEdit  # noqa: E402

from app.core import events  # noqa: E402
from app.core.settings import SettingKey  # noqa: E402
from app.shell.shell import Shell  # noqa: E402
from app.shell.start import starter_model  # noqa: E402
from app.store.data_folder import DataFolder  # noqa: E402

BEAT_MS = 10
IDLE_S = 5.0
GOAL_MS = 16.0
QUESTION = (
    "Write a very long story about a lighthouse keeper, with many chapters, each with a heading, "
    "a list, a table and some code."
)


class Heartbeat(QObject):
    """Notes in milliseconds how much later than due each beat comes."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._due_s = 0.0
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to note."""
        self.late_ms = []
        self._due_s = time.perf_counter() + BEAT_MS / 1000
        self._timer.start()

    @Slot()
    def _beat(self) -> None:
        now_s = time.perf_counter()
        self.late_ms.append(max(0.0, (now_s - self._due_s) * 1000))
        self._due_s = now_s + BEAT_MS / 1000


class Watcher(QObject):
    """Waits for the model, then for the end of the answer; counts its tokens."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.n_tokens = 0
        self.loop = QEventLoop()
        shell.engine.model_loaded.connect(self._end)
        shell.engine.answer_grew.connect(self._count)
        shell.engine.answer_finished.connect(self._end)
        shell.engine.answer_failed.connect(self._end)

    @Slot(object)
    def _count(self, delta: events.AnswerDelta) -> None:
        self.n_tokens += delta.n_tokens

    @Slot(object)
    def _end(self, _fact: object) -> None:
        self.loop.quit()


def measure(n_tokens: int) -> tuple[list[float], list[float], int]:
    """Give the lateness while idle and while streaming, and how many tokens came."""
    application = QApplication([])
    shell = Shell(application, DataFolder.open(), starter_model())
    watcher, heartbeat = Watcher(shell), Heartbeat()
    shell.start()
    watcher.loop.exec()
    for key, value in (
        (SettingKey.MAX_TOKENS, n_tokens),
        (SettingKey.TEMPERATURE, 1.0),
        (SettingKey.SEED, 3),
    ):
        shell.window.setting_requested.emit(events.SettingRequest(key, value))
    heartbeat.start()
    QTimer.singleShot(round(IDLE_S * 1000), watcher.loop.quit)
    watcher.loop.exec()
    idle_ms = heartbeat.late_ms
    fields = shell.window.findChildren(QPlainTextEdit)
    composer = next(one for one in fields if one.accessibleName() == "Message")
    heartbeat.start()
    while watcher.n_tokens < n_tokens:
        # The starter ends its answers sooner; the chat goes on until there are enough.
        composer.setPlainText(QUESTION)
        QTest.keyClick(composer, Qt.Key.Key_Return)
        watcher.loop.exec()
    streaming_ms = heartbeat.late_ms
    shell.window.close()
    shell.close()
    return idle_ms, streaming_ms, watcher.n_tokens


def report(name: str, late_ms: list[float]) -> float:
    """Print the distribution; give its 99th percentile."""
    cuts = statistics.quantiles(late_ms, n=1000)
    print(
        f"{name:<10} {len(late_ms):6} beats, late by: median {cuts[499]:6.2f} ms,"
        f" 99 of 100 under {cuts[989]:6.2f} ms, longest {max(late_ms):6.2f} ms"
    )
    return cuts[989]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tokens", type=int, default=4000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUILLHOUSE_HOME"] = folder
        idle_ms, streaming_ms, n_tokens = measure(options.tokens)
    print(f"{n_tokens} tokens")
    idle = report("idle", idle_ms)
    streaming = report("streaming", streaming_ms)
    print(f"streaming / idle, 99 of 100: {streaming / idle:.1f}")
    print(f"streaming: {streaming / GOAL_MS:.2f} of the {GOAL_MS:.0f} ms aimed for")


if __name__ == "__main__":
    main()
