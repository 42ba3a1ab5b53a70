"""Conversations in a real database on disk."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from app.core.conversation import AnswerMeasurement, Role, TurnState
from app.store.conversations import Conversations
from app.store.database import Database


class Clock:
    """Time that passes one second a look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "chats.db")
    database.open()
    yield database
    database.close()


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, Clock())


def talk(conversations: Conversations, question: str, answer: str) -> tuple[str, str, str]:
    """Begin a conversation with one question and its answer."""
    conversation_id = conversations.begin(question)
    question_id, answer_id = conversations.add_question(conversation_id, question)
    conversations.end_answer(answer_id, answer, TurnState.COMPLETE)
    return conversation_id, question_id, answer_id


def shown(conversations: Conversations, conversation_id: str) -> list[str]:
    conversation = conversations.get(conversation_id)
    assert conversation is not None
    return [one.turn.text for one in conversations.branch(conversation)]


def test_a_question_and_its_answer_come_back_as_they_were(conversations: Conversations) -> None:
    conversation_id, _, answer_id = talk(conversations, "What is a quill?\nTell me.", "A feather.")
    measurement = AnswerMeasurement(10, 4, 3, 0.25, 1.5, 2048)
    conversations.end_answer(
        answer_id,
        "A feather.",
        TurnState.COMPLETE,
        model_name="Starter",
        measurement=measurement,
    )
    conversation = conversations.get(conversation_id)
    assert conversation is not None
    assert conversation.title == "What is a quill?"
    question, answer = (one.turn for one in conversations.branch(conversation))
    assert (question.role, question.state) == (Role.USER, TurnState.COMPLETE)
    assert (answer.text, answer.model_name) == ("A feather.", "Starter")
    assert answer.measurement == measurement


def test_the_list_begins_with_the_last_talked_in(conversations: Conversations) -> None:
    first, *_ = talk(conversations, "First", "1")
    second, *_ = talk(conversations, "Second", "2")
    assert [one.conversation_id for one in conversations.all()] == [second, first]
    conversations.add_question(first, "More")
    assert [one.conversation_id for one in conversations.all()] == [first, second]


def test_another_answer_stands_beside_the_first(conversations: Conversations) -> None:
    conversation_id, question_id, first_id = talk(conversations, "Q", "one")
    second_id = conversations.add_answer(conversation_id, question_id)
    conversations.end_answer(second_id, "two", TurnState.COMPLETE)
    conversation = conversations.get(conversation_id)
    assert conversation is not None
    last = conversations.branch(conversation)[-1]
    assert last.turn.text == "two"
    assert last.sibling_ids == (first_id, second_id)
    conversations.show_leaf(conversation_id, first_id)
    assert shown(conversations, conversation_id) == ["Q", "one"]


def test_deleting_a_message_takes_what_follows_and_undo_brings_it_back(
    conversations: Conversations,
) -> None:
    conversation_id, _, answer_id = talk(conversations, "Q1", "A1")
    question_id, second_id = conversations.add_question(conversation_id, "Q2")
    conversations.end_answer(second_id, "A2", TurnState.COMPLETE)
    conversations.delete_turn(conversation_id, question_id)
    assert shown(conversations, conversation_id) == ["Q1", "A1"]
    conversations.restore_turn(conversation_id, question_id)
    assert shown(conversations, conversation_id) == ["Q1", "A1", "Q2", "A2"]
    conversations.delete_turn(conversation_id, answer_id)
    assert shown(conversations, conversation_id) == ["Q1"]
    conversations.purge()
    conversations.restore_turn(conversation_id, answer_id)
    assert shown(conversations, conversation_id) == ["Q1"]


def test_deleting_one_version_of_an_answer_shows_the_other(conversations: Conversations) -> None:
    conversation_id, question_id, _ = talk(conversations, "Q", "one")
    second_id = conversations.add_answer(conversation_id, question_id)
    conversations.end_answer(second_id, "two", TurnState.COMPLETE)
    conversations.delete_turn(conversation_id, second_id)
    assert shown(conversations, conversation_id) == ["Q", "one"]


def test_a_deleted_conversation_can_come_back_until_it_is_purged(
    conversations: Conversations, database: Database
) -> None:
    conversation_id, *_ = talk(conversations, "Secret plan", "Hush")
    conversations.delete(conversation_id)
    assert conversations.all() == ()
    assert conversations.search("Secret") == ()
    conversations.restore(conversation_id)
    assert len(conversations.all()) == 1
    conversations.delete(conversation_id)
    assert conversations.purge() == (conversation_id,)
    assert conversations.purge() == ()
    for table in ("conversation", "turn"):
        assert database.read(f"SELECT * FROM {table}") == []


def test_what_was_purged_is_not_left_in_the_file(
    conversations: Conversations, database: Database
) -> None:
    conversation_id, *_ = talk(conversations, "xyzzyplugh the secret word", "ok")
    conversations.delete(conversation_id)
    conversations.purge()
    database.read("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"xyzzyplugh" not in database.path.read_bytes()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("notice", "How much notice do I have to give?"),
        ("NOTICE", "How much notice do I have to give?"),
        ("otic", "How much notice do I have to give?"),
        ("Kündigung", "Die Kündigungsfrist beträgt drei Monate."),
        ("租赁", "这份租赁合同什么时候到期？"),
        ("合同什么", "这份租赁合同什么时候到期？"),
        ("عقد", "متى ينتهي عقد الإيجار؟"),
        ("ab", "the cab is here"),
        ("50%", "a rebate of 50% or so"),
        ('say "hello"', 'they say "hello" and go'),
        ("AND OR NOT", "this AND OR NOT that"),
        ("a*b (c)", "compute a*b (c) now"),
        ("_x", "name_x is a name"),
    ],
)
def test_search_finds_words_of_every_script_and_takes_signs_as_they_are(
    conversations: Conversations, query: str, text: str
) -> None:
    expected, *_ = talk(conversations, "Some title", text)
    talk(conversations, "Another", "Nothing of the kind")
    hits = conversations.search(query)
    assert [hit.conversation_id for hit in hits] == [expected]


@pytest.mark.parametrize("query", ["", "  ", '"', "''", "*", "NEAR(", "%", "_", "\\", "^x"])
def test_signs_alone_find_nothing_and_break_nothing(
    conversations: Conversations, query: str
) -> None:
    talk(conversations, "Title", "plain words only")
    assert conversations.search(query) == ()


def test_matches_are_marked_and_titles_come_first(conversations: Conversations) -> None:
    in_text, *_ = talk(conversations, "Letters", "All about the lease of a flat")
    in_title, *_ = talk(conversations, "The lease", "Something else")
    hits = conversations.search("lease")
    assert [hit.conversation_id for hit in hits] == [in_title, in_text]
    assert "\u2068lease\u2069" in hits[0].snippet
    assert "\u2068lease\u2069" in hits[1].snippet


def test_a_kill_leaves_unfinished_answers_marked_with_their_text(
    conversations: Conversations,
) -> None:
    conversation_id = conversations.begin("Q")
    _, answer_id = conversations.add_question(conversation_id, "Q")
    conversations.save_partial([(answer_id, "Half an ans")])
    conversations.interrupt_unfinished()
    turn = conversations.turn(answer_id)
    assert turn is not None
    assert (turn.text, turn.state) == ("Half an ans", TurnState.INTERRUPTED)
    conversations.save_partial([(answer_id, "too late")])
    turn = conversations.turn(answer_id)
    assert turn is not None
    assert turn.text == "Half an ans"


def test_an_answer_that_never_began_leaves_the_question(conversations: Conversations) -> None:
    conversation_id = conversations.begin("Q")
    _, answer_id = conversations.add_question(conversation_id, "Q")
    conversations.remove_answer(answer_id)
    assert shown(conversations, conversation_id) == ["Q"]


def test_sending_clears_the_draft(conversations: Conversations) -> None:
    conversation_id, *_ = talk(conversations, "Q", "A")
    conversations.keep_draft(conversation_id, "half a thou")
    assert conversations.all()[0].draft == "half a thou"
    conversations.add_question(conversation_id, "half a thought")
    assert conversations.all()[0].draft == ""


class ConversationsAgainstModel(RuleBasedStateMachine):
    """Random use, checked against a dictionary."""

    chats = Bundle("chats")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.database = Database(Path(self._folder.name) / "chats.db")
        self.database.open()
        self.conversations = Conversations(self.database, Clock())
        self.model: dict[str, list[str]] = {}
        self.hidden: dict[str, list[str]] = {}

    @rule(target=chats, text=st.text(min_size=1, max_size=20))
    def begin(self, text: str) -> str:
        conversation_id, *_ = talk(self.conversations, text, "A")
        self.model[conversation_id] = [text, "A"]
        return conversation_id

    @rule(chat=chats, text=st.text(max_size=20))
    def ask(self, chat: str, text: str) -> None:
        if chat in self.model:
            _, answer_id = self.conversations.add_question(chat, text)
            self.conversations.end_answer(answer_id, text[::-1], TurnState.COMPLETE)
            self.model[chat] += [text, text[::-1]]

    @rule(chat=chats)
    def delete(self, chat: str) -> None:
        self.conversations.delete(chat)
        if chat in self.model:
            self.hidden[chat] = self.model.pop(chat)

    @rule(chat=chats)
    def restore(self, chat: str) -> None:
        self.conversations.restore(chat)
        if chat in self.hidden:
            self.model[chat] = self.hidden.pop(chat)

    @rule(chat=consumes(chats))
    def purge(self, chat: str) -> None:
        self.conversations.delete(chat)
        if chat in self.model:
            self.hidden[chat] = self.model.pop(chat)
        assert set(self.conversations.purge()) == set(self.hidden)
        self.hidden.clear()

    @rule(chat=chats, data=st.data())
    def cut(self, chat: str, data: st.DataObject) -> None:
        turns = self.model.get(chat)
        if turns:
            place = data.draw(st.integers(0, len(turns) - 1))
            conversation = self.conversations.get(chat)
            assert conversation is not None
            turn = self.conversations.branch(conversation)[place].turn
            self.conversations.delete_turn(chat, turn.turn_id)
            del turns[place:]

    @invariant()
    def shows_what_was_said(self) -> None:
        assert {one.conversation_id for one in self.conversations.all()} == set(self.model)
        for chat, turns in self.model.items():
            assert shown(self.conversations, chat) == turns

    def teardown(self) -> None:
        self.database.close()
        self._folder.cleanup()


TestConversationsAgainstModel = ConversationsAgainstModel.TestCase
TestConversationsAgainstModel.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None
)
