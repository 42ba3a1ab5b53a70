"""Conversations and turns as rows of the database."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from app.core.conversation import AnswerMeasurement, Conversation, Role, Turn, TurnState
from app.store.database import Row
from app.store.source_rows import documents_of, sources_of

CONVERSATION_COLUMNS = (
    "conversation_id, title, created_at, updated_at, leaf_id, remembered_from_id,"
    " may_forget, draft, documents"
)
TURN_COLUMNS = (
    "turn_id, conversation_id, parent_id, role, text, state, created_at, model_name,"
    " measurement, error_code, sources"
)

# What is brought back: all that was hidden with a turn, and the turns that it answers.
RESTORE_TURN = """
    WITH RECURSIVE
    below (turn_id) AS (
        VALUES (:turn_id)
        UNION SELECT turn.turn_id FROM turn JOIN below ON turn.parent_id = below.turn_id
    ),
    above (turn_id) AS (
        VALUES (:turn_id)
        UNION SELECT turn.parent_id FROM turn JOIN above ON turn.turn_id = above.turn_id
    )
    UPDATE turn SET deleted_at = NULL
    WHERE turn_id IN (SELECT turn_id FROM above)
        OR (turn_id IN (SELECT turn_id FROM below) AND deleted_at = :deleted_at)
"""


def moment_text(moment: datetime) -> str:
    """Give a moment as it is stored: UTC, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def measurement_text(measurement: AnswerMeasurement | None) -> str | None:
    """Give a measurement as it is stored."""
    return json.dumps(asdict(measurement)) if measurement else None


def conversation_of(row: Row) -> Conversation:
    """Give the conversation in a row of `CONVERSATION_COLUMNS`."""
    return Conversation(
        conversation_id=row["conversation_id"],
        title=row["title"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        leaf_id=row["leaf_id"],
        remembered_from_id=row["remembered_from_id"],
        may_forget=bool(row["may_forget"]),
        draft=row["draft"],
        documents=documents_of(row["documents"]),
    )


def turn_of(row: Row) -> Turn:
    """Give the turn in a row of `TURN_COLUMNS`."""
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
        sources=sources_of(row["sources"]),
    )
