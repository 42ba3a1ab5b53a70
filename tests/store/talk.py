"""What the tests of the store say in their conversations."""

from app.core.conversation import TurnState
from app.store.conversations import Conversations, Question


def talk(
    conversations: Conversations, text: str, answer: str, conversation_id: str | None = None
) -> Question:
    """Ask and have it answered; begins a conversation without an id."""
    question = conversations.add_question(conversation_id, text)
    conversations.end_answer(question.answer_id, answer, TurnState.COMPLETE)
    return question


def shown(conversations: Conversations, conversation_id: str) -> list[str]:
    """Give the texts of the branch shown."""
    conversation = conversations.get(conversation_id)
    assert conversation is not None
    return [one.turn.text for one in conversations.branch(conversation)]
