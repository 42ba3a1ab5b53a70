"""The page that a publisher writes about a model."""

import re

from app.core.errors import ErrorCode, WorldError
from app.core.network import Purpose
from app.hub.door import HubDoor
from app.hub.questions import read_text

MAX_CARD_BYTES = 512 << 10
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


def read_card(door: HubDoor, repo_id: str) -> str:
    """Give the page as Markdown without its front matter; empty if there is none.

    What is in it is not to be trusted: who shows it loads no pictures and runs no HTML.

    Raises:
        WorldError: as `app/hub/failures.py` says.
    """
    with door.purpose(Purpose.MODEL_CARD, repo_id):
        try:
            text = read_text(door, repo_id, "README.md", "", MAX_CARD_BYTES)
        except WorldError as error:
            if error.code is ErrorCode.REMOTE_FILE_MISSING:
                return ""
            raise
    return without_front_matter(text)


def without_front_matter(text: str) -> str:
    """Take off the facts for machines at the top."""
    return _FRONT_MATTER.sub("", text, count=1).strip()
