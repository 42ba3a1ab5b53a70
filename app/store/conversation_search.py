"""Search in the titles and texts of conversations, in every script.

The index holds pieces of three characters, so it needs no word boundaries (Chinese, Thai) and
finds parts of compounds. Words shorter than that are looked for in each text.
"""

import json
import re
from dataclasses import dataclass, replace

from app.core.events import SearchHit
from app.store.database import Database, Row, Value, storable

MAX_HITS = 50
MAX_QUERY_CHARACTERS = 200
INDEXED_LENGTH = 3
"""Shorter words are not in an index of three-character pieces."""
LEAD_CHARACTERS = 24
SNIPPET_CHARACTERS = 96
"""How much of a text is shown before and from its first match on."""
MARK_OPEN, MARK_CLOSE = "\u2068", "\u2069"
_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)

_TITLES_BY_INDEX = """
    SELECT conversation_id, conversation.title AS title
    FROM title_search JOIN conversation ON conversation.row_number = title_search.rowid
    WHERE title_search MATCH :phrases AND deleted_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM json_each(:short) WHERE instr(folded(conversation.title), value) = 0)
    ORDER BY updated_at DESC LIMIT :limit
"""
_TITLES_ONE_BY_ONE = """
    SELECT conversation_id, title FROM conversation
    WHERE deleted_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM json_each(:short) WHERE instr(folded(title), value) = 0)
    ORDER BY updated_at DESC LIMIT :limit
"""
# The best turn of each conversation; min() also decides from which row `found` is taken.
_TEXTS_BY_INDEX = """
    SELECT turn.row_number AS found, min(turn_search.rank) AS best
    FROM turn_search JOIN turn ON turn.row_number = turn_search.rowid
    JOIN conversation ON conversation.conversation_id = turn.conversation_id
    WHERE turn_search MATCH :phrases AND turn.deleted_at IS NULL
        AND conversation.deleted_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM json_each(:short) WHERE instr(folded(turn.text), value) = 0)
    GROUP BY conversation.row_number ORDER BY best LIMIT :limit
"""
_TEXTS_ONE_BY_ONE = """
    SELECT turn.row_number AS found, min(-turn.row_number) AS best
    FROM turn JOIN conversation ON conversation.conversation_id = turn.conversation_id
    WHERE turn.state <> 'writing' AND turn.deleted_at IS NULL
        AND conversation.deleted_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM json_each(:short) WHERE instr(folded(turn.text), value) = 0)
    GROUP BY conversation.row_number ORDER BY best LIMIT :limit
"""
_TEXTS = """
    SELECT conversation_id, title, text, turn_id FROM json_each(?) AS found
    JOIN turn ON turn.row_number = found.value JOIN conversation USING (conversation_id)
    ORDER BY found.key
"""


@dataclass(frozen=True, slots=True)
class _Words:
    """A query cut at white space. All words have to be found; none is ever search syntax."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "_Words":
        cleaned = storable(query[:MAX_QUERY_CHARACTERS]).replace("\0", " ")
        return cls(tuple(cleaned.translate(_MARKS).split()))

    @property
    def phrases(self) -> str:
        """The words that the index can find, each as a quoted phrase."""
        indexed = [word for word in self.words if len(word) >= INDEXED_LENGTH]
        return " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)

    @property
    def short(self) -> str:
        """The other words, for `json_each`."""
        return json.dumps([word.casefold() for word in self.words if len(word) < INDEXED_LENGTH])

    @property
    def pattern(self) -> re.Pattern[str]:
        """What to mark; the longest word first, since one may begin like another."""
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


class ConversationSearch:
    """Searches a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, query: str) -> tuple[SearchHit, ...]:
        """Find conversations of which the title or a message has all words of the query.

        Titles come first, the last used first; then texts, the best match first. `MAX_HITS`
        at most. What is deleted is not found.
        """
        words = _Words.of(query)
        if not words.words:
            return ()
        hits: dict[str, SearchHit] = {}
        for row in self._titles(words):
            hits[row["conversation_id"]] = _hit(row, row["title"], words)
        for row in self._texts(words):
            hit = hits.get(row["conversation_id"]) or _hit(row, row["text"], words)
            hits[hit.conversation_id] = replace(hit, turn_id=row["turn_id"])
        return tuple(hits.values())[:MAX_HITS]

    def _titles(self, words: _Words) -> list[Row]:
        return self._select(_TITLES_BY_INDEX, _TITLES_ONE_BY_ONE, words)

    def _texts(self, words: _Words) -> list[Row]:
        found = self._select(_TEXTS_BY_INDEX, _TEXTS_ONE_BY_ONE, words)
        return self._database.read(_TEXTS, (json.dumps([row["found"] for row in found]),))

    def _select(self, by_index: str, one_by_one: str, words: _Words) -> list[Row]:
        phrases, short = words.phrases, words.short
        values: dict[str, Value] = {"phrases": phrases, "short": short, "limit": MAX_HITS}
        return self._database.read(by_index if phrases else one_by_one, values)


def _hit(row: Row, text: str, words: _Words) -> SearchHit:
    return SearchHit(row["conversation_id"], row["title"], _snippet(text, words.pattern))


def _snippet(text: str, pattern: re.Pattern[str]) -> str:
    """Give one line of `text` around its first match, with all matches in it marked."""
    line = " ".join(text.translate(_MARKS).split())
    first = pattern.search(line)
    start, end = 0, SNIPPET_CHARACTERS
    if first is not None:
        start = max(0, first.start() - LEAD_CHARACTERS)
        end = max(first.end(), first.start() + SNIPPET_CHARACTERS)
    marked = pattern.sub(lambda match: f"{MARK_OPEN}{match[0]}{MARK_CLOSE}", line[start:end])
    return ("…" if start else "") + marked + ("…" if end < len(line) else "")
