"""Conversations and their turns in the database.

What is deleted is hidden first, so that it can come back, and removed by `purge`.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection

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
from app.core.documents.evidence import ChatDocuments, Verdict
from app.store.conversation_rows import (
    CONVERSATION_COLUMNS,
    RESTORE_TURN,
    TURN_COLUMNS,
    conversation_of,
    measurement_text,
    moment_text,
    turn_of,
)
from app.store.database import Database, storable
from app.store.source_rows import documents_text


@dataclass(frozen=True, slots=True)
class Question:
    """A stored message of the user's, and the empty answer to it that is to be written."""

    conversation_id: str
    question_id: str
    answer_id: str


def utc_now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)


class Conversations:
    """Reads and writes conversations; every method that writes is one transaction."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    # --- reading ---

    def all(self) -> tuple[Conversation, ...]:
        """Give all conversations, newest first."""
        rows = self._database.read(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE deleted_at IS NULL"
            " ORDER BY updated_at DESC, row_number DESC"
        )
        return tuple(conversation_of(row) for row in rows)

    def get(self, conversation_id: str) -> Conversation | None:
        """Give one conversation; None if it is gone."""
        rows = self._database.read(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation"
            " WHERE conversation_id = ? AND deleted_at IS NULL",
            (conversation_id,),
        )
        return conversation_of(rows[0]) if rows else None

    def tree(self, conversation_id: str) -> TurnTree:
        """Give the turns of a conversation that are not deleted."""
        rows = self._database.read(
            f"SELECT {TURN_COLUMNS} FROM turn WHERE conversation_id = ? AND deleted_at IS NULL",
            (conversation_id,),
        )
        return TurnTree(turn_of(row) for row in rows)

    def branch(self, conversation: Conversation) -> tuple[ShownTurn, ...]:
        """Give the turns of the branch shown."""
        return self.tree(conversation.conversation_id).branch(conversation.leaf_id)

    def branch_to(self, conversation_id: str, turn_id: str) -> tuple[ShownTurn, ...]:
        """Give the turns from the first to one of them."""
        return self.tree(conversation_id).branch(turn_id)

    def turn(self, turn_id: str) -> Turn | None:
        """Give one turn; None if it is gone."""
        rows = self._database.read(
            f"SELECT {TURN_COLUMNS} FROM turn WHERE turn_id = ? AND deleted_at IS NULL",
            (turn_id,),
        )
        return turn_of(rows[0]) if rows else None

    def hidden_ids(self) -> tuple[str, ...]:
        """Give the ids of the conversations that `purge` would remove."""
        rows = self._database.read(
            "SELECT conversation_id FROM conversation WHERE deleted_at IS NOT NULL"
        )
        return tuple(row["conversation_id"] for row in rows)

    # --- asking and answering ---

    def add_question(
        self,
        conversation_id: str | None,
        text: str,
        *,
        edited_id: str | None = None,
        documents: ChatDocuments | None = None,
    ) -> Question:
        """Add the user's turn and an empty answer to it, surviving a power cut on return.

        The question follows the turn shown last; the draft is cleared, as it was sent.

        Args:
            conversation_id: None begins a conversation titled after `text`; so does the id of
                one that is gone, so that what the user wrote is kept.
            text: the user's message.
            edited_id: put the question beside this one instead, as another version of it, and
                leave the draft alone; one that is gone counts as None.
            documents: what the chat is asked from, from now on; None leaves that as it is.
        """
        text = storable(text)
        with self._database.write() as connection:
            found = connection.execute(
                "SELECT leaf_id FROM conversation WHERE conversation_id = ?"
                " AND deleted_at IS NULL",
                (conversation_id,),
            ).fetchone()
            if conversation_id is None or found is None:
                conversation_id = self._begin(connection, text)
            edited = connection.execute(
                "SELECT parent_id FROM turn WHERE turn_id = ? AND conversation_id = ?"
                " AND deleted_at IS NULL",
                (edited_id, conversation_id),
            ).fetchone()
            parent_id = edited["parent_id"] if edited else found and found["leaf_id"]
            question_id = self._add_turn(connection, conversation_id, parent_id, Role.USER, text)
            answer_id = self._add_answer(connection, conversation_id, question_id)
            if documents is not None:
                connection.execute(
                    "UPDATE conversation SET documents = ? WHERE conversation_id = ?",
                    (documents_text(documents), conversation_id),
                )
            if edited is None:
                connection.execute(
                    "UPDATE conversation SET draft = '' WHERE conversation_id = ?",
                    (conversation_id,),
                )
        return Question(conversation_id, question_id, answer_id)

    def add_answer(self, conversation_id: str, question_id: str) -> Question:
        """Add an empty answer to a question and show it.

        It takes the place of answers to this question that never had a word, but not of one
        that says that the documents say nothing.
        """
        with self._database.write() as connection:
            # Quotation marks within texts are escaped in JSON, so that no quote looks like this.
            connection.execute(
                "DELETE FROM turn WHERE parent_id = ? AND role = ? AND text = ''"
                " AND state <> ? AND deleted_at IS NULL"
                " AND NOT (state = ? AND sources <> '' AND sources NOT LIKE ?)"
                " AND NOT EXISTS (SELECT 1 FROM turn AS next WHERE next.parent_id = turn.turn_id)",
                (
                    question_id,
                    Role.ASSISTANT.value,
                    TurnState.WRITING.value,
                    TurnState.COMPLETE.value,
                    f'%"verdict":"{Verdict.NOT_SEARCHED.value}"%',
                ),
            )
            answer_id = self._add_answer(connection, conversation_id, question_id)
        return Question(conversation_id, question_id, answer_id)

    def save_partial(self, texts: Iterable[tuple[str, str]]) -> None:
        """Save what has been written so far of some answers, as (turn id, text)."""
        with self._database.write(durable=False) as connection:
            connection.executemany(
                "UPDATE turn SET text = ? WHERE turn_id = ? AND state = 'writing'",
                [(storable(text), turn_id) for turn_id, text in texts],
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
        with self._database.write() as connection:
            connection.execute(
                "UPDATE turn SET text = ?, state = ?, model_name = ?, measurement = ?,"
                " error_code = ? WHERE turn_id = ?",
                (
                    storable(text),
                    state.value,
                    storable(model_name),
                    measurement_text(measurement),
                    error_code,
                    turn_id,
                ),
            )

    def remove_answer(self, turn_id: str) -> None:
        """Remove an answer that never began; what stood beside or above it is shown again."""
        turn = self.turn(turn_id)
        if turn is None:
            return
        leaf_id = _leaf_beside(self.tree(turn.conversation_id), turn)
        with self._database.write() as connection:
            connection.execute(
                "UPDATE conversation SET leaf_id = ? WHERE leaf_id = ?", (leaf_id, turn_id)
            )
            connection.execute(
                "DELETE FROM turn WHERE turn_id = ? AND NOT EXISTS"
                " (SELECT 1 FROM turn AS next WHERE next.parent_id = turn.turn_id)",
                (turn_id,),
            )
            # If it is still there, the user has written on below it, which must not go with it.
            connection.execute(
                "UPDATE turn SET state = ? WHERE turn_id = ?", (TurnState.FAILED.value, turn_id)
            )

    def interrupt_unfinished(self) -> None:
        """Mark answers that a killed program left unfinished; their text is kept."""
        if not self._database.read("SELECT 1 FROM turn WHERE state = 'writing' LIMIT 1"):
            return
        with self._database.write() as connection:
            connection.execute(
                "UPDATE turn SET state = ? WHERE state = 'writing'",
                (TurnState.INTERRUPTED.value,),
            )

    # --- changing ---

    def show_leaf(self, conversation_id: str, turn_id: str) -> None:
        """Show the branch through a turn down to its newest end; unknown turns change nothing."""
        tree = self.tree(conversation_id)
        if tree.branch(turn_id):
            self._set(conversation_id, "leaf_id", tree.newest_leaf(turn_id))

    def remember_from(self, conversation_id: str, turn_id: str | None) -> None:
        """Note the first turn that reached the model; None for all."""
        self._set(conversation_id, "remembered_from_id", turn_id)

    def allow_forgetting(self, conversation_id: str) -> None:
        """Note that older turns may leave the model's memory."""
        self._set(conversation_id, "may_forget", 1)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title; an empty one changes nothing."""
        if title := " ".join(storable(title).split()):
            self._set(conversation_id, "title", title)

    def keep_draft(self, conversation_id: str, text: str) -> None:
        """Keep text that was typed but not sent."""
        self._set(conversation_id, "draft", storable(text), durable=False)

    # --- deleting ---

    def delete(self, conversation_id: str) -> None:
        """Hide a conversation."""
        self._set(conversation_id, "deleted_at", moment_text(self._now()))

    def restore(self, conversation_id: str) -> None:
        """Bring a hidden conversation back."""
        self._set(conversation_id, "deleted_at", None)

    def delete_turn(self, turn_id: str) -> None:
        """Hide a turn and all below it, and show the branch beside or above it."""
        turn = self.turn(turn_id)
        if turn is None:
            return
        tree = self.tree(turn.conversation_id)
        now, hidden_ids = moment_text(self._now()), tree.descendants(turn_id)
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE turn SET deleted_at = ? WHERE turn_id = ?",
                [(now, hidden_id) for hidden_id in hidden_ids],
            )
            connection.execute(
                "UPDATE conversation SET leaf_id = ? WHERE conversation_id = ? AND leaf_id IN"
                " (SELECT turn_id FROM turn WHERE deleted_at IS NOT NULL)",
                (_leaf_beside(tree, turn), turn.conversation_id),
            )

    def restore_turn(self, turn_id: str) -> None:
        """Bring a hidden turn back, with what was hidden together with it, and show it."""
        rows = self._database.read(
            "SELECT conversation_id, deleted_at FROM turn WHERE turn_id = ?", (turn_id,)
        )
        if not rows:
            return
        with self._database.write() as connection:
            connection.execute(
                RESTORE_TURN, {"turn_id": turn_id, "deleted_at": rows[0]["deleted_at"]}
            )
        self.show_leaf(rows[0]["conversation_id"], turn_id)

    def purge(self) -> None:
        """Remove for good all that is hidden, and every trace of it in the file."""
        with self._scrubbing() as connection:
            connection.execute("DELETE FROM turn WHERE deleted_at IS NOT NULL")
            connection.execute("DELETE FROM conversation WHERE deleted_at IS NOT NULL")

    def purge_conversation(self, conversation_id: str) -> None:
        """Remove a conversation for good, if it is hidden."""
        with self._scrubbing() as connection:
            connection.execute(
                "DELETE FROM conversation WHERE deleted_at IS NOT NULL AND conversation_id = ?",
                (conversation_id,),
            )

    def purge_turn(self, turn_id: str) -> None:
        """Remove a turn and all below it for good, if it is hidden."""
        with self._scrubbing() as connection:
            connection.execute(
                "DELETE FROM turn WHERE deleted_at IS NOT NULL AND turn_id = ?", (turn_id,)
            )

    @contextlib.contextmanager
    def _scrubbing(self) -> Iterator[Connection]:
        """Delete rows in one transaction, then every trace of them in the file."""
        with self._database.write() as connection:
            n_before = connection.total_changes
            yield connection
            is_changed = connection.total_changes > n_before
        if is_changed:
            self._database.scrub()

    # --- parts of transactions ---

    def _begin(self, connection: Connection, text: str) -> str:
        conversation_id, now = uuid.uuid4().hex, moment_text(self._now())
        connection.execute(
            "INSERT INTO conversation (conversation_id, title, created_at, updated_at)"
            " VALUES (?, ?, ?, ?)",
            (conversation_id, automatic_title(text), now, now),
        )
        return conversation_id

    def _add_answer(self, connection: Connection, conversation_id: str, question_id: str) -> str:
        answer_id = self._add_turn(connection, conversation_id, question_id, Role.ASSISTANT)
        connection.execute(
            "UPDATE conversation SET leaf_id = ?, updated_at = ? WHERE conversation_id = ?",
            (answer_id, moment_text(self._now()), conversation_id),
        )
        return answer_id

    def _add_turn(
        self,
        connection: Connection,
        conversation_id: str,
        parent_id: str | None,
        role: Role,
        text: str = "",
    ) -> str:
        turn_id = uuid.uuid4().hex
        state = TurnState.COMPLETE if role is Role.USER else TurnState.WRITING
        moment = moment_text(self._moment(connection, conversation_id))
        connection.execute(
            "INSERT INTO turn (turn_id, conversation_id, parent_id, role, text, state, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (turn_id, conversation_id, parent_id, role.value, text, state.value, moment),
        )
        return turn_id

    def _moment(self, connection: Connection, conversation_id: str) -> datetime:
        """Give a moment after all others of a conversation, even if the clock was put back."""
        row = connection.execute(
            "SELECT max(created_at) FROM turn WHERE conversation_id = ?", (conversation_id,)
        ).fetchone()
        if row[0] is None:
            return self._now()
        return max(self._now(), datetime.fromisoformat(row[0]) + timedelta(microseconds=1))

    def _set(
        self, conversation_id: str, column: str, value: str | int | None, *, durable: bool = True
    ) -> None:
        with self._database.write(durable=durable) as connection:
            connection.execute(
                f"UPDATE conversation SET {column} = ? WHERE conversation_id = ?",
                (value, conversation_id),
            )


def _leaf_beside(tree: TurnTree, turn: Turn) -> str | None:
    """Give what to show when `turn` is gone: the newest turn beside it, else the one above."""
    siblings = tree.branch(turn.turn_id)[-1].sibling_ids
    others = [turn_id for turn_id in siblings if turn_id != turn.turn_id]
    return tree.newest_leaf(others[-1]) if others else turn.parent_id
