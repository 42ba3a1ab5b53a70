"""What chats are asked from and what answers rest on: kept, old rows, damaged rows."""

import logging
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Role, TurnState
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
from app.store.chat_documents import ChatDocumentsTable
from app.store.conversations import Conversations
from app.store.database import MIGRATIONS, Database
from app.store.source_rows import documents_of, documents_text, sources_of, sources_text
from tests.store.talk import talk

PLACE = DocumentPlace(
    7, Path("/home/me/lease.pdf"), "ab12", PageUnit.PAGE, (Span(4, 10, 40),), "iv", ("§ 3 Rent",)
)
SOURCES = AnswerSources(
    AnswerMode.MODEL,
    Verdict.FOUND,
    (Passage(PLACE, "The rent is 900 euros.", 0.5, (1, 2), "Item | Price", (7, 3)),),
    (Source(1, PLACE, "The rent is 900 euros."),),
    (
        CitedSentence(0, 22, Support.SUPPORTED, (1,)),
        CitedSentence(23, 40, Support.WEAK, (), ("17",)),
    ),
    n_files=3,
    n_files_unread=1,
    is_final=True,
)
FLAT = ChatDocuments(("flat",), AnswerMode.QUOTES)


@pytest.fixture
def table(database: Database) -> ChatDocumentsTable:
    return ChatDocumentsTable(database)


def test_sources_come_back_as_they_were_kept(
    table: ChatDocumentsTable, conversations: Conversations
) -> None:
    answer_id = talk(conversations, "How much?", "The rent is 900 euros.").answer_id
    table.keep_sources([(answer_id, SOURCES)])
    turn = conversations.turn(answer_id)
    assert turn is not None
    assert turn.sources == SOURCES


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_comes_back(verdict: Verdict) -> None:
    kept = AnswerSources(AnswerMode.MODEL, verdict)
    assert sources_of(sources_text(kept)) == kept


def test_what_was_kept_before_the_closest_passages_could_be_read_is_still_understood() -> None:
    stored = (
        '{"mode":"model","verdict":"not_found","passages":[],"sources":[{"number":1,"place":'
        '{"file_id":7,"path":"/home/me/lease.pdf","sha256":"ab12","unit":"page","spans":'
        '[{"page":4,"start":10,"end":40}],"label":"iv","heading_path":["§ 3 Rent"],"quote":""},'
        '"quote":"The rent is 900 euros."}],"sentences":[],"n_files":3,"n_files_unread":0,'
        '"is_final":true,"quotes":[]}'
    )
    source = Source(1, PLACE, "The rent is 900 euros.")
    assert sources_of(stored) == AnswerSources(
        AnswerMode.MODEL, Verdict.NOT_FOUND, sources=(source,), n_files=3, is_final=True
    )


def test_a_chat_remembers_what_it_is_asked_from(
    table: ChatDocumentsTable, conversations: Conversations
) -> None:
    chat = conversations.add_question(None, "How much?", documents=FLAT).conversation_id
    conversations.add_question(chat, "And now?")
    found = conversations.get(chat)
    assert found is not None
    assert found.documents == FLAT
    table.choose(chat, ChatDocuments())
    found = conversations.get(chat)
    assert found is not None
    assert found.documents == ChatDocuments()


def test_an_answer_that_says_nothing_was_found_is_not_replaced_by_another_version(
    table: ChatDocumentsTable, conversations: Conversations
) -> None:
    question = conversations.add_question(None, "How much?", documents=FLAT)
    nothing = AnswerSources(AnswerMode.MODEL, Verdict.NOT_FOUND, is_final=True)
    table.keep_sources([(question.answer_id, nothing)])
    conversations.end_answer(question.answer_id, "", TurnState.COMPLETE)
    conversations.add_answer(question.conversation_id, question.question_id)
    assert conversations.turn(question.answer_id) is not None


def test_an_empty_answer_from_general_knowledge_is_replaced_by_the_next(
    table: ChatDocumentsTable, conversations: Conversations
) -> None:
    question = conversations.add_question(None, "How much?", documents=FLAT)
    general = AnswerSources(AnswerMode.MODEL, Verdict.NOT_SEARCHED, is_final=True)
    table.keep_sources([(question.answer_id, general)])
    conversations.end_answer(question.answer_id, "", TurnState.COMPLETE)
    conversations.add_answer(question.conversation_id, question.question_id)
    assert conversations.turn(question.answer_id) is None


def test_the_ids_in_use_are_those_of_all_chats_even_hidden_ones(
    table: ChatDocumentsTable, conversations: Conversations
) -> None:
    first = conversations.add_question(None, "A", documents=FLAT).conversation_id
    both = ChatDocuments(("flat", "drop-1"))
    second = conversations.add_question(None, "B", documents=both).conversation_id
    conversations.add_question(None, "C")
    conversations.delete(second)
    assert table.used_ids() == {"flat", "drop-1"}
    assert table.used_ids(first) == {"flat"}


def test_a_database_of_before_there_were_documents_is_brought_up(tmp_path: Path) -> None:
    old = tmp_path / "migrations"
    old.mkdir()
    for script in sorted(MIGRATIONS.glob("*.sql"))[:3]:
        (old / script.name).write_bytes(script.read_bytes())
    before = Database(tmp_path / "chats.db", old)
    before.open()
    with before.write() as connection:
        connection.execute(
            "INSERT INTO conversation (conversation_id, title, created_at, updated_at, leaf_id)"
            " VALUES ('c', 'Old', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 't')"
        )
        connection.execute(
            "INSERT INTO turn (turn_id, conversation_id, role, text, state, created_at)"
            " VALUES ('t', 'c', 'user', 'Hello', 'complete', '2026-01-01T00:00:00+00:00')"
        )
    before.close()
    database = Database(tmp_path / "chats.db")
    database.open()
    conversations = Conversations(database)
    chat = conversations.get("c")
    assert chat is not None
    assert chat.documents == ChatDocuments()
    (shown,) = conversations.branch(chat)
    assert (shown.turn.role, shown.turn.text, shown.turn.sources) == (Role.USER, "Hello", None)
    database.close()


@pytest.mark.parametrize(
    "damaged",
    [
        "{",
        "[]",
        '"text"',
        "null",
        '{"mode":"model"}',
        '{"mode":"telepathy","verdict":"found"}',
        '{"mode":"model","verdict":"found","passages":[{"place":{"path":5}}]}',
        "[" * 5_000,
    ],
)
def test_what_cannot_be_read_is_none_and_said_in_the_log_without_its_text(
    conversations: Conversations,
    database: Database,
    damaged: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer_id = talk(conversations, "How much?", "900").answer_id
    with database.write() as connection:
        connection.execute("UPDATE turn SET sources = ? WHERE turn_id = ?", (damaged, answer_id))
        connection.execute("UPDATE conversation SET documents = ?", (damaged,))
    with caplog.at_level(logging.WARNING):
        turn = conversations.turn(answer_id)
        (chat,) = conversations.all()
    assert turn is not None
    assert (turn.text, turn.sources) == ("900", None)
    assert chat.documents.collection_ids == ()
    assert "cannot be read" in caplog.text
    assert "telepathy" not in caplog.text


def test_half_a_character_in_a_passage_is_kept_as_the_replacement_character() -> None:
    broken = AnswerSources(AnswerMode.MODEL, Verdict.FOUND, (Passage(PLACE, "half \ud83d", 0.5),))
    read = sources_of(sources_text(broken))
    assert read is not None
    assert read.passages[0].text == "half \ufffd"


@pytest.mark.skipif(sys.platform == "win32", reason="file names are text there")
def test_a_file_name_that_is_no_text_is_kept() -> None:
    path = Path(os.fsdecode(b"/home/me/\xff.pdf"))
    place = DocumentPlace(1, path, "", PageUnit.WHOLE, ())
    kept = AnswerSources(AnswerMode.MODEL, Verdict.FOUND, (), (Source(1, place, ""),))
    assert sources_of(sources_text(kept)) == kept


@given(st.lists(st.text(), max_size=4), st.sampled_from(AnswerMode))
def test_any_choice_comes_back(ids: list[str], mode: AnswerMode) -> None:
    documents = ChatDocuments(tuple(ids), mode)
    read = documents_of(documents_text(documents))
    expected = tuple(
        one.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for one in ids
    )
    assert read == ChatDocuments(expected, mode)


def test_the_columns_are_never_null(database: Database, conversations: Conversations) -> None:
    talk(conversations, "Hello", "Yes")
    with sqlite3.connect(database.path) as other:
        assert other.execute("SELECT DISTINCT sources FROM turn").fetchall() == [("",)]
    other.close()
