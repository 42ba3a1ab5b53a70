"""Names of documents say what is asked for, however it is written."""

import pytest

from app.core.documents.document_names import clues_of, name_terms
from app.core.documents.relevance import asked_words


def says(question: str, name: str, languages: tuple[str, ...] = ("en",)) -> set[str]:
    """Give the words of a question that a name says."""
    terms = name_terms(name, languages)
    asked = asked_words(question, languages)
    return {
        asked[number].word
        for clue in clues_of(question, asked, languages)
        if not terms.isdisjoint(clue.terms)
        for number in clue.words
    }


@pytest.mark.parametrize(
    ("question", "name", "words"),
    [
        ("the lease of Miller", "Lease_Miller_2024", {"lease", "miller"}),
        ("the lease of Miller", "LeaseMiller", {"lease", "miller"}),
        ("leases", "lease-miller", {"leases"}),
        ("results of Best Buy", "BESTBUY_2023_10K", {"best", "buy"}),
        ("revenue in the third quarter 2023", "2023Q3 report", {"2023"}),
        ("Q3 report", "ACME2023Q3report", {"q3", "report"}),
        ("O'Connor's letter", "OConnor letter", {"letter"}),
        ("sales of 3M in FY2018", "3M_2018_10K", {"3m", "fy2018"}),
        ("sales of 3M in FY18", "3M_2018_10K", {"3m", "fy18"}),
        ("3M in 2018", "3M_2018_10K", {"3m", "2018"}),
        ("PDF of the tax return", "PDFTaxReturn", {"pdf", "tax", "return"}),
    ],
)
def test_words_of_names(question: str, name: str, words: set[str]) -> None:
    assert says(question, name) >= words


@pytest.mark.parametrize(
    "name",
    ["Minutes_2024-03-05", "Minutes 20240305", "minutes-05.03.2024", "Minutes 5 March 2024",
     "2024_03_05_minutes", "Minutes 2024-03"],
)  # fmt: skip
def test_days_in_names(name: str) -> None:
    assert "march" in says("the minutes of March 2024", name)
    if name != "Minutes 2024-03":
        assert "march" in says("the minutes of 5 March 2024", name)
        assert "5" not in says("the minutes of 7 March 2024", name)


def test_letters_with_marks() -> None:
    german = ("de",)
    assert says("Vertrag mit Müller", "Vertrag_Mueller", german) == {"vertrag", "müller"}
    assert says("Vertrag mit Mueller", "Vertrag_Müller", german) == {"vertrag", "mueller"}
    assert "yılmaz" in says("Vertrag mit Yılmaz", "vertrag yilmaz", german)


def test_other_words_are_not_said() -> None:
    assert says("the lease of Miller", "Invoice_Muller-Brown_2024") == set()
