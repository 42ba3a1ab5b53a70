"""Chats, models and engine states to show in tests and pictures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core import events
from app.core.conversation import (
    AnswerMeasurement,
    Conversation,
    Role,
    ShownTurn,
    Turn,
    TurnState,
)
from app.core.documents.collections import Collection, CollectionState, CollectionSummary
from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    CitedSentence,
    DocumentPlace,
    Passage,
    Source,
    Support,
    Verdict,
)
from app.core.documents.text import PageUnit, Span
from app.core.model import ModelFile

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
CHAT_ID = "chat"
MEASURED = AnswerMeasurement(900, 700, 83, 0.4, 3.7, 8192)


def model_file(name: str, size_bytes: int = 1_900_000_000) -> ModelFile:
    path = Path("/models") / f"{name}.gguf"
    return ModelFile(
        path, size_bytes, 0, name, "llama", "Q4_K_M", 8192, 30, 3_000_000_000, size_bytes, ""
    )


STARTER = model_file("Starter", 98_000_000)
SMOL = model_file("SmolLM3 3B")
LIBRARY = events.Library((SMOL, STARTER), (), STARTER)


def conversation(
    conversation_id: str = CHAT_ID,
    title: str = "",
    *,
    draft: str = "",
    remembered_from_id: str | None = None,
    days_ago: float = 0,
    documents: ChatDocuments = ChatDocuments(),
) -> Conversation:
    moment = NOW - timedelta(days=days_ago)
    return Conversation(
        conversation_id,
        title or conversation_id.title(),
        moment,
        moment,
        remembered_from_id=remembered_from_id,
        draft=draft,
        documents=documents,
    )


def question(turn_id: str, text: str) -> ShownTurn:
    turn = Turn(turn_id, CHAT_ID, None, Role.USER, text, TurnState.COMPLETE, NOW)
    return ShownTurn(turn, (turn_id,))


def answer(
    turn_id: str,
    text: str,
    state: TurnState = TurnState.COMPLETE,
    *,
    siblings: tuple[str, ...] = (),
    error_code: str = "",
    sources: AnswerSources | None = None,
) -> ShownTurn:
    measurement = MEASURED if state is TurnState.COMPLETE else None
    turn = Turn(
        turn_id,
        CHAT_ID,
        None,
        Role.ASSISTANT,
        text,
        state,
        NOW,
        "SmolLM3 3B",
        measurement,
        error_code,
        sources,
    )
    return ShownTurn(turn, siblings or (turn_id,))


def shown(*turns: ShownTurn, of: Conversation | None = None) -> events.ShownConversation:
    return events.ShownConversation(of or conversation(), turns)


def long_chat(n_turns: int) -> events.ShownConversation:
    """A chat of questions and answers of a few paragraphs."""
    turns: list[ShownTurn] = []
    for number in range(n_turns // 2):
        turns.append(question(f"q{number}", f"Question {number}: what is a lease, and why?"))
        turns.append(answer(f"a{number}", ANSWER))
    return shown(*turns)


def engine_ready(model: ModelFile | None = SMOL) -> events.EngineStatus:
    return events.EngineStatus(events.EngineState.READY, model)


ANSWER = """\
You must give **two months' notice**, counted from the first day of the month after the \
landlord receives it. Yes, it has to be **in writing and signed**; an e-mail alone is not enough.

For example:

- Letter received on 12 May → your lease ends on **31 July**.
- Letter received on 2 June → it ends on **31 August**.

The lease does not say what happens if you leave earlier, so I can't tell you that.
"""


# --- documents ---

LEASE = Path("/home/anna/Documents/Flat/lease.pdf")
LETTER = Path("/home/anna/Documents/Flat/letter from the landlord.docx")


def place(path: Path = LEASE, page: int = 4, unit: PageUnit = PageUnit.PAGE) -> DocumentPlace:
    return DocumentPlace(1, path, "0" * 64, unit, (Span(page, 10, 90),))


LEASE_QUOTE = (
    "Either party may end this agreement with two months' notice, counted from the first day of "
    "the month after the notice is received."
)
SOURCES = (
    Source(1, place(), LEASE_QUOTE),
    Source(2, place(page=6), "Notice must be given in writing and signed by hand."),
    Source(3, place(LETTER, 1, PageUnit.WHOLE), "Your letter of 12 May reached us on 14 May."),
)
COLLECTION_ID = "flat"


def collection(
    collection_id: str = COLLECTION_ID,
    name: str = "Flat",
    state: CollectionState = CollectionState.READY,
    *,
    is_attachment: bool = False,
    n_searchable: int = 40,
) -> CollectionSummary:
    made = Collection(collection_id, name, (), "built-in", is_attachment=is_attachment)
    return CollectionSummary(made, state, n_files=40, n_searchable=n_searchable)


def cited(text: str, *sentences: tuple[str, Support, tuple[int, ...], str]) -> AnswerSources:
    """Sources for sentences that stand in `text`: words, support, numbers, what is missing."""
    found = [
        CitedSentence(
            text.index(words),
            text.index(words) + len(words),
            support,
            numbers,
            (missing,) if missing else (),
        )
        for words, support, numbers, missing in sentences
    ]
    return AnswerSources(
        AnswerMode.MODEL,
        Verdict.FOUND,
        sources=SOURCES,
        sentences=tuple(found),
        n_files=40,
        is_final=True,
    )


CITED_ANSWER = """\
You must give **two months' notice**, counted from the first day of the month after the landlord \
receives it. It has to be **in writing and signed**; an e-mail alone is not enough.

- Your letter arrived on 17 May, so the lease ends on 31 July.
- Landlords are usually glad to help.
"""
CITED = cited(
    CITED_ANSWER,
    (CITED_ANSWER.split(" It has", maxsplit=1)[0], Support.SUPPORTED, (1,), ""),
    ("It has to be **in writing and signed**; an e-mail alone", Support.SUPPORTED, (2, 1), ""),
    (
        "Your letter arrived on 17 May, so the lease ends on 31 July.",
        Support.WEAK,
        (3,),
        "17 May",
    ),
    ("Landlords are usually glad to help.", Support.UNSUPPORTED, (), ""),
)
NOT_FOUND = AnswerSources(
    AnswerMode.MODEL,
    Verdict.NOT_FOUND,
    sources=SOURCES,
    n_files=40,
    n_files_unread=12,
    is_final=True,
)
CLOSEST = replace(
    CITED,
    verdict=Verdict.CLOSEST,
    passages=tuple(Passage(one.place, one.quote, 1.0) for one in SOURCES),
)
DENIAL = "The passages do not say how much notice must be given."
DENIED = replace(
    CLOSEST,
    sources=(),
    sentences=(CitedSentence(0, len(DENIAL), Support.UNSUPPORTED),),
    quotes=SOURCES,
)
QUOTES = AnswerSources(
    AnswerMode.QUOTES, Verdict.FOUND, sources=SOURCES, n_files=40, is_final=True
)
