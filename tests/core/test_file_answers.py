"""Short values out of files: told apart from talk, checked against their passages, tabled."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.documents.evidence import DocumentPlace, FileAnswer, Passage, Source
from app.core.documents.text import PageUnit, Span
from app.core.file_answers import (
    csv_table,
    file_question,
    source_of_value,
    value_of,
)

WHEN = "When does the lease end?"
PLACE = DocumentPlace(1, Path("/docs/lease.pdf"), "", PageUnit.PAGE, (Span(4, 0, 9),))


def passage(text: str) -> Passage:
    return Passage(PLACE, text, 1.0)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("31 December 2026", "31 December 2026"),
        ("<think>hm</think>\n\n**31 December 2026**\nIt says so.", "31 December 2026"),
        ('Answer: "two months" [1].', "two months"),
        ("NONE", ""),
        ("None.", ""),
        ("NONE, the passages do not say it.", ""),
        ("Not stated in the passages", ""),
        ("", ""),
        ("Nonesuch Ltd", "Nonesuch Ltd"),
        ("x" * 1000, "x" * 300),
    ],
)
def test_the_value_is_what_counts(written: str, value: str) -> None:
    assert value_of(written) == value


def test_a_value_rests_on_the_sentence_that_has_all_of_it() -> None:
    passages = [
        passage("The lease was signed in 2026. It is long."),
        passage("The lease begins on 1 May. It ends on 31 December 2026. Keys are returned then."),
    ]
    source, is_verified = source_of_value("31 December 2026", passages, WHEN)
    assert is_verified
    assert source is not None
    assert source.quote == "It ends on 31 December 2026."


def test_a_value_opens_its_sentence_and_not_all_of_the_passage() -> None:
    text = "The lease is long. It ends on 31 December 2026.\nIt was signed."
    place = replace(PLACE, spans=(Span(4, 100, 100 + len(text)),))
    source, _ = source_of_value("31 December 2026", [Passage(place, text, 1.0)], WHEN)
    assert source is not None
    (span,) = source.place.spans
    assert text[span.start - 100 : span.end - 100] == source.quote


@pytest.mark.parametrize("value", ["30 December 2026", "Smith", "31 December 2062"])
def test_a_value_that_does_not_stand_there_is_not_verified(value: str) -> None:
    passages = [passage("It ends on 31 December 2026, says Jones.")]
    assert not source_of_value(value, passages, WHEN)[1]


@pytest.mark.parametrize("value", ["2026-12-31", "31.12.2026", "December 31, 2026", "31/12/2026"])
def test_a_date_may_be_written_otherwise(value: str) -> None:
    passages = [passage("The lease was signed on 1 May. It ends on 31 December 2026.")]
    source, is_verified = source_of_value(value, passages, WHEN)
    assert is_verified
    assert source is not None
    assert source.quote == "It ends on 31 December 2026."


def test_a_value_of_something_else_is_not_verified() -> None:
    passages = [passage("The monthly rent is 900 euros. The deposit is 2,700 euros.")]
    asked = "How high is the deposit?"
    assert source_of_value("2700 \u20ac", passages, asked)[1]
    assert not source_of_value("900 \u20ac", passages, asked)[1]


def test_a_question_in_another_language_tells_nothing_against_a_value() -> None:
    passages = [passage("Der Vertrag ist befristet. Er endet am 31. Dezember 2026.")]
    assert source_of_value("31.12.2026", passages, WHEN)[1]
    assert not source_of_value("30.12.2026", passages, WHEN)[1]


def test_nothing_rests_on_nothing() -> None:
    assert source_of_value("Smith", [], WHEN) == (None, False)
    assert source_of_value("?!", [passage("It ends.")], WHEN) == (None, False)


def test_values_without_blanks_are_found() -> None:
    text = "\u672c\u5408\u540c\u4e8e2026\u5e7412\u670831\u65e5\u7ec8\u6b62\u3002"
    asked = "\u5408\u540c\u4f55\u65f6\u7ec8\u6b62\uff1f"
    assert source_of_value("2026\u5e7412\u670831\u65e5", [passage(text)], asked)[1]
    assert not source_of_value("2027\u5e7412\u670831\u65e5", [passage(text)], asked)[1]


def test_a_model_is_asked_for_the_value_alone() -> None:
    assert file_question(" When? ").startswith("When?\nAnswer with the value only")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|x", "\r=1"])
def test_no_cell_of_the_table_is_a_formula(evil: str) -> None:
    row = FileAnswer(1, Path(f"/docs/{evil}.pdf"), evil, Source(1, PLACE, evil), True)
    table = csv_table([row], ["File", "Folder", "Answer", "Page", "Source", "Checked"])
    assert table.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert read[1] == [f"'{evil}.pdf", "/docs", f"'{evil}", "4", f"'{evil}", "\u2713"]


def test_the_table_keeps_what_stands_in_files() -> None:
    row = FileAnswer(1, Path("/docs/a.pdf"), 'two\nlines, "quoted" \u5408\u540c')
    table = csv_table([row], ["File"])
    read = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert read[1] == ["a.pdf", "/docs", row.answer, "", "", ""]
