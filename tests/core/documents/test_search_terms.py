"""Codes are found exactly, words in other forms and with slips, and questions in other languages
are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.documents.evidence import AnswerMode, Verdict
from app.core.documents.search_terms import codes_of, is_of_other_language, stem, terms_of
from app.core.documents.word_likeness import is_alike
from app.store.document_search import DocumentSearch
from app.store.evidence_search import EvidenceQuestion, evidence_of, look
from app.store.search_scope import WantedChunks, scope_of
from tests.retrieval_rig import DocumentRig

CODES = (
    "Invoice INV-2024-0117 is due. Invoice INV-2023-0118 is paid.",
    "Invoice INV-2024-0118 is due. Invoice INV-2023-0117 is paid.",
    "Order part A/B-12 for the pump; part B/A-12 fits no more.",
    "Order part A/B-21 for the pump; part B/A-21 fits no more.",
    "Diagnosis J45.0 was made in 2019, later 9 visits.",
    "Diagnosis J45.9 was made in 2019, later 0 visits.",
    "The caretaker is reached at +49 30 2233 4455, also on Sundays.",
    "The landlord is reached at +49 30 4455 2233, also on Sundays.",
    "Write to anna.meier@example.org or to berta.kunz@example.com for keys.",
    "Write to berta.meier@example.org or to anna.kunz@example.com for keys.",
    "See § 5 of the rules, and 7 examples.",
    "See § 7 of the rules, and 5 examples.",
    "Section 3.2.1 treats fire, 2.3.1 floods.",
    "Section 2.1.3 treats fire, 1.3.2 floods.",
    "Pay into DE89 3704 0044 0532 0130 00 by Friday.",
    "Pay into DE21 3704 0044 0532 0131 00 by Friday.",
)
ASKED = (
    ("When is INV-2024-0117 due?", 0), ("invoice INV 2024-0118", 1), ("A/B-12", 2), ("a/b-21", 3),
    ("patients with J45.0", 4), ("ICD J45.9", 5), ("Whose number is 030 22334455?", 6),
    ("(030) 4455-2233", 7), ("anna.meier@example.org", 8), ("berta.meier@example.org", 9),
    ("What does § 5 say?", 10), ("§7", 11), ("3.2.1", 12), ("section 2.1.3", 13),
    ("DE89370400440532013000", 14), ("DE21 3704 0044 0532 0131 00", 15),
)  # fmt: skip
TABLE = """# Key figures
Year | Revenue | Profit | Staff
2021 | 4,210 | 310 | 41
2022 | 4,655 | 287 | 44
2023 | 5,120 | 402 | 47
2024 | 5,004 | 365 | 46
"""
FORMS = {
    "de": (
        ("Die Frist für die Kündigung beträgt drei Monate.", "Kündigungsfristen"),
        ("Das Mietkautionskonto wird bei der Sparkasse geführt.", "Mietkautoin"),
        ("Die Müllabfuhr kommt jeden zweiten Donnerstag.", "Wann kommt der Müll weg?"),
        ("Der Schornsteinfeger prüft den Kamin einmal im Jahr.", "Schornstienfeger"),
    ),
    "tr": (
        ("Kira sözleşmesi kendiliğinden yenilenir.", "sözleşme"),
        ("Apartman yöneticisi toplantıyı salı günü yapacak.", "yönetici"),
        ("Köpekler bahçede tasmasız dolaşamaz.", "tasma"),
    ),
    "he": (
        ("חוזה השכירות מסתיים בהודעה של חודשיים מראש.", "בחוזה"),
        ("הפיקדון מוחזר לאחר מסירת המפתחות.", "פיקדון"),
        ("התלמידים מקבלים ארוחת צהריים חינם.", "לתלמיד"),
    ),
    "hi": (
        ("चाबियाँ लौटाने के बाद जमा राशि वापस की जाती है।", "चाबी"),
        ("कुत्तों को बगीचे में बाँधकर रखना होगा।", "बांधकर"),
    ),
    "ja": (
        ("敷金は鍵を返却した後に返金されます。", "敷金の返金"),
        ("患者の薬は朝に配られます。", "朝の薬"),
    ),
    "en": (
        ("Confidentiality survives termination of the agreement.", "confidentialty"),
        ("The physiotherapist visits on Wednesdays.", "phsyiotherapist"),
        ("Reimbursement requires receipts.", "reciepts"),
    ),
    "ru": (
        ("Собак выгуливают на поводке.", "поводок"),
        ("На собрании избрали председателя.", "председатиль"),
    ),
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DocumentRig]:
    made = DocumentRig(tmp_path)
    made.add_collection("all")
    yield made
    made.database.close()


def first(rig: DocumentRig, question: str) -> str:
    """Give the name of the file that is found first; empty for none."""
    scope = scope_of(rig.database, ["all"])
    ranked = DocumentSearch(rig.database).find(scope, question, {}).ranked
    content = WantedChunks(scope).content_of(ranked[0]) if ranked else None
    return "" if content is None else scope.files[content].path.stem


def test_codes_are_found_exactly(rig: DocumentRig) -> None:
    for number, text in enumerate(CODES):
        rig.add("all", f"file {number:02}x.txt", text)
    found = {question: first(rig, question) for question, _ in ASKED}
    assert found == {question: f"file {number:02}x" for question, number in ASKED}


def test_a_row_of_a_table_is_quoted(rig: DocumentRig) -> None:
    rig.add("all", "figures.txt", TABLE)
    rig.add("all", "other.txt", "The revenue office is open from 9 to 12.")
    scope = scope_of(rig.database, ["all"])
    for question, row in (
        ("What was the revenue in 2023?", "2023 | 5,120"),
        ("How many staff were there in 2021?", "2021 | 4,210"),
    ):
        asked = EvidenceQuestion(question, mode=AnswerMode.QUOTES)
        seen = look(rig.database, DocumentSearch(rig.database), scope, asked, {})
        evidence = evidence_of(rig.database, seen, {})
        assert evidence.verdict is Verdict.FOUND
        assert row in evidence.quotes[0].text


@pytest.mark.parametrize("language", sorted(FORMS))
def test_other_forms_and_slips(language: str, rig: DocumentRig) -> None:
    for number, (text, _) in enumerate(FORMS[language]):
        rig.add("all", f"file {number:02}x.txt", text, language)
    missed = [
        word
        for number, (_, word) in enumerate(FORMS[language])
        if first(rig, word) != f"file {number:02}x"
    ]
    assert not missed


def test_a_word_that_is_there_is_not_taken_for_another(rig: DocumentRig) -> None:
    rig.add("all", "house.txt", "The house is painted every five years.")
    rig.add("all", "horse.txt", "The horse is fed at six.")
    assert first(rig, "house") == "house"
    assert first(rig, "mouse") == ""


def test_likeness() -> None:
    assert is_alike("termination", "terminaton")
    assert is_alike("receipt", "reciept")
    assert not is_alike("house", "horse")
    assert not is_alike("cat", "cats")
    assert not is_alike("lighting", "fighting")
    assert not is_alike("2023", "2024")


def test_codes() -> None:
    assert codes_of("no code here") == []
    assert "inv20240117" in codes_of("of INV-2024-0117.")
    assert codes_of("tel. 030 / 22 33 44 55") == codes_of("tel. +49 30 22334455")
    assert terms_of("Smørrebrød Łódź Isparta'nın ılık", "en")[:2] == ["smorrebrod", "lodz"]
    assert stem("המפתחות") == stem("מפתח")


@pytest.mark.parametrize(
    ("question", "languages", "is_other"),
    [
        ("How much is the deposit for the flat?", ("de",), True),
        ("Wie hoch ist die Kaution für die Wohnung?", ("en",), True),
        ("Wie hoch ist die Kaution für die Wohnung?", ("de", "en"), False),
        ("押金是多少？", ("en",), True),
        ("押金是多少？", ("zh",), False),
        ("Какой залог?", ("de",), True),
        ("Kaution Wohnung Müller", ("en",), False),
        ("2024 117", ("zh",), False),
        ("How much is the deposit for the flat?", ("",), False),
        ("מה גובה הפיקדון?", ("he",), False),
        ("Koliki je depozit za stan?", ("hr",), False),
    ],
)
def test_questions_of_other_languages(
    question: str, languages: tuple[str, ...], is_other: bool
) -> None:
    assert is_of_other_language(question, languages) is is_other


def test_a_question_of_another_language_is_not_refused_for_sure(rig: DocumentRig) -> None:
    rig.add("all", "lease.txt", "The deposit is three months' rent. Dogs are not allowed.")
    scope = scope_of(rig.database, ["all"])
    for question, verdict in (
        ("Wie hoch ist die Kaution für die Wohnung?", Verdict.UNSURE),
        ("How many windows does the flat have?", Verdict.NOT_FOUND),
    ):
        asked = EvidenceQuestion(question, mode=AnswerMode.QUOTES)
        seen = look(rig.database, DocumentSearch(rig.database), scope, asked, {})
        assert evidence_of(rig.database, seen, {}).verdict is verdict
