"""How smooth the list of models to be found is with 1,000 of them.

Three things are timed in the window's own thread, without a screen:

- `first`: from making the view until its first rows are painted;
- `frame`: scrolling 60 px and painting, while verdicts are still being worked out, then after;
- `key`: one more letter in the search field, until the list is painted again.

The models are copies of the bundled catalogue under other names, so that texts, sizes and
builds are real ones.

Run: `python3 packaging/dev.py benchmark catalogue`
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from PySide6.QtWidgets import QApplication  # noqa: E402

from app.core import hub_events as hub  # noqa: E402
from app.core.candidate import Candidate  # noqa: E402
from app.core.fit_events import Outlook  # noqa: E402
from app.store.catalogue_file import read_catalogue  # noqa: E402
from app.ui.theme import Theme  # noqa: E402
from tests.fit_samples import CARD_OUTLOOK, OUTLOOK  # noqa: E402

FRAME_GOAL_MS = 16.0
FIRST_GOAL_MS = 300.0
STEP_PX = 60
N_FRAMES = 300
WORDS = ("qwen", "granite 4", "pictures", "long documents", "zzz")


def candidates(n: int) -> tuple[Candidate, ...]:
    """Give `n` models: the catalogue again and again, under other names."""
    bundled = read_catalogue(PROJECT / "resources" / "catalogue").candidates
    return tuple(
        replace(one, repo_id=f"{one.repo_id}-{number}", name=f"{one.name} No. {number}")
        for number in range(-(-n // len(bundled)))
        for one in bundled
    )[:n]


def timed_ms(act: Callable[[], object]) -> float:
    """Give how long `act` takes together with everything that Qt does after it."""
    began_s = time.perf_counter()
    act()
    QApplication.processEvents()
    return (time.perf_counter() - began_s) * 1000


def report(name: str, took_ms: list[float], goal_ms: float) -> None:
    """Print the distribution."""
    ordered = sorted(took_ms)
    late = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    print(
        f"{name:<28} {len(ordered):4} times: median {statistics.median(ordered):6.1f} ms,"
        f" 99 of 100 under {late:6.1f} ms, longest {ordered[-1]:6.1f} ms (goal {goal_ms:.0f})"
    )


def measure(n: int, outlook: Outlook) -> None:
    """Time one view."""
    theme = Theme()
    theme.apply(QApplication.instance() or QApplication([]))  # type: ignore[arg-type]
    shown = hub.CatalogueShown(candidates(n))

    def make() -> object:
        from app.ui.catalogue.find_view import FindView  # noqa: PLC0415 - its import counts

        view = FindView(theme)
        view.resize(1032, 800)
        view.show_outlook(outlook)
        view.show_catalogue(shown)
        view.show()
        return view

    began_s = time.perf_counter()
    view = make()
    from app.ui.catalogue.find_view import FindView  # noqa: PLC0415 - for the type

    assert isinstance(view, FindView)
    view._list.viewport().repaint()
    report("first", [(time.perf_counter() - began_s) * 1000], FIRST_GOAL_MS)
    bar = view._list.verticalScrollBar()

    def scroll() -> None:
        place = bar.value() + STEP_PX
        bar.setValue(place if place < bar.maximum() else 0)
        view._list.viewport().repaint()

    report("frame while judging", [timed_ms(scroll) for _ in range(N_FRAMES)], FRAME_GOAL_MS)
    began_s = time.perf_counter()
    while view._shelf.is_judging:
        QApplication.processEvents()
    print(f"{'judging the rest':<28} took {time.perf_counter() - began_s:.1f} s")
    QApplication.processEvents()
    report("frame", [timed_ms(scroll) for _ in range(N_FRAMES)], FRAME_GOAL_MS)
    bar.setValue(0)
    field = view._head.field
    first_ms = timed_ms(partial(field.setText, "a"))
    field.clear()
    keys, clears = [], []
    for word in WORDS:
        starts = [word[:end] for end in range(1, len(word) + 1)]
        keys += [timed_ms(partial(field.setText, start)) for start in starts]
        clears.append(timed_ms(field.clear))
    report("first key", [first_ms], FRAME_GOAL_MS)
    report("key", keys, FRAME_GOAL_MS)
    report("all models again", clears, FRAME_GOAL_MS)
    chip = view._head.chips._runs_well
    report("filter", [timed_ms(chip.click) for _ in range(10)], FRAME_GOAL_MS)
    view.close()
    view.deleteLater()


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--models", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.models} models, a laptop without a graphics card")
    measure(options.models, OUTLOOK)
    print(f"{options.models} models, a computer with a graphics card")
    measure(options.models, CARD_OUTLOOK)


if __name__ == "__main__":
    main()
