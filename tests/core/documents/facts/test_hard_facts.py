"""Numbers, dates and the like, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.facts.fact_types import FactKind
from app.core.documents.facts.hard_facts import facts_of


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("1,345,596", "1345596"),
        ("1.345.596", "1 345 596"),
        ("1'345'596", "1,345,596"),
        ("1.3 million", "1,300,000"),
        ("5 Mio. €", "5.000.000 EUR"),
        ("2 months", "two months"),
        ("2-month", "zwei Monate"),
        ("两个月", "2 months"),
        ("三十天", "30 days"),
        ("1 May 2026", "2026-05-01"),
        ("May 1, 2026", "01.05.2026"),
        ("2026年5月1日", "1. Mai 2026"),
        ("1 мая 2026 года", "1 de mayo de 2026"),
        ("May 2026", "on 1 May 2026"),
        ("2026", "1 May 2026"),
        ("8 pm", "20:00"),
        ("8.30 Uhr", "8:30 am"),
        ("€900", "900 euros"),
        ("20 %", "20 percent"),
        ("E17", "code E-17"),
        ("https://www.example.org/a/", "see example: http://example.org/a."),
        ("third", "3rd"),
        ("12.50", "12,5"),
        ("-5 °C", "-5°C"),
        ("Mondays", "Monday"),
        ("80,000", "8万"),
        ("half an hour", "30 minutes"),
        ("1.5 litres", "1500 ml"),
        ("twenty-five days", "25 days"),
        ("fünfundzwanzig Tage", "25 Tage"),
        ("ventotto giorni", "28 giorni"),
        ("twice", "two times"),
        ("April", "by 3 April 2026"),
        ("12 June", "from 1 to 12 June"),
        ("1 June", "from 1 to 12 June"),
        ("5 de la tarde", "17:00"),
        ("下午3点", "15:00"),
        ("9 heures", "9 h"),
        ("3.5.", "above 3.5 and"),
        ("百分之十二", "12%"),
        ("六月", "6月5日"),
    ],
)
def test_the_same_is_the_same_however_it_is_written(said: str, source: str) -> None:
    (fact,) = facts_of(said)
    assert fact.stands_in(facts_of(source))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("2 weeks", "2 months"),
        ("1,345,569", "1,345,596"),
        ("1 May 2026", "1 June 2026"),
        ("1 May 2026", "1 May 2025"),
        ("1 May 2026", "May 2026"),
        ("8 pm", "8 am"),
        ("900 dollars", "900 euros"),
        ("E-18", "E-17"),
        ("a@example.org", "b@example.org"),
        ("12 months", "12 May 2026"),
        ("3.5", "35"),
        ("5 °C", "-5 °C"),
        ("third", "three days"),
        ("Tuesday", "Monday"),
        ("2 million", "2 thousand"),
        ("三十天", "十三天"),
        ("half an hour", "30 seconds"),
        ("3 mg", "3 g"),
        ("two years", "two new trees"),
        ("April", "by 3 May 2026"),
        ("5 de la tarde", "5:00"),
        ("one letter", "two letters"),
    ],
)
def test_what_differs_is_not_the_same(said: str, source: str) -> None:
    (fact,) = facts_of(said)
    assert not fact.stands_in(facts_of(source))


@pytest.mark.parametrize(
    "text",
    [
        "You may not.",
        "the sun",
        "a cat",
        "in order to",
        "dos and don'ts",
        "a second try",
        "a march",
    ],
)
def test_words_are_not_taken_for_facts(text: str) -> None:
    assert [fact for fact in facts_of(text) if fact.kind is not FactKind.NUMBER] == []


def test_a_code_and_a_file_keep_their_letters() -> None:
    found = {fact.kind: fact.surface for fact in facts_of("§ 573c, KL-4471-B in lease.pdf")}
    assert found == {FactKind.CODE: "KL-4471-B", FactKind.FILE: "lease.pdf"}


@given(st.text(alphabet=st.sampled_from("0123456789.,-/: aMpmay€%年月日二十万@w"), max_size=60))
def test_facts_lie_within_the_text_in_order_and_apart(text: str) -> None:
    position = 0
    for fact in facts_of(text):
        assert position <= fact.start < fact.end <= len(text)
        assert fact.stands_in(facts_of(text))
        position = fact.end


@given(st.integers(0, 10**9))
def test_any_number_is_known_again_in_every_grouping(number: int) -> None:
    (fact,) = facts_of(f"{number:,}")
    for mark in (",", ".", " ", "\u202f", "'", ""):
        assert fact.stands_in(facts_of(f"{number:,}".replace(",", mark)))


@pytest.mark.parametrize("run", ["a", "a-", "1.", "(", "a.", "-", "1-", "1 ", "Nebenkosten"])
def test_a_long_run_is_read_at_once(run: str) -> None:
    # Exponential or quadratic matching would not end; its time is not measured.
    assert len(facts_of(run * (20_000 // len(run)))) >= 0


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Nebenkostenabrechnungsfrist E-17", ["E-17"]),
        ("see ...lease.pdf", ["lease.pdf"]),
        ("a.b@c.example, d+e@f.example", ["a.b@c.example", "d+e@f.example"]),
        ("ab-cd/EF12-3, x", ["ab-cd/EF12-3"]),
        ("FRİDAY and Frıday", []),
    ],
)
def test_where_a_fact_begins_and_ends(text: str, surfaces: list[str]) -> None:
    assert [one.surface for one in facts_of(text)] == surfaces
