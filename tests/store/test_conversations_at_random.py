"""Random use of conversations, checked against a plain model in memory."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core.conversation import TurnState
from app.store.conversations import Conversations
from app.store.database import Database
from tests.store.conftest import Clock
from tests.store.talk import shown


@dataclass
class Node:
    """A turn of the model; `cut` is the number of the deletion that hid it."""

    parent: str | None
    text: str
    is_answer: bool
    cut: int | None = None


@dataclass
class Chat:
    """A conversation of the model; nodes in the order in which they were added."""

    nodes: dict[str, Node] = field(default_factory=dict)
    leaf: str | None = None
    is_hidden: bool = False

    def children(self, parent: str | None) -> list[str]:
        return [key for key, one in self.nodes.items() if one.parent == parent and one.cut is None]

    def newest_leaf(self, key: str) -> str:
        while below := self.children(key):
            key = below[-1]
        return key

    def branch(self) -> list[str]:
        keys = []
        key = self.leaf
        while key is not None:
            keys.append(key)
            key = self.nodes[key].parent
        return keys[::-1]

    def below(self, key: str) -> list[str]:
        found = [key]
        for one in found:
            found += self.children(one)
        return found

    def cut(self, key: str, number: int) -> None:
        for one in self.below(key):
            self.nodes[one].cut = number
        if self.leaf is not None and self.nodes[self.leaf].cut is not None:
            beside = self.children(self.nodes[key].parent)
            self.leaf = self.newest_leaf(beside[-1]) if beside else self.nodes[key].parent

    def mend(self, key: str) -> None:
        number = self.nodes[key].cut
        together = [one for one, node in self.nodes.items() if node.cut == number]
        above: str | None = key
        while above is not None:
            together.append(above)
            above = self.nodes[above].parent
        for one in together:
            self.nodes[one].cut = None
        self.leaf = self.newest_leaf(key)


class ConversationsAgainstModel(RuleBasedStateMachine):
    """Random use, checked after each step."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._clock = Clock()
        self.database = Database(Path(self._folder.name) / "chats.db")
        self.database.open()
        self.conversations = Conversations(self.database, self._clock)
        self.chats: dict[str, Chat] = {}
        self.n_cuts = 0
        self.cuts: list[tuple[str, str]] = []

    def pick(self, data: st.DataObject, *, hidden: bool = False) -> str:
        keys = [key for key, chat in self.chats.items() if chat.is_hidden == hidden]
        return data.draw(st.sampled_from(keys))

    def has_visible(self) -> bool:
        return any(not chat.is_hidden for chat in self.chats.values())

    def end(self, chat: Chat, answer_id: str, question_id: str, text: str) -> None:
        self.conversations.end_answer(answer_id, text, TurnState.STOPPED)
        chat.nodes[answer_id] = Node(question_id, text, is_answer=True)
        chat.leaf = answer_id

    @rule(text=st.text(max_size=10))
    def begin(self, text: str) -> None:
        asked = self.conversations.add_question(None, text)
        chat = self.chats[asked.conversation_id] = Chat()
        chat.nodes[asked.question_id] = Node(None, text, is_answer=False)
        self.end(chat, asked.answer_id, asked.question_id, "A")

    @precondition(has_visible)
    @rule(data=st.data(), text=st.text(max_size=10), answer=st.sampled_from(["", "yes", "no"]))
    def ask(self, data: st.DataObject, text: str, answer: str) -> None:
        chat_id = self.pick(data)
        chat = self.chats[chat_id]
        asked = self.conversations.add_question(chat_id, text)
        chat.nodes[asked.question_id] = Node(chat.leaf, text, is_answer=False)
        self.end(chat, asked.answer_id, asked.question_id, answer)

    @precondition(has_visible)
    @rule(data=st.data(), text=st.text(max_size=10))
    def edit(self, data: st.DataObject, text: str) -> None:
        chat_id = self.pick(data)
        chat = self.chats[chat_id]
        questions = [key for key in chat.branch() if not chat.nodes[key].is_answer]
        if not questions:
            return
        edited_id = data.draw(st.sampled_from(questions))
        asked = self.conversations.add_question(chat_id, text, edited_id=edited_id)
        chat.nodes[asked.question_id] = Node(chat.nodes[edited_id].parent, text, is_answer=False)
        self.end(chat, asked.answer_id, asked.question_id, "A")

    @precondition(has_visible)
    @rule(data=st.data(), answer=st.sampled_from(["", "other"]))
    def ask_again(self, data: st.DataObject, answer: str) -> None:
        chat_id = self.pick(data)
        chat = self.chats[chat_id]
        questions = [key for key in chat.branch() if not chat.nodes[key].is_answer]
        if not questions:
            return
        question_id = data.draw(st.sampled_from(questions))
        for key in chat.children(question_id):
            has_next = any(node.parent == key for node in chat.nodes.values())
            if not chat.nodes[key].text and not has_next:
                del chat.nodes[key]
        asked = self.conversations.add_answer(chat_id, question_id)
        self.end(chat, asked.answer_id, question_id, answer)

    @precondition(has_visible)
    @rule(data=st.data())
    def show_other(self, data: st.DataObject) -> None:
        chat_id = self.pick(data)
        chat = self.chats[chat_id]
        visible = [key for key, node in chat.nodes.items() if node.cut is None]
        if visible:
            key = data.draw(st.sampled_from(visible))
            self.conversations.show_leaf(chat_id, key)
            chat.leaf = chat.newest_leaf(key)

    @precondition(has_visible)
    @rule(data=st.data())
    def cut(self, data: st.DataObject) -> None:
        chat_id = self.pick(data)
        chat = self.chats[chat_id]
        if branch := chat.branch():
            key = data.draw(st.sampled_from(branch))
            self.conversations.delete_turn(key)
            self.n_cuts += 1
            chat.cut(key, self.n_cuts)
            self.cuts.append((chat_id, key))

    @precondition(lambda self: self.cuts)
    @rule(data=st.data())
    def mend(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.cuts) - 1))
        chat_id, key = self.cuts.pop(place)
        node = self.chats[chat_id].nodes.get(key)
        if node is not None and node.cut is not None:
            self.conversations.restore_turn(key)
            self.chats[chat_id].mend(key)

    @precondition(has_visible)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        chat_id = self.pick(data)
        self.conversations.delete(chat_id)
        self.chats[chat_id].is_hidden = True

    @precondition(lambda self: any(chat.is_hidden for chat in self.chats.values()))
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        chat_id = self.pick(data, hidden=True)
        self.conversations.restore(chat_id)
        self.chats[chat_id].is_hidden = False

    @rule()
    def purge(self) -> None:
        hidden = {key for key, chat in self.chats.items() if chat.is_hidden}
        assert set(self.conversations.hidden_ids()) == hidden
        self.conversations.purge()
        self.chats = {key: chat for key, chat in self.chats.items() if key not in hidden}
        for chat in self.chats.values():
            chat.nodes = {key: node for key, node in chat.nodes.items() if node.cut is None}
        self.cuts.clear()

    @rule()
    def open_again(self) -> None:
        self.database.close()
        assert self.database.open() is None

    @invariant()
    def shows_what_was_said(self) -> None:
        visible = {key: chat for key, chat in self.chats.items() if not chat.is_hidden}
        assert {one.conversation_id for one in self.conversations.all()} == set(visible)
        for key, chat in visible.items():
            assert shown(self.conversations, key) == [
                chat.nodes[turn_id].text for turn_id in chat.branch()
            ]

    def teardown(self) -> None:
        for index in ("title_search", "turn_search"):
            with self.database.write() as connection:
                connection.execute(
                    f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
                )
        self.database.close()
        self._folder.cleanup()


TestConversationsAgainstModel = ConversationsAgainstModel.TestCase
TestConversationsAgainstModel.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None
)
