"""The closest passages, read by a model although they did not seem to answer the question."""

from dataclasses import replace

import pytest

from app.core.documents.evidence import (
    AnswerBasis,
    AnswerMode,
    AnswerSources,
    Evidence,
    Passage,
    Quote,
    Support,
    Verdict,
    kept_basis,
    wish_for,
)
from app.core.documents.quoted_answer import N_CLOSEST, closest_evidence, nothing_found
from app.core.documents.support.citations import Citations
from tests.core.documents.support.labelled_answers import LEASE, passage

FAR = tuple(passage("far.txt", f"Nothing of note was said in week {n}.", n) for n in range(1, 10))
REFUSED = Evidence(Verdict.NOT_FOUND, (*FAR, *LEASE), n_files=2, question="May I leave?")


def quote(number: int, words: str) -> Quote:
    start = LEASE[number].text.index(words)
    end = start + len(words)
    return Quote(LEASE[number].place_of(start, end), words, 1.0)


def test_a_model_reads_what_the_user_has_seen_before_all_else() -> None:
    seen = (
        quote(2, "Quiet hours are from 10 pm to 6 am."),
        quote(0, "The deposit is 2,700 euros."),
        quote(2, "Bicycles must be kept in the cellar."),
    )
    evidence = closest_evidence(replace(REFUSED, quotes=(*seen, quote(1, "Smoking is"))))
    assert evidence.verdict is Verdict.CLOSEST
    assert evidence.passages[:2] == (LEASE[2], LEASE[0])
    assert evidence.passages[2:] == (*FAR, LEASE[1])
    assert (evidence.question, evidence.n_files) == ("May I leave?", 2)


def test_without_quotes_they_are_read_as_they_were_found() -> None:
    assert closest_evidence(REFUSED).passages == REFUSED.passages
    shown = nothing_found(REFUSED, AnswerMode.MODEL).sources
    assert [one.place.file_id for one in shown] == [FAR[0].place.file_id] * N_CLOSEST


@pytest.mark.parametrize(
    ("verdict", "passages", "is_merely_close"),
    [
        (Verdict.NOT_FOUND, LEASE, True),
        (Verdict.NOT_FOUND, (), False),
        (Verdict.FOUND, LEASE, False),
        (Verdict.UNSURE, LEASE, False),
    ],
)
def test_only_what_was_refused_is_merely_close(
    verdict: Verdict, passages: tuple[Passage, ...], *, is_merely_close: bool
) -> None:
    assert Evidence(verdict, passages).is_merely_close is is_merely_close


def test_another_answer_is_written_from_the_same() -> None:
    closest = AnswerSources(AnswerMode.MODEL, Verdict.CLOSEST)
    assert kept_basis(closest) is AnswerBasis.CLOSEST
    assert kept_basis(replace(closest, verdict=Verdict.NOT_FOUND)) is AnswerBasis.DOCUMENTS
    assert kept_basis(None) is AnswerBasis.DOCUMENTS


@pytest.mark.parametrize("basis", list(AnswerBasis))
def test_a_wish_is_kept_before_anything_is_known_of_the_answer(basis: AnswerBasis) -> None:
    wish = wish_for(basis)
    assert kept_basis(wish) is basis
    assert wish is None or wish.is_wish


def test_an_answer_for_which_something_was_found_is_no_longer_a_wish() -> None:
    read = AnswerSources(AnswerMode.MODEL, Verdict.CLOSEST, passages=LEASE)
    assert not read.is_wish
    assert not AnswerSources(AnswerMode.MODEL, Verdict.FOUND).is_wish


@pytest.mark.parametrize(
    "denial",
    [
        "The passages do not answer the question.",
        "The passages above do not say how much the monthly rent is.",
        "The monthly rent is not mentioned.",
        "I found nothing about the monthly rent in the passages.",
        "Unfortunately, the lease does not say who pays for repairs to the heating.",
        "There is no information about dogs in the passages.",
        "None of the passages says when the deposit is paid back.",
        "I don't know.",
        "Not mentioned.",
        "No.",
        "Die Passagen beantworten die Frage nicht.",
    ],
)
def test_that_they_do_not_answer_it_looks_supported_by_nothing(denial: str) -> None:
    citations = Citations(LEASE, "May I keep a horse in the flat?")
    _, sentences = citations.cite(denial, is_ended=True)
    assert sentences
    assert Support.SUPPORTED not in {one.support for one in sentences}
