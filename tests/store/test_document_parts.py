"""Documents that are kept in parts, while others are kept and questions asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.documents.chunking import chunks_of, digest_of
from app.core.documents.evidence import AnswerMode
from app.core.documents.text import DocumentFacts, DocumentKind, PageUnit
from app.store.document_rows import DocumentPart, ReadDocument, stored_page
from app.store.document_search import DocumentSearch
from app.store.evidence_search import EvidenceQuestion, look
from app.store.search_scope import Scope, WantedChunks, scope_of
from tests.retrieval_rig import DocumentRig, page_of

QUESTION = "Which key opens the cellar door?"
PARTS = ("The brass key opens the cellar door.", "The iron key opens the cellar door.")
OTHER = "The silver key opens the attic door."


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DocumentRig]:
    made = DocumentRig(tmp_path)
    made.add_collection("all")
    yield made
    made.database.close()


def part(number: int) -> DocumentPart:
    page = page_of(PARTS[number], number + 1)
    chunks = (replace(one, position=number) for one in chunks_of([page]))
    return DocumentPart("en", (stored_page(page),), tuple((one, digest_of(one)) for one in chunks))


def keep_rest(rig: DocumentRig, unfinished_id: int) -> int:
    file_id = rig.add_file("all", "long.txt", is_read=True)
    facts = DocumentFacts(DocumentKind.TEXT, PageUnit.PAGE, "", "en", 2)
    rest = part(1)
    document = ReadDocument("a" * 64, ".txt", facts, rest.pages, rest.chunks)
    rig.index.contents.keep(file_id, document, 1, unfinished_id)
    return file_id


def ask(rig: DocumentRig, scope: Scope) -> set[str]:
    asked = EvidenceQuestion(QUESTION, mode=AnswerMode.QUOTES)
    seen = look(rig.database, DocumentSearch(rig.database), scope, asked, {})
    return {line for one in seen.passages for line in one.text.splitlines()}


def test_a_document_has_its_chunks_without_gaps_whatever_is_kept_between_its_parts(
    rig: DocumentRig,
) -> None:
    long_id = rig.index.contents.keep_part(part(0))
    short = rig.add("all", "short.txt", OTHER)
    long = keep_rest(rig, long_id)
    after = rig.add("all", "after.txt", "Nothing of doors.")
    firsts = set()
    for file_id, texts in ((long, PARTS), (short, (OTHER,)), (after, ("Nothing of doors.",))):
        scope = scope_of(rig.database, ["all"], file_id)
        (chunks,) = scope.chunks
        rows = rig.database.read(
            "SELECT chunk_id, text FROM chunk WHERE content_id = ? ORDER BY position",
            (chunks.content_id,),
        )
        assert [row["text"] for row in rows] == list(texts)
        assert [row["chunk_id"] - chunks.first for row in rows] == list(range(len(texts)))
        wanted = WantedChunks(scope)
        every = rig.database.read("SELECT rowid AS chunk_id FROM chunk_search")
        found = {row["chunk_id"] for row in every if row["chunk_id"] in wanted}
        assert found == {row["chunk_id"] for row in rows}
        firsts.add(chunks.first)
        if file_id != after:
            assert ask(rig, scope) == set(texts)
    assert len(firsts) == 3


def test_the_first_document_of_all_may_be_in_parts(rig: DocumentRig) -> None:
    keep_rest(rig, rig.index.contents.keep_part(part(0)))
    assert ask(rig, scope_of(rig.database, ["all"])) == set(PARTS)


def test_what_is_not_read_to_its_end_is_not_found_and_hinders_no_question(
    rig: DocumentRig,
) -> None:
    rig.add("all", "short.txt", OTHER)
    before = scope_of(rig.database, ["all"])
    long_id = rig.index.contents.keep_part(part(0))
    scope = scope_of(rig.database, ["all"])
    assert ask(rig, scope) == {OTHER}
    # Frequencies are of the whole index of words, which holds it.
    assert scope.n_indexed == before.n_indexed + 1
    assert scope.n_chunks == before.n_chunks
    keep_rest(rig, long_id)
    # A question that began before knows nothing of it.
    assert ask(rig, before) == ask(rig, scope) == {OTHER}
    now = scope_of(rig.database, ["all"])
    assert ask(rig, now) == {OTHER, *PARTS}
    assert now.n_chunks == now.n_indexed == 3
