"""Renders the chat template that a model brings, without trusting it or the texts.

A template is a program by a stranger: it runs in Jinja's sandbox, in the engine process only,
under a limit on memory (here) and time (the supervisor kills an engine that stays in this
phase). The texts of the user, of documents and of earlier answers never reach the template:
it sees a placeholder for each, between the white space that the text begins and ends with, and
the rendered prompt is cut at the placeholders. So what the model's maker wrote can be told from
what was typed, and only the first may contain control tokens; and a text loses the white space
that the template strips, and no other.
"""

import contextlib
import itertools
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import NoReturn

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.core.conversation import Role
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.prompt import PromptMessage

MAX_TEMPLATE_CHARACTERS = 1_000_000
"""The longest templates in use have about 30,000."""
MAX_RENDERED_CHARACTERS = 4_000_000
MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
"""What rendering may take above what the process holds; real templates take a few MB."""

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters of Unicode: no text that is exchanged contains them."""
_EDGE = "\x1f"
"""White space that ends no line, and that no template writes: beside a placeholder it is gone
where the template has stripped the text."""


_SPEAKING = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError)
"""Errors whose text says something of the template."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """The text of a message, and the white space around it."""

    before: str
    core: str
    after: str

    @classmethod
    def of(cls, text: str) -> "_Typed":
        core = text.strip()
        start = text.index(core)
        return cls(text[:start], core, text[start + len(core) :])

    def around(self, placeholder: str) -> str:
        """Give the placeholder with the white space of this text around it."""
        return f"{self.before}{placeholder}{self.after}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rendered prompt.

    Attributes:
        text: the piece; for a message, its text but for white space that the template strips.
        message: index of the message whose text this is; None for what the template wrote.
    """

    text: str
    message: int | None = None


class _Generation(Extension):
    """Lets `{% generation %}` blocks pass: they mark for training what the model wrote."""

    tags = {"generation"}  # noqa: RUF012 - as the base class declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Give the statements in the block."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class ChatTemplate:
    """One compiled template.

    Raises:
        WorldError: CHAT_TEMPLATE_UNUSABLE when it does not compile.
    """

    def __init__(self, source: str, bos_text: str, eos_text: str, display_name: str) -> None:
        self._display_name = display_name
        self._variables = {"bos_token": bos_text, "eos_token": eos_text}
        if len(source) > MAX_TEMPLATE_CHARACTERS:
            raise self._unusable("too long")
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
        )
        environment.globals["raise_exception"] = _raise_exception
        environment.globals["strftime_now"] = _strftime_now
        with self._guarded():
            self._template = environment.from_string(source)

    def render(self, messages: Sequence[PromptMessage]) -> tuple[Segment, ...]:
        """Give the prompt for `messages`, ready for the answer to follow.

        Instructions that the template refuses or drops are put before the first message of
        the user instead.

        Raises:
            WorldError: CHAT_TEMPLATE_UNUSABLE when it fails, or leaves a message out.
        """
        try:
            segments = self._render_once(messages)
        except WorldError:
            if not _has_instructions(messages):
                raise
            segments = None
        if segments is not None and _messages_in(segments) == list(range(len(messages))):
            return segments
        if _has_instructions(messages):
            segments = self._render_once(_with_instructions_in_text(messages))
            if _messages_in(segments) == list(range(len(messages) - 1)):
                first, rest = _split_first(segments, messages)
                return (*first, *rest)
        raise self._unusable("leaves out messages")

    def _render_once(self, messages: Sequence[PromptMessage]) -> tuple[Segment, ...]:
        nonce = secrets.randbelow(10**9)
        texts = [_Typed.of(message.text) for message in messages]
        given = [
            {
                "role": message.role.value,
                "content": text.around(f"{_EDGE}{_OPEN}{nonce}:{index}{_CLOSE}{_EDGE}"),
            }
            for index, (message, text) in enumerate(zip(messages, texts, strict=True))
        ]
        with self._guarded():
            rendered = self._template.render(
                messages=given, add_generation_prompt=True, tools=None, **self._variables
            )
        if len(rendered) > MAX_RENDERED_CHARACTERS + sum(len(one["content"]) for one in given):
            raise self._unusable("writes too much")
        return _segments(rendered, nonce, texts)

    def _guarded(self) -> "_Guard":
        return _Guard(self._unusable)

    def _unusable(self, reason: str) -> WorldError:
        return WorldError(
            ErrorCode.CHAT_TEMPLATE_UNUSABLE,
            Facts(file_name=self._display_name, reason=reason),
            f"chat template: {reason}",
        )


class _Guard:
    """Runs a stranger's program: whatever it raises, the program is at fault, not the engine.

    No list of exceptions would do. A template compiles to Python, which has its own limits
    (SyntaxError for twenty nested loops), and calls methods of Python's own types.
    """

    def __init__(self, unusable: Callable[[str], WorldError]) -> None:
        self._unusable = unusable
        self._limit = _memory_limit(MEMORY_LIMIT_BYTES)

    def __enter__(self) -> None:
        self._limit.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._limit.__exit__(None, None, None)
        if isinstance(error, _SPEAKING):
            raise self._unusable(str(error)[:200]) from error
        if isinstance(error, Exception):
            raise self._unusable(type(error).__name__) from error


def _segments(rendered: str, nonce: int, texts: Sequence[_Typed]) -> tuple[Segment, ...]:
    """Cut a rendered prompt at its placeholders."""
    placeholder = f"({_EDGE}?){_OPEN}{nonce}:(\\d+){_CLOSE}({_EDGE}?)"
    written, *rest = re.split(placeholder, rendered)
    segments: list[Segment] = []
    for place in range(0, len(rest), 4):
        edge_before, index, edge_after, following = rest[place : place + 4]
        text = texts[int(index)]
        # Without its edge, white space was stripped, and what is there is the template's own.
        before = _common_end(written, text.before) if edge_before else ""
        after = _common_start(following, text.after) if edge_after else ""
        segments.append(Segment(written[: len(written) - len(before)]))
        segments.append(Segment(f"{before}{text.core}{after}", int(index)))
        written = following[len(after) :]
    segments.append(Segment(written))
    return tuple(one for one in segments if one.text or one.message is not None)


def _common_end(first: str, second: str) -> str:
    return _common_start(first[::-1], second[::-1])[::-1]


def _common_start(first: str, second: str) -> str:
    pairs = zip(first, second, strict=False)
    return "".join(a for a, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _has_instructions(messages: Sequence[PromptMessage]) -> bool:
    return len(messages) > 1 and messages[0].role is Role.SYSTEM


def _messages_in(segments: Sequence[Segment]) -> list[int]:
    return [segment.message for segment in segments if segment.message is not None]


def _with_instructions_in_text(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    instructions, first, *rest = messages
    joined = PromptMessage(
        first.role, f"{instructions.text.strip()}\n\n{first.text}", first.turn_ids
    )
    return (joined, *rest)


def _split_first(
    segments: Sequence[Segment], messages: Sequence[PromptMessage]
) -> tuple[list[Segment], list[Segment]]:
    """Number the messages as the caller counts them: the first text holds messages 0 and 1."""
    place = next(i for i, segment in enumerate(segments) if segment.message == 0)
    instructions = messages[0].text.strip()
    text = segments[place].text[len(instructions) :]
    first = [*segments[:place], Segment(instructions, 0), Segment(text, 1)]
    rest = [
        Segment(one.text, None if one.message is None else one.message + 1)
        for one in segments[place + 1 :]
    ]
    return first, rest


def _raise_exception(message: object) -> NoReturn:
    raise TemplateError(str(message))


def _strftime_now(layout: object) -> str:
    """What templates of Llama 3 call for today's date; the length is bounded."""
    return datetime.now(UTC).astimezone().strftime(str(layout)[:64])


@contextlib.contextmanager
def _memory_limit(extra_bytes: int) -> Iterator[None]:
    """Let this process grow by `extra_bytes` at most, where the system can enforce it."""
    try:
        import resource  # noqa: PLC0415 - there is no such module on Windows
    except ImportError:
        yield
        return
    used_bytes = _address_space_bytes()
    if used_bytes is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used_bytes + extra_bytes
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space_bytes() -> int | None:
    """Address space of this process; None where it cannot be told cheaply (macOS)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            n_pages = int(statm.read().split()[0])
    except OSError:
        return None
    import resource  # noqa: PLC0415 - there is no such module on Windows

    return n_pages * resource.getpagesize()
