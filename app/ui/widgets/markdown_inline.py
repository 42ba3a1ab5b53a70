"""Markdown inside one paragraph, heading or cell: emphasis, code, links. Never an image."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.ui.widgets.markdown_leaves import PLAIN, Run, Runs, RunStyle
from app.ui.widgets.text_safety import is_safe_link, misleading_host

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A longer paragraph is cut so that one layout and one parse stay short.
_PIECE_CHARS: Final = 3_000
# markdown-it needs 7 us per open bracket; prose never has so many in one piece.
_MOST_BRACKETS: Final = 300
# Qt lays out text that changes its style so often very slowly.
_MOST_RUNS: Final = 400
_CACHED_TEXTS: Final = 512

_BARE_URL = re.compile(r"https?://[^\s<>\"'`]+")
_OPENERS = {")": "(", "]": "["}


@cache
def inline_parser() -> "MarkdownIt":
    """The shared parser of inline Markdown; importing it takes about 40 ms."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - after the first paint

    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    return parser


def pieces(content: str) -> list[str]:
    """Cut a very long paragraph, at the end of a sentence or word if there is one."""
    found = []
    start = 0
    while len(content) - start > _PIECE_CHARS:
        cut = _cut(content, start)
        found.append(content[start:cut].rstrip(" "))
        start = cut
    found.append(content[start:].lstrip(" ") if found else content)
    return found


def _cut(content: str, start: int) -> int:
    end = start + _PIECE_CHARS
    for mark in (". ", "\n", " "):
        found = content.rfind(mark, start + _PIECE_CHARS // 2, end)
        if found >= 0:
            return found + len(mark)
    return end


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is Hebrew, Arabic or of another such script."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


class InlineReader:
    """Turns inline Markdown into runs; remembers the latest texts, as open blocks are read often.

    Args:
        references: The link reference definitions of the document, as markdown-it collects them.
    """

    def __init__(self, references: dict[str, Any] | None = None) -> None:
        self._environment: dict[str, Any] = {"references": references or {}}
        self._known: dict[str, Runs] = {}

    def runs(self, content: str) -> Runs:
        """Read the text of one paragraph, heading or cell."""
        known = self._known.get(content)
        if known is None:
            if len(self._known) >= _CACHED_TEXTS:
                self._known.clear()
            known = self._known[content] = self._read(content)
        return known

    def _read(self, content: str) -> Runs:
        if content.count("[") > _MOST_BRACKETS:
            return (Run(content, PLAIN),)
        tokens = inline_parser().parseInline(content, self._environment)
        runs = _RunBuilder().build(tokens[0].children or ())
        return runs if len(runs) <= _MOST_RUNS else (Run(content, PLAIN),)


class _RunBuilder:
    """Collects runs while walking over the inline tokens of one text."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._depth = {"strong": 0, "em": 0, "s": 0}
        self._url = ""
        self._link_start = 0

    def build(self, tokens: "Sequence[Token]") -> Runs:
        for token in tokens:
            self._take(token)
        return tuple(self._runs)

    def _take(self, token: "Token") -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                # Models end a line where they want it to end: verses, addresses, "Name: value".
                self._add("\n")
            case "code_inline":
                self._add(token.content, code=True)
            case "image":
                # Loading it could tell a stranger that the answer is being read.
                self._add(f"{token.content} ({token.attrs.get('src', '')})".lstrip())
            case "link_open":
                self._url = str(token.attrs.get("href", ""))
                self._link_start = len(self._runs)
            case "link_close":
                self._close_link()
            case _ if token.nesting:
                self._depth[token.tag] += token.nesting
            case _:
                self._add_text(token.content)

    def _close_link(self) -> None:
        url, self._url = self._url, ""
        shown = "".join(run.text for run in self._runs[self._link_start :])
        self._add_real_host(shown, url)

    def _add_real_host(self, shown: str, url: str) -> None:
        host = misleading_host(shown, url)
        if host:
            self._add(f" ({host})")

    def _add_text(self, text: str) -> None:
        """Add text in which bare addresses become links."""
        start = 0
        if "://" in text and not self._url:
            for match in _BARE_URL.finditer(text):
                shown = _without_punctuation(match[0])
                url = inline_parser().normalizeLink(shown)
                if is_safe_link(url):
                    self._add(text[start : match.start()])
                    self._add(shown, url=url)
                    self._add_real_host(shown, url)
                    start = match.start() + len(shown)
        self._add(text[start:])

    def _add(self, text: str, *, code: bool = False, url: str = "") -> None:
        if not text:
            return
        depth = self._depth
        style = RunStyle(
            depth["strong"] > 0, depth["em"] > 0, depth["s"] > 0, code, url or self._url
        )
        if self._runs and self._runs[-1].style == style and len(self._runs) > self._link_start:
            text = self._runs.pop().text + text
        self._runs.append(Run(text, style))


def _without_punctuation(url: str) -> str:
    """Leave the sentence's own punctuation out of a bare address."""
    while url:
        opener = _OPENERS.get(url[-1])
        balanced = opener is not None and url.count(opener) >= url.count(url[-1])
        if balanced or url[-1] not in ".,;:!?*_~)]":
            break
        url = url[:-1]
    return url
