"""A question put to every file: what is asked, what an answer comes to, and the table of all."""

import csv
import io
import re
from collections.abc import Sequence

from app.core.conversation import Role
from app.core.document_prompt import prompt_passages
from app.core.documents.evidence import FileAnswer, Passage, Source, Support
from app.core.documents.support.citations import Citations
from app.core.events import AnswerRequest, PromptTurn
from app.core.sampling import Sampling
from app.core.thoughts import without_thoughts

NOTHING = "NONE"
VALUE_TOKENS = 80
"""Longest answer that is written for one file."""
MAX_VALUE_CHARACTERS = 300

_ASKED = (
    "{question}\nAnswer with the value only, in a few words, or with {nothing} if it is not said."
)
_MARKS = "*_`\"'“”«»„ \t"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes the text of a cell for a formula."""


def file_question(question: str) -> str:
    """Give what a model is asked about each file."""
    return _ASKED.format(question=question.strip(), nothing=NOTHING)


def answer_request(
    answer_id: str, conversation_id: str, question: str, passages: Sequence[Passage]
) -> AnswerRequest:
    """Ask a model for the value that passages of one file, best first, give."""
    asked = file_question(question)
    turn = PromptTurn(f"{answer_id}-question", Role.USER, asked, prompt_passages(passages))
    sampling = Sampling(temperature=0, max_tokens=VALUE_TOKENS)
    return AnswerRequest(answer_id, conversation_id, (turn,), sampling, may_forget=True)


def value_of(text: str) -> str:
    """Give the value in what a model has written; empty if it says that there is none."""
    lines = (line.strip(_MARKS) for line in without_thoughts(text).splitlines())
    value = next((line for line in lines if line), "")
    value = re.sub(r"^(?:answer|value)\s*:\s*", "", value, flags=re.IGNORECASE).strip(_MARKS)
    value = re.sub(r"\s*\[\d+\]\s*\.?$", "", value).strip(_MARKS)
    if re.match(rf"{NOTHING}\b|n/a\b|not (?:said|stated|mentioned)\b", value, re.IGNORECASE):
        return ""
    return value[:MAX_VALUE_CHARACTERS]


def source_of_value(
    value: str, passages: Sequence[Passage], question: str
) -> tuple[Source | None, bool]:
    """Give the sentence of the passages that a value rests on, and whether it bears it out.

    The app looks itself, whatever the model says, as it does for the sentences of every answer:
    a date or an amount may be written otherwise, and a value by itself leans on the question.
    """
    sources, cited = Citations(passages, question).cite(value, is_ended=True)
    claims = [one for one in cited if one.support is not Support.NO_CLAIM]
    is_verified = bool(claims) and all(one.support is Support.SUPPORTED for one in claims)
    return (sources[0] if sources else None), is_verified


def csv_table(rows: Sequence[FileAnswer], titles: Sequence[str]) -> bytes:
    """Give the table for spreadsheets: UTF-8 with a mark that Excel knows it by.

    Args:
        rows: by file name.
        titles: of the columns: file, folder, answer, page, source, checked.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(one) for one in titles])
    for row in rows:
        source = row.source
        page = (source.place.label or str(source.place.page)) if source else ""
        quote = source.quote if source else ""
        mark = "\u2713" if row.is_verified else ""
        cells = (row.path.name, str(row.path.parent), row.answer, page, quote, mark)
        writer.writerow([_harmless(one) for one in cells])
    return "\ufeff".encode() + text.getvalue().encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    """Let no spreadsheet compute what stands in a document."""
    is_formula = cell.startswith(_FORMULA_SIGNS) or cell.lstrip().startswith(_FORMULA_SIGNS)
    return f"'{cell}" if is_formula else cell
