"""Conversations and their turns in the database.

What is deleted is hidden first, so that it can come back, and removed by `purge`.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from app.core.conversation import (
    AnswerMeasurement,
    Conversation,
    Role,
    ShownTurn,
    Turn,
    TurnState,
    TurnTree,
    automatic_title,
)
from app.core.events import SearchHit
from app.store.database import Database, Row

MAX_HITS = 50
SNIPPET_TRIGRAMS = 48
TRIGRAM_LENGTH = 3
MARK_OPEN, MARK_CLOSE = "\u2068", "\u2069"

_CONVERSATION = (
    "conversation_id, title, created_at, updated_at, leaf_id, remembered_from_id,"
    " may_forget, draft"
)
_TURN = (
    "turn_id, conversation_id, parent_id, role, text, state, created_at, model_name,"
    " measurement, error_code"
)


class Conversations:
    """Reads and writes conversations; every method that writes is one transaction."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    # --- reading ---

    def all(self) -> tuple[Conversation, ...]:
        """Give all conversations, newest first."""
        rows = self._database.read(
            f"SELECT {_CONVERSATION} FROM conversation WHERE deleted_at IS NULL"
            " ORDER BY updated_at DESC, row_number DESC"
        )
        return tuple(_conversation(row) for row in rows)

    def get(self, conversation_id: str) -> Conversation | None:
        """Give one conversation; None if it is gone."""
        rows = self._database.read(
            f"SELECT {_CONVERSATION} FROM conversation"
            " WHERE conversation_id = ? AND deleted_at IS NULL",
            (conversation_id,),
        )
        return _conversation(rows[0]) if rows else None

    def tree(self, conversation_id: str) -> TurnTree:
        """Give the turns of a conversation that are not deleted."""
        rows = self._database.read(
            f"SELECT {_TURN} FROM turn WHERE conversation_id = ? AND deleted_at IS NULL",
            (conversation_id,),
        )
        return TurnTree(_turn(row) for row in rows)

    def branch(self, conversation: Conversation) -> tuple[ShownTurn, ...]:
        """Give the turns of the branch shown."""
        return self.tree(conversation.conversation_id).branch(conversation.leaf_id)

    def turn(self, turn_id: str) -> Turn | None:
        """Give one turn; None if it is gone."""
        rows = self._database.read(
            f"SELECT {_TURN} FROM turn WHERE turn_id = ? AND deleted_at IS NULL",
            (turn_id,),
        )
        return _turn(rows[0]) if rows else None

    def search(self, query: str) -> tuple[SearchHit, ...]:
        """Find conversations by title and text, titles first; `MAX_HITS` at most.

        The query is taken as it is, never as a search expression. Queries too short for the
        index are looked for one by one.
        """
        wanted = query.strip()
        if not wanted:
            return ()
        if len(wanted) < TRIGRAM_LENGTH:
            titles, texts = self._search_short(wanted)
        else:
            titles, texts = self._search_index(wanted)
        hits: dict[str, SearchHit] = {}
        for row in (*titles, *texts):
            hits.setdefault(
                row["conversation_id"],
                SearchHit(row["conversation_id"], row["title"], " ".join(row["snippet"].split())),
            )
        return tuple(hits.values())[:MAX_HITS]

    def _search_index(self, wanted: str) -> tuple[list[Row], list[Row]]:
        phrase = '"' + wanted.replace('"', '""') + '"'
        marks = (MARK_OPEN, MARK_CLOSE)
        titles = self._database.read(
            "SELECT conversation_id, conversation.title AS title,"
            " highlight(title_search, 0, ?, ?) AS snippet"
            " FROM title_search JOIN conversation ON row_number = title_search.rowid"
            " WHERE title_search MATCH ? AND deleted_at IS NULL"
            " ORDER BY updated_at DESC LIMIT ?",
            (*marks, phrase, MAX_HITS),
        )
        texts = self._database.read(
            "SELECT conversation.conversation_id AS conversation_id, title,"
            f" snippet(turn_search, 0, ?, ?, '…', {SNIPPET_TRIGRAMS}) AS snippet"
            " FROM turn_search JOIN turn ON turn.row_number = turn_search.rowid"
            " JOIN conversation ON conversation.conversation_id = turn.conversation_id"
            " WHERE turn_search MATCH ? AND turn.deleted_at IS NULL"
            " AND conversation.deleted_at IS NULL"
            " ORDER BY bm25(turn_search), turn.created_at DESC LIMIT ?",
            (*marks, phrase, MAX_HITS * 4),
        )
        return titles, texts

    def _search_short(self, wanted: str) -> tuple[list[Row], list[Row]]:
        escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        pattern = f"%{escaped}%"
        titles = self._database.read(
            "SELECT conversation_id, title, title AS snippet FROM conversation"
            " WHERE title LIKE ? ESCAPE '\\' AND deleted_at IS NULL"
            " ORDER BY updated_at DESC LIMIT ?",
            (pattern, MAX_HITS),
        )
        texts = self._database.read(
            "SELECT conversation.conversation_id AS conversation_id, title,"
            " substr(text, max(1, instr(lower(text), lower(?)) - 24), 72) AS snippet"
            " FROM turn JOIN conversation USING (conversation_id)"
            " WHERE text LIKE ? ESCAPE '\\' AND turn.deleted_at IS NULL"
            " AND conversation.deleted_at IS NULL"
            " ORDER BY turn.created_at DESC LIMIT ?",
            (wanted, pattern, MAX_HITS * 4),
        )
        return titles, texts

    # --- writing ---

    def begin(self, first_text: str) -> str:
        """Begin a conversation titled after its first message; give its id."""
        conversation_id, now = uuid.uuid4().hex, _text(self._now())
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO conversation (conversation_id, title, created_at, updated_at)"
                " VALUES (?, ?, ?, ?)",
                (conversation_id, automatic_title(first_text), now, now),
            )
        return conversation_id

    def add_question(self, conversation_id: str, text: str) -> tuple[str, str]:
        """Add the user's turn and an empty answer to it, surviving a power cut on return.

        The question follows the turn shown last; the draft is cleared, as it was sent.

        Returns:
            The ids of the question and the answer.
        """
        conversation = self.get(conversation_id)
        parent_id = conversation.leaf_id if conversation else None
        question = self._new_turn(conversation_id, parent_id, Role.USER, text)
        answer = self._new_turn(conversation_id, question.turn_id, Role.ASSISTANT)
        with self._database.write() as connection:
            for turn in (question, answer):
                connection.execute(*_insert(turn))
            connection.execute(
                "UPDATE conversation SET leaf_id = ?, updated_at = ?, draft = ''"
                " WHERE conversation_id = ?",
                (answer.turn_id, _text(self._now()), conversation_id),
            )
        return question.turn_id, answer.turn_id

    def add_answer(self, conversation_id: str, question_id: str) -> str:
        """Add an empty answer to a question and show it; give its id."""
        answer = self._new_turn(conversation_id, question_id, Role.ASSISTANT)
        with self._database.write() as connection:
            connection.execute(*_insert(answer))
            connection.execute(
                "UPDATE conversation SET leaf_id = ?, updated_at = ? WHERE conversation_id = ?",
                (answer.turn_id, _text(self._now()), conversation_id),
            )
        return answer.turn_id

    def save_partial(self, texts: Iterable[tuple[str, str]]) -> None:
        """Save what has been written so far of some answers, as (turn id, text)."""
        with self._database.write(durable=False) as connection:
            connection.executemany(
                "UPDATE turn SET text = ? WHERE turn_id = ? AND state = 'writing'",
                [(text, turn_id) for turn_id, text in texts],
            )

    def end_answer(
        self,
        turn_id: str,
        text: str,
        state: TurnState,
        *,
        model_name: str = "",
        measurement: AnswerMeasurement | None = None,
        error_code: str = "",
    ) -> None:
        """Save an answer that has ended, well or not."""
        numbers = json.dumps(asdict(measurement)) if measurement else None
        with self._database.write() as connection:
            connection.execute(
                "UPDATE turn SET text = ?, state = ?, model_name = ?, measurement = ?,"
                " error_code = ? WHERE turn_id = ?",
                (text, state.value, model_name, numbers, error_code, turn_id),
            )

    def remove_answer(self, turn_id: str) -> None:
        """Remove an answer that never began; its question is shown last again."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE conversation SET leaf_id ="
                " (SELECT parent_id FROM turn WHERE turn_id = ?) WHERE leaf_id = ?",
                (turn_id, turn_id),
            )
            connection.execute("DELETE FROM turn WHERE turn_id = ?", (turn_id,))

    def interrupt_unfinished(self) -> None:
        """Mark answers that a killed program left unfinished; their text is kept."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE turn SET state = ? WHERE state = ?",
                (TurnState.INTERRUPTED.value, TurnState.WRITING.value),
            )

    def show_leaf(self, conversation_id: str, leaf_id: str | None) -> None:
        """Show the branch that ends in `leaf_id`."""
        self._set(conversation_id, "leaf_id", leaf_id)

    def remember_from(self, conversation_id: str, turn_id: str | None) -> None:
        """Note the first turn that reached the model; None for all."""
        self._set(conversation_id, "remembered_from_id", turn_id)

    def allow_forgetting(self, conversation_id: str) -> None:
        """Note that older turns may leave the model's memory."""
        self._set(conversation_id, "may_forget", 1)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title; an empty one changes nothing."""
        if title := " ".join(title.split()):
            self._set(conversation_id, "title", title)

    def keep_draft(self, conversation_id: str, text: str) -> None:
        """Keep text that was typed but not sent."""
        self._set(conversation_id, "draft", text)

    def delete(self, conversation_id: str) -> None:
        """Hide a conversation."""
        self._set(conversation_id, "deleted_at", _text(self._now()))

    def restore(self, conversation_id: str) -> None:
        """Bring a hidden conversation back."""
        self._set(conversation_id, "deleted_at", None)

    def delete_turn(self, conversation_id: str, turn_id: str) -> None:
        """Hide a turn and all below it, and show the branch beside or above it."""
        tree, turn = self.tree(conversation_id), self.turn(turn_id)
        if turn is None:
            return
        hidden = tree.descendants(turn_id)
        siblings = [one for one in tree.branch(turn_id)[-1].sibling_ids if one != turn_id]
        leaf_id = tree.newest_leaf(siblings[-1]) if siblings else turn.parent_id
        now = _text(self._now())
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE turn SET deleted_at = ? WHERE turn_id = ?", [(now, one) for one in hidden]
            )
            connection.execute(
                "UPDATE conversation SET leaf_id = ? WHERE conversation_id = ? AND leaf_id IN"
                " (SELECT turn_id FROM turn WHERE deleted_at IS NOT NULL)",
                (leaf_id, conversation_id),
            )

    def restore_turn(self, conversation_id: str, turn_id: str) -> None:
        """Bring a hidden turn back, with what was hidden together with it, and show it."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE turn SET deleted_at = NULL WHERE conversation_id = ? AND deleted_at ="
                " (SELECT deleted_at FROM turn WHERE turn_id = ?)",
                (conversation_id, turn_id),
            )
        if self.turn(turn_id) is not None:
            self.show_leaf(conversation_id, self.tree(conversation_id).newest_leaf(turn_id))

    def purge(self) -> tuple[str, ...]:
        """Remove for good what is hidden; give the ids of the conversations removed."""
        hidden = "deleted_at IS NOT NULL"
        ids = self._database.read(f"SELECT conversation_id FROM conversation WHERE {hidden}")
        if not ids and not self._database.read(f"SELECT 1 FROM turn WHERE {hidden} LIMIT 1"):
            return ()
        with self._database.write() as connection:
            connection.execute(f"DELETE FROM turn WHERE {hidden}")
            connection.execute(f"DELETE FROM conversation WHERE {hidden}")
        return tuple(row["conversation_id"] for row in ids)

    def _set(self, conversation_id: str, column: str, value: str | int | None) -> None:
        with self._database.write() as connection:
            connection.execute(
                f"UPDATE conversation SET {column} = ? WHERE conversation_id = ?",
                (value, conversation_id),
            )

    def _new_turn(
        self, conversation_id: str, parent_id: str | None, role: Role, text: str = ""
    ) -> Turn:
        state = TurnState.COMPLETE if role is Role.USER else TurnState.WRITING
        turn_id = uuid.uuid4().hex
        return Turn(turn_id, conversation_id, parent_id, role, text, state, self._now())


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _insert(turn: Turn) -> tuple[str, tuple[str | None, ...]]:
    columns = "turn_id, conversation_id, parent_id, role, text, state, created_at"
    values = (
        turn.turn_id,
        turn.conversation_id,
        turn.parent_id,
        turn.role.value,
        turn.text,
        turn.state.value,
        _text(turn.created_at),
    )
    return f"INSERT INTO turn ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values


def _conversation(row: Row) -> Conversation:
    return Conversation(
        conversation_id=row["conversation_id"],
        title=row["title"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        leaf_id=row["leaf_id"],
        remembered_from_id=row["remembered_from_id"],
        may_forget=bool(row["may_forget"]),
        draft=row["draft"],
    )


def _turn(row: Row) -> Turn:
    numbers = row["measurement"]
    return Turn(
        turn_id=row["turn_id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=Role(row["role"]),
        text=row["text"],
        state=TurnState(row["state"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        model_name=row["model_name"],
        measurement=AnswerMeasurement(**json.loads(numbers)) if numbers else None,
        error_code=row["error_code"],
    )
