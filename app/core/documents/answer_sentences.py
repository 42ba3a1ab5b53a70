"""Cuts an answer in Markdown into sentences, each with its place in the text.

Thoughts, code and rules are left out; headings and the heads of tables claim nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.documents.sentences import sentences_of
from app.core.thoughts import without_thoughts

_FENCE = re.compile(r"\s*(?:>\s*)*(?:[-*+]\s+|\d{1,3}[.)]\s+)?(`{3,}|~{3,})")
_LEAD = re.compile(r"(?:\s*>)*\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+)*(?:\[[ xX]\]\s+)?")
_HEADING = re.compile(r"\s*(?:>\s*)*#{1,6}\s")
_RULE = re.compile(r"\s*(?:(?:[-*_]\s*){3,}|=+\s*|-+\s*)$")
_TABLE_ROW = re.compile(r"\s*\|.*\|?\s*$|[^|\n]+\|[^\n]+$")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\s*$")
_BRACKETS = re.compile(
    r"[ \u00a0]*(?:\[\^?\d{1,3}(?:\s*[,;–-]\s*\^?\d{1,3})*\](?![(\w])(?!:\s*\w+://)"
    r"|【[^】\n]{1,40}】)"
)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_MARKS = re.compile(
    r"(?<!\\)(?:\*{1,3}|_{2,3}|~~|`+)|(?<![\w\\])_(?=\w)|(?<=\w)_(?!\w)|\\(?=[^\w\s])"
)
_LABEL = re.compile(r"[^.!?。！？]{1,80}[:：]\W*$")
_QUESTION = re.compile(r"[?？؟]\W*$")
_WITHOUT_CLAIM = re.compile(
    r"(?:(?:yes|no|sure|certainly|of course|hello|hi|okay|ok|thanks|thank you|you'?re welcome"
    r"|great"
    r"|ja|nein|gerne|natürlich|hallo|oui|non|bien sûr|bonjour|sí|claro|hola|да|нет|конечно"
    r"|是的|好的|当然|你好|はい|いいえ)\b\W*)+$"
    r"|(?:i hope|let me know|feel free|please let me know|is there anything|if you have any"
    r"|here (?:is|are|'s)\b.{0,60}:|i'?m sorry|sorry|as an ai|ich hoffe|lassen sie mich"
    r"|n'hésitez|j'espère|espero que|надеюсь).*$",
    re.IGNORECASE | re.DOTALL,
)
_WORDLESS = re.compile(r"[\W_]*$")


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of an answer: characters `start` to `end` of it, marks of its ends included.

    Attributes:
        text: without Markdown and the model's own brackets.
        is_claim: it says something that can be true or false.
        is_whole: it has ended; the last one may still grow.
    """

    start: int
    end: int
    text: str
    is_claim: bool = True
    is_whole: bool = True


def without_brackets(text: str) -> str:
    """Leave out the brackets that a model made up as citations, such as [7].

    Nothing is known of what it meant by them. Links stay; what is code is for the caller to know.
    """
    return _BRACKETS.sub("", text)


def answer_sentences(text: str, *, is_ended: bool) -> tuple[AnswerSentence, ...]:
    """Cut an answer into sentences, in order.

    Args:
        text: the answer so far, in Markdown, thoughts included.
        is_ended: nothing more will come, so the last sentence is whole.
    """
    found: list[AnswerSentence] = []
    for start, end, is_claim in _pieces(text):
        for first, last in sentences_of(text[start:end].replace("\n", " ")):
            sentence = _sentence(text, start + first, start + last, is_claim=is_claim)
            if sentence is not None:
                found.append(sentence)
    if found and not is_ended:
        last_one = found.pop()
        is_whole = bool(text[last_one.end :].strip(" ")) or _is_closed(text, last_one.end)
        found.append(
            AnswerSentence(
                last_one.start, last_one.end, last_one.text, last_one.is_claim, is_whole
            )
        )
    return tuple(found)


def _is_closed(text: str, end: int) -> bool:
    """Say whether a sentence that is the last so far has its full stop and what follows it."""
    return text[end - 1] in "。！？" or (end < len(text) and text[end - 1] in ".!?")


def _sentence(text: str, start: int, end: int, *, is_claim: bool) -> AnswerSentence | None:
    plain = plain_text(text[start:end])
    if _WORDLESS.match(plain):
        return None
    is_empty = bool(_LABEL.match(plain) or _QUESTION.search(plain) or _WITHOUT_CLAIM.match(plain))
    return AnswerSentence(start, end, plain, is_claim and not is_empty)


def plain_text(markdown: str) -> str:
    """Give a piece of Markdown without its marks and the model's own brackets."""
    plain = _LINK.sub(r"\1", markdown)
    plain = without_brackets(plain)
    return " ".join(_MARKS.sub("", plain).split())


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give the lines after the thoughts, and whether each is code."""
    position = len(text) - len(without_thoughts(text))
    fence = ""
    for line in text[position:].splitlines(keepends=True):
        start, position = position, position + len(line)
        end = start + len(line.rstrip("\r\n"))
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]):
                fence = ""
            yield start, end, True
        elif mark:
            fence = mark[1]
            yield start, end, True
        else:
            yield start, end, False


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Give runs of lines that may be cut into sentences, and whether they can be claims."""
    lines = list(_lines(text))
    begin: int | None = None
    last_end = 0
    for number, (start, end, is_code) in enumerate(lines):
        line = text[start:end]
        is_row = not is_code and _TABLE_ROW.match(line) is not None and line.count("|") > 1
        is_apart = is_code or is_row or not line.strip() or _RULE.match(line) is not None
        lead = _LEAD.match(line)
        n_lead = lead.end() if lead else 0
        is_new = is_apart or n_lead > len(line) - len(line.lstrip()) or bool(_HEADING.match(line))
        if is_new and begin is not None:
            yield begin, last_end, True
            begin = None
        if _HEADING.match(line) and not is_code:
            yield start + line.index("#"), end, False
        elif is_row:
            yield from _row(text, lines, number)
        elif not is_apart:
            begin = start + n_lead if begin is None else begin
        last_end = end
    if begin is not None:
        yield begin, last_end, True


def _row(
    text: str, lines: list[tuple[int, int, bool]], number: int
) -> Iterator[tuple[int, int, bool]]:
    """Give a row of a table, unless it is the line under the head; a head claims nothing."""
    start, end, _ = lines[number]
    line = text[start:end]
    if _TABLE_RULE.match(line):
        return
    following = lines[number + 1] if number + 1 < len(lines) else None
    is_head = following is not None and bool(_TABLE_RULE.match(text[following[0] : following[1]]))
    inner = line.strip().strip("|")
    first = start + line.index(inner) if inner else start
    yield first, first + len(inner.rstrip()), not is_head
