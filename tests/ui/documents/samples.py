"""Collections, files, passages and answers to be shown."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.core.documents.collections import (
    Collection,
    CollectionHealth,
    CollectionState,
    CollectionSummary,
    FileHealth,
    FileState,
    IndexProgress,
    IndexStage,
)
from app.core.documents.embedding_model import BUILT_IN_KEY, EmbeddingModel, EmbeddingProfile
from app.core.documents.evidence import (
    AnswerMode,
    DocumentPlace,
    Evidence,
    FileAnswer,
    FileAnswers,
    Passage,
    Quote,
    Source,
    Verdict,
)
from app.core.documents.text import DocumentKind, PageUnit, Span
from app.core.errors import ErrorCode, Facts, Failure

FOLDER = Path("/home/ada/Documents/Flat")


def summary(
    state: CollectionState = CollectionState.READY, key: str = "flat", name: str = "Flat"
) -> CollectionSummary:
    """Give a collection of 214 files, of which some have been read."""
    is_over = state in {CollectionState.READY, CollectionState.AWAY}
    return CollectionSummary(
        Collection(key, name, (FOLDER, Path("/home/ada/Downloads/lease.pdf")), BUILT_IN_KEY),
        state,
        n_files=214,
        n_searchable=214 if is_over else 120,
        n_ready=214 if is_over else 73,
        n_pages=3120,
        n_chunks=9400,
        languages=("en", "de"),
        embedding_name="English, built in",
    )


READY = summary()
READING = summary(CollectionState.READING, "letters", "Letters to the authorities")
UNDERSTANDING = summary(CollectionState.UNDERSTANDING, "recipes", "Recipes")
PAUSED = replace(summary(CollectionState.PAUSED, "tax", "Tax 2025"))
PAUSED = replace(PAUSED, collection=replace(PAUSED.collection, is_paused=True))
AWAY = summary(CollectionState.AWAY, "stick", "Old disk")
WANTING = replace(summary(key="work", name="Work"), n_skipped=2, n_partly=1)
GERMAN = replace(READY, languages=("de", "en"), unknown_language="de")
EVERY_STATE = (READY, READING, UNDERSTANDING, PAUSED, AWAY, WANTING)
READING_PROGRESS = IndexProgress(
    "letters", IndexStage.READING, 120, 214, 12.4, 125.0, "Bescheid 2024-03.pdf"
)
EMBEDDING_PROGRESS = IndexProgress("recipes", IndexStage.EMBEDDING, 3200, 9400, 31.0, 200.0)


def failed(code: ErrorCode, name: str, reason: str = "") -> Failure:
    return Failure(code, Facts(name, path=str(FOLDER / name), reason=reason))


def file(
    number: int, name: str, state: FileState = FileState.READY, code: ErrorCode | None = None
) -> FileHealth:
    """Give a file of 12 pages."""
    is_read = state in {FileState.READY, FileState.SEARCHABLE}
    return FileHealth(
        number,
        FOLDER / name,
        state,
        DocumentKind.PDF,
        size_bytes=1_400_000,
        n_pages=12 if is_read else 0,
        n_chunks=41 if is_read else 0,
        language="en" if is_read else "",
        changed_at=datetime(2026, 5, 17, 9, 30, tzinfo=UTC),
        failure=failed(code, name) if code is not None else None,
    )


LEASE = file(1, "lease.pdf")
PARTLY = replace(file(2, "minutes of the owners 2024.pdf"), pages_without_text=(3, 7, 8, 9))
SCAN = file(3, "scan0001.pdf", FileState.SKIPPED, ErrorCode.OCR_MISSING)
LOCKED = file(4, "bank statement.pdf", FileState.SKIPPED, ErrorCode.DOCUMENT_NEEDS_PASSWORD)
HELD = file(5, "budget.xlsx", FileState.SKIPPED, ErrorCode.DOCUMENT_UNREADABLE)
WAITING = file(6, "letter to the landlord.docx", FileState.WAITING)
WORDS = file(7, "house rules.odt", FileState.SEARCHABLE)
FILES = (LEASE, PARTLY, SCAN, LOCKED, HELD, WAITING, WORDS)
HEALTH = CollectionHealth("flat", FILES)


def place(name: str = "lease.pdf", page: int = 4, unit: PageUnit = PageUnit.PAGE) -> DocumentPlace:
    path = FOLDER / name
    return DocumentPlace(1, path, "0" * 64, unit, (Span(page, 100, 180),), heading_path=())


NOTICE = (
    "The lease may be ended by either party with a notice period of three months to the end of"
    " a month. Notice has to be given in writing and signed by all tenants."
)
PASSAGES = (
    Passage(replace(place(), heading_path=("Lease", "§ 8 Notice")), NOTICE, 0.82),
    Passage(
        place("house rules.odt", 1, PageUnit.WHOLE),
        "The keys are to be given back on the last day. A notice by e-mail is not enough.",
        0.48,
    ),
    Passage(place("minutes of the owners 2024.pdf", 11), "The garage is let apart.", 0.2),
)
FOUND = Evidence(
    Verdict.FOUND,
    PASSAGES,
    (Quote(PASSAGES[0].place, "Notice has to be given in writing", 0.9),),
    214,
)
NOT_FOUND = Evidence(Verdict.NOT_FOUND, PASSAGES[1:], n_files=214, n_files_unread=12)


def answer(number: int, name: str, text: str, *, is_verified: bool = True) -> FileAnswer:
    source = Source(1, place(name, number), f"This contract {text.casefold()}") if text else None
    return FileAnswer(number, FOLDER / name, text, source, is_verified and bool(text))


ROWS = (
    answer(1, "electricity.pdf", "Ends on 31 December 2026"),
    answer(2, "internet.pdf", "Ends on 1 May 2026", is_verified=False),
    answer(3, "lease.pdf", "Runs until notice is given, three months to the end of a month"),
    answer(4, "recipe.md", ""),
)
RUN = FileAnswers("run", "flat", "When does this contract end?", AnswerMode.MODEL, 40, ROWS)
RUN = replace(RUN, seconds_left=170.0, is_running=True)
ENDED = replace(RUN, n_files=4, is_ended=True, seconds_left=None, is_running=False)
EARLIER = replace(ENDED, run_id="earlier", question="Who signed it, and when?")

BUILT_IN = EmbeddingModel(
    BUILT_IN_KEY, "all-MiniLM-L6-v2", Path("/r/m.gguf"), EmbeddingProfile(), is_built_in=True
)
MANY = EmbeddingModel(
    "m3", "BGE M3", Path("/m/bge.gguf"), EmbeddingProfile(languages=("*",)), is_built_in=False
)
