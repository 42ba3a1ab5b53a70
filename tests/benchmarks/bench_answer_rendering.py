"""CPU time to show a streamed answer: the answer view against `setMarkdown` for each batch.

Both show the same answer in a page of 900 x 700 px that follows its end, three tokens a batch,
without a screen. They take turns in a new random order every round, in one process, so that
both see the same machine; CPU time is what is compared.

- `view`: `AnswerView`, as in the application;
- `whole`: `QTextBrowser.setMarkdown` of all text so far, which is what Qt offers.

Also measured: whether a token costs more at the end of a long answer than at its beginning, and
what a finished answer of 300 tokens costs when a chat is opened.

Run: `python3 packaging/dev.py benchmark answer_rendering`
"""

import argparse
import os
import random
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QScrollArea, QTextBrowser, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.answer_view import AnswerView
from app.ui.widgets.markdown_view import warm_up

SEED = 20260101
BATCH_TOKENS = 3
HISTORY_ANSWERS = 40
WORDS = re.findall(
    r"\w+",
    "the notice period of your lease begins on first day month after landlord receives letter "
    "and ends with last tenant may terminate by giving it in writing signed",
)


def sample_answer(n_tokens: int) -> list[str]:
    """Tokens of an answer with headings, paragraphs, lists, code and tables."""
    chance = random.Random(SEED)

    def sentence(n_words: int) -> str:
        words = [chance.choice(WORDS) for _ in range(n_words)]
        words[chance.randrange(n_words)] = f"**{chance.choice(WORDS)}**"
        return " ".join(words).capitalize() + "."

    parts: list[str] = []
    tokens: list[str] = []
    while len(tokens) < n_tokens:
        number = len(parts)
        parts += [
            f"## Part {number}: {sentence(3)}\n",
            " ".join(sentence(12) for _ in range(4)) + "\n",
            "".join(f"- {sentence(9)} See `clause_{item}`.\n" for item in range(5)),
            "```python\ndef notice(received: date) -> date:\n"
            + "".join(f"    step_{item} = add(received, {item})  # day\n" for item in range(9))
            + "    return received\n```\n",
            "| Letter | Lease ends | Days |\n|---|---|--:|\n"
            + "".join(f"| {sentence(2)} | {sentence(3)} | {item} |\n" for item in range(5)),
            "".join(f"{item}. {sentence(8)}\n" for item in range(1, 4)),
        ]
        # Pieces about as long as a model's tokens.
        tokens = re.findall(r"\s?\w{1,5}|\W", "".join(parts))
    return tokens[:n_tokens]


@dataclass
class Page:
    """A page in a window, and what shows an answer in it."""

    window: QWidget
    show_more: Callable[[str], None]
    finish: Callable[[], None]


def view_page(theme: Theme) -> Page:
    """The answer view in a scrolled column."""
    column = QWidget()
    layout = QVBoxLayout(column)
    view = AnswerView(theme)
    layout.addWidget(view)
    layout.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(column)

    def show_more(text: str) -> None:
        view.append_text(text)
        QApplication.processEvents()
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())

    return Page(area, show_more, view.finish)


def whole_page(_theme: Theme) -> Page:
    """A text browser that gets all of the answer each time."""
    browser = QTextBrowser()
    parts: list[str] = []

    def show_more(text: str) -> None:
        parts.append(text)
        browser.setMarkdown("".join(parts))
        QApplication.processEvents()
        browser.verticalScrollBar().setValue(browser.verticalScrollBar().maximum())

    return Page(browser, show_more, lambda: None)


WAYS: dict[str, Callable[[Theme], Page]] = {"view": view_page, "whole": whole_page}


def stream(make: Callable[[Theme], Page], theme: Theme, tokens: list[str]) -> list[float]:
    """CPU milliseconds for each batch."""
    page = make(theme)
    page.window.resize(900, 700)
    page.window.show()
    QApplication.processEvents()
    times_ms = []
    for start in range(0, len(tokens), BATCH_TOKENS):
        begun = time.process_time()
        page.show_more("".join(tokens[start : start + BATCH_TOKENS]))
        QApplication.processEvents()
        times_ms.append((time.process_time() - begun) * 1000)
    page.finish()
    page.window.close()
    page.window.deleteLater()
    QApplication.processEvents()
    return times_ms


def per_token_ms(times_ms: list[float]) -> float:
    """The mean for a token."""
    return sum(times_ms) / len(times_ms) / BATCH_TOKENS


def history_ms(theme: Theme, text: str) -> float:
    """CPU milliseconds for a finished answer when a chat of many is opened and shown."""
    window = QWidget()
    window.resize(900, 700)
    layout = QVBoxLayout(window)
    begun = time.process_time()
    for _ in range(HISTORY_ANSWERS):
        view = AnswerView(theme)
        view.set_text(text)
        layout.addWidget(view)
    window.show()
    QApplication.processEvents()
    spent_ms = (time.process_time() - begun) * 1000
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return spent_ms / HISTORY_ANSWERS


def report(name: str, values: list[float], unit: str) -> None:
    """Print median and range."""
    ordered = f"[{min(values):.3f} to {max(values):.3f}]"
    print(f"{name:<44} {statistics.median(values):8.3f} {unit} {ordered}")


def main() -> None:
    """Run the rounds and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=4_000)
    options = parser.parse_args()
    application = QApplication([])
    theme = Theme()
    theme.apply(application)
    list(warm_up())
    tokens = sample_answer(options.tokens)
    print(f"{len(tokens)} tokens, {len(''.join(tokens))} characters, {options.rounds} rounds")
    for make in WAYS.values():
        stream(make, theme, tokens[:300])
    rounds: dict[str, list[list[float]]] = {name: [] for name in WAYS}
    order = random.Random()
    for _ in range(options.rounds):
        for name in order.sample(sorted(WAYS), len(WAYS)):
            rounds[name].append(stream(WAYS[name], theme, tokens))
    for name, runs in rounds.items():
        report(f"{name}: per token", [per_token_ms(run) for run in runs], "ms")
        quarter = len(runs[0]) // 4
        flatness = [per_token_ms(run[-quarter:]) / per_token_ms(run[:quarter]) for run in runs]
        report(f"{name}: last quarter / first quarter", flatness, "x ")
        report(f"{name}: 99 of 100 batches take less than", [centile(run) for run in runs], "ms")
    ratios = [
        per_token_ms(whole) / per_token_ms(view)
        for view, whole in zip(rounds["view"], rounds["whole"], strict=True)
    ]
    report("whole / view", ratios, "x ")
    answer = "".join(tokens[:300])
    report("a finished answer of 300 tokens", [history_ms(theme, answer) for _ in range(3)], "ms")


def centile(run: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(run, n=100)[-1]


if __name__ == "__main__":
    main()
