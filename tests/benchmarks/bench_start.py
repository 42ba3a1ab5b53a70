"""From the start of Python to the first window that is painted, on a warm disk.

Each way starts in a process of its own, without a screen, in a new random order every round:

- `bare`: `QApplication` and an empty `QMainWindow`, the least that Qt needs;
- `app`: Quillhouse with a data folder that holds 200 chats, until its window is painted;
- `command`: the same through `packaging/dev.py run`, which first sees that nothing is missing.

Also measured: until the starter model can answer (`ready`), from the same starts as `app`.

Run: `python3 packaging/dev.py benchmark start`
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

N_CHATS = 200
GOAL_S = 1.0
LIMIT_S = 60.0
PAINTED = "the window is on the screen"
READY = "model loaded"
"""What the log says when each has happened."""
BARE = """
import sys
from PySide6.QtCore import QObject, QEvent
from PySide6.QtWidgets import QApplication, QMainWindow

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print("painted", flush=True)
            application.quit()
        return False

application = QApplication([])
window = QMainWindow()
painted = Painted()
window.installEventFilter(painted)
window.show()
application.exec()
"""


def run_bare(_home: Path) -> dict[str, float]:
    """Seconds until an empty window is painted."""
    began_s = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"painted\n"
        return {"bare": time.perf_counter() - began_s}


def run_app(home: Path) -> dict[str, float]:
    """Seconds until Quillhouse is painted, and until its model can answer."""
    times_s = _watch([sys.executable, "-m", "app"], home, (PAINTED, READY))
    return {"app": times_s[PAINTED], "ready": times_s[READY]}


def run_command(home: Path) -> dict[str, float]:
    """Seconds from the command of the README until Quillhouse is painted."""
    command = [sys.executable, str(PROJECT / "packaging" / "dev.py"), "run"]
    return {"command": _watch(command, home, (PAINTED,))[PAINTED]}


WAYS: tuple[Callable[[Path], dict[str, float]], ...] = (run_bare, run_app, run_command)


def _watch(command: list[str], home: Path, signs: tuple[str, ...]) -> dict[str, float]:
    """Start, and give the seconds until the log says each thing."""
    log = home / "logs" / "quillhouse.log"
    log.unlink(missing_ok=True)
    began_s = time.perf_counter()
    times_s: dict[str, float] = {}
    variables = {**os.environ, "QUILLHOUSE_HOME": str(home)}
    process = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=subprocess.DEVNULL)
    try:
        while len(times_s) < len(signs):
            now_s = time.perf_counter() - began_s
            text = log.read_text(encoding="utf-8") if log.exists() else ""
            for sign in signs:
                if sign in text:
                    times_s.setdefault(sign, now_s)
            if now_s > LIMIT_S or process.poll() is not None:
                raise RuntimeError(f"{signs} not seen after {now_s:.0f} s")
            time.sleep(0.001)
    finally:
        process.terminate()
        process.wait()
    return times_s


@contextmanager
def home_with_chats() -> Iterator[Path]:
    """A data folder that has been in use for a while."""
    from app.core.conversation import TurnState  # noqa: PLC0415 - not needed to be measured
    from app.store.conversations import Conversations  # noqa: PLC0415
    from app.store.data_folder import DataFolder  # noqa: PLC0415
    from app.store.database import Database  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUILLHOUSE_HOME"] = folder
        database = Database(DataFolder.open().database)
        database.open()
        conversations = Conversations(database)
        for n in range(N_CHATS):
            asked = conversations.add_question(None, f"Question {n} about the lease of the flat")
            conversations.end_answer(asked.answer_id, "It says so. " * 80, TurnState.COMPLETE)
        database.close()
        yield Path(folder)


def main() -> None:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    times_s: dict[str, list[float]] = {}
    with home_with_chats() as home:
        for way in WAYS:
            way(home)  # Warms the disk.
        for _ in range(options.rounds):
            for way in random.sample(WAYS, len(WAYS)):
                for name, took_s in way(home).items():
                    times_s.setdefault(name, []).append(took_s)
    for name, values in times_s.items():
        ordered = f"[{min(values):.3f} to {max(values):.3f}]"
        print(f"{name:<8} {statistics.median(values):7.3f} s {ordered}")
    for name in ("app", "command"):
        ratios = [a / b for a, b in zip(times_s[name], times_s["bare"], strict=True)]
        print(f"{name} / bare: median {statistics.median(ratios):.2f}")
    median_s = statistics.median(times_s["command"])
    print(f"command: {median_s / GOAL_S:.2f} of the {GOAL_S:.0f} s aimed for")


if __name__ == "__main__":
    main()
