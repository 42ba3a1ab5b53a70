"""Documents that read the same are told apart by their names, folders and titles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.documents.document_names import name_terms
from app.core.documents.evidence import AnswerMode, Evidence, Verdict
from app.store import name_search
from app.store.document_search import DocumentSearch
from app.store.evidence_search import EvidenceQuestion, evidence_of, look
from app.store.search_scope import scope_of
from tests.retrieval_rig import DocumentRig
from tests.similar_documents import WHICH_FILE, documents, questions

LEASE = "# Agreement\nThe rent is {} euros a month. Animals may be kept if the landlord agrees."


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DocumentRig]:
    made = DocumentRig(tmp_path)
    made.add_collection("all")
    yield made
    made.database.close()


def ask(rig: DocumentRig, question: str, search: DocumentSearch | None = None) -> Evidence:
    scope = scope_of(rig.database, ["all"])
    asked = EvidenceQuestion(question, mode=AnswerMode.QUOTES)
    seen = look(rig.database, search or DocumentSearch(rig.database), scope, asked, {})
    return evidence_of(rig.database, seen, {})


def first(evidence: Evidence) -> str:
    return evidence.passages[0].place.path.relative_to("/documents").as_posix()


def test_the_document_that_is_named_is_found(rig: DocumentRig) -> None:
    for document in documents():
        rig.add("all", document.name, document.text, document.language)
    search = DocumentSearch(rig.database)
    n_found = n_quoted = 0
    missed = []
    for one in (*questions(), *WHICH_FILE):
        evidence = ask(rig, one.question, search)
        is_right = first(evidence) == one.name and one.answer in evidence.passages[0].text
        n_found += is_right
        missed += [] if is_right else [one.question]
        places = {quote.place.path.relative_to("/documents") for quote in evidence.quotes[:1]}
        n_quoted += places == {Path(one.name)}
    n_all = len(questions()) + len(WHICH_FILE)
    assert n_all == 100
    assert n_found >= 0.97 * n_all, missed
    assert n_quoted >= 0.95 * n_all


def test_a_renamed_file_is_found_by_its_new_name_at_once(rig: DocumentRig) -> None:
    for number, name in enumerate(("a.txt", "b.txt", "c.txt", "d.txt")):
        rig.add("all", name, LEASE.format(700 + number))
    search = DocumentSearch(rig.database)
    ask(rig, "What does the lease of Ortega say about animals?", search)
    with rig.database.write() as connection:
        connection.execute(
            "UPDATE file SET path = '/documents/Lease_Ortega.txt' WHERE path LIKE '%c.txt'"
        )
    evidence = ask(rig, "What does the lease of Ortega say about animals?", search)
    assert first(evidence) == "Lease_Ortega.txt"
    assert evidence.verdict is Verdict.FOUND


def test_of_copies_the_one_that_is_named_is_shown(rig: DocumentRig) -> None:
    rig.add("all", "archive/old.txt", LEASE.format(700))
    rig.add("all", "Lease_Ortega.txt", LEASE.format(700))
    rig.add("all", "Lease_Miller.txt", LEASE.format(800))
    assert first(ask(rig, "What is the rent of Ortega?")) == "Lease_Ortega.txt"
    assert first(ask(rig, "What is the rent in the archive?")) == "archive/old.txt"


def test_two_documents_that_read_the_same_are_both_given_when_named(rig: DocumentRig) -> None:
    for name in ("Miller", "Ortega", "Okafor", "Lindqvist"):
        rig.add("all", f"Lease_{name}.txt", LEASE.format(700) + f" Signed at place {name[::-1]}.")
    evidence = ask(rig, "Compare the animals of Miller and Okafor")
    names = [one.place.path.stem for one in evidence.passages[:2]]
    assert sorted(names) == ["Lease_Miller", "Lease_Okafor"]


def test_other_amounts_are_no_repetition(rig: DocumentRig) -> None:
    for number in range(3):
        rig.add("all", f"{number}.txt", LEASE.format(700 + number))
    evidence = ask(rig, "What is the rent?")
    assert len(evidence.passages) == 3


def test_what_a_named_document_does_not_say_is_not_found(rig: DocumentRig) -> None:
    for name in ("Miller", "Ortega", "Okafor", "Lindqvist"):
        rig.add("all", f"Lease_{name}.txt", LEASE.format(700) + f" Signed by {name[::-1]}.")
    assert ask(rig, "What does Miller's lease say about parking?").verdict is Verdict.NOT_FOUND


def test_a_short_number_names_nothing(rig: DocumentRig) -> None:
    rig.add("all", "3.txt", "The committee met in spring and talked about the roof.")
    rig.add("all", "4.txt", "The accounts of 3 years were examined by the treasurer.")
    assert first(ask(rig, "Who examined the accounts of 3 years?")) == "4.txt"


def test_folders_above_the_collection_do_not_count(rig: DocumentRig) -> None:
    rig.add("all", "one.txt", "The committee met in spring.")
    scope = scope_of(rig.database, ["all"])
    assert scope.entries[0].known_as.split("\n")[:3] == ["all", "documents", "one"]


def test_a_long_document_is_searched_for_what_it_says_once_it_is_named(rig: DocumentRig) -> None:
    filler = "\n".join(
        f"Section {n} speaks of the weather of day {n} and of nothing else at some length."
        for n in range(400)
    )
    for name in ("Kestrel", "Marlow", "Tanner"):
        rig.add("all", f"{name}.txt", f"{filler}\nCapital spending was {len(name)} million.")
    evidence = ask(rig, "What was the capital spending of Marlow?")
    assert evidence.passages[0].place.path.stem == "Marlow"
    assert "6 million" in evidence.passages[0].text


def test_only_names_that_are_new_are_worked_out(
    rig: DocumentRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[str] = []

    def terms_of(name: str, languages: tuple[str, ...]) -> frozenset[str]:
        worked_out.append(name.splitlines()[-1])
        return name_terms(name, languages)

    monkeypatch.setattr(name_search, "name_terms", terms_of)
    search, question = DocumentSearch(rig.database), "What does the lease of Ortega say?"
    file_id = 0
    for number, name in enumerate(("Ortega", "Bauer", "Haddad")):
        file_id = rig.add("all", f"Lease_{name}.txt", LEASE.format(700 + number))
        if number:
            assert first(ask(rig, question, search)) == "Lease_Ortega.txt"
    assert sorted(worked_out) == ["Lease_Bauer", "Lease_Haddad", "Lease_Ortega"]
    worked_out.clear()
    alone = scope_of(rig.database, ["all"], file_id)
    search.find(alone, question, {})
    search.find(scope_of(rig.database, ["all"]), question, {})
    assert worked_out == ["Lease_Haddad"]
