"""Searches the models of the Hub in the GGUF format."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.core.candidate import Candidate
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import HUB_ENDPOINT, Purpose
from app.hub.connection import host_of
from app.hub.door import HubDoor
from app.hub.model_row import candidate_of
from app.hub.questions import Answer, Parameters, ask
from app.hub.repository import read_repository

PAGE_SIZE = 30
KEPT_S = 15 * 60
"""How long results are shown again without asking. The Hub counts questions per address, and
allows 500 in five minutes."""
MAX_KEPT = 50
MAX_QUERY_CHARACTERS = 200

_FACTS = (
    "gguf",
    "downloads",
    "likes",
    "gated",
    "lastModified",
    "cardData",
    "tags",
    "siblings",
    "trendingScore",
    "sha",
    "pipeline_tag",
)
_NAME = r"[A-Za-z0-9][\w.-]{0,95}"
_REPO_ID = re.compile(rf"(?:hf\.co/|huggingface\.co/)?({_NAME}/{_NAME})(?::[\w.-]+)?", re.ASCII)
_PAGE_PATH = re.compile(
    rf"/({_NAME}/{_NAME})(?:/(?:tree|blob|resolve|raw|discussions)\b.*)?/?", re.ASCII
)
_HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"})


@dataclass(frozen=True, slots=True)
class NamedRepository:
    """A repository that the user named.

    Attributes:
        is_address: by the address of its page, so that it cannot be meant as words.
    """

    repo_id: str
    is_address: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results."""

    candidates: tuple[Candidate, ...]
    has_more: bool = False


class SearchCancelledError(Exception):
    """The search is no longer wanted."""


@dataclass
class _Pages:
    """The pages of one search so far."""

    began_s: float
    pages: list[SearchPage] = field(default_factory=list)
    next_url: str = ""


class HubSearch:
    """Searches page by page, and keeps what was found for a while.

    May be used from several threads at once.

    Args:
        door: to the network.
        now_s: a clock that only goes forward.
    """

    def __init__(self, door: HubDoor, now_s: Callable[[], float] = time.monotonic) -> None:
        self._door, self._now_s = door, now_s
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Pages] = {}

    def page(self, query: str, number: int, cancelled: threading.Event) -> SearchPage:
        """Give one page of results; pages are asked for in their order.

        Args:
            query: words, the id of a repository or the address of its page.
            number: 0 for the first page.
            cancelled: set when nobody waits any more.

        Raises:
            SearchCancelledError: `cancelled` was set.
            WorldError: as `app/hub/failures.py` says.
        """
        words = " ".join(query.split())[:MAX_QUERY_CHARACTERS]
        named = named_repository(words, self._door.endpoint)
        if named is not None:
            try:
                return SearchPage((read_repository(self._door, named.repo_id),))
            except WorldError as error:
                is_unknown = error.code is ErrorCode.REPOSITORY_MISSING
                if named.is_address or not is_unknown or cancelled.is_set():
                    raise
        found = self._pages(words)
        while len(found.pages) <= number:
            if found.pages and not found.next_url:
                return SearchPage(())
            self._extend(found, words, cancelled)
        return found.pages[number]

    def _pages(self, words: str) -> _Pages:
        key, now_s = (self._door.endpoint, words.casefold()), self._now_s()
        with self._lock:
            for old, one in tuple(self._kept.items()):
                if now_s - one.began_s > KEPT_S:
                    del self._kept[old]
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            return self._kept.setdefault(key, _Pages(now_s))

    def _extend(self, found: _Pages, words: str, cancelled: threading.Event) -> None:
        if cancelled.is_set():
            raise SearchCancelledError
        n_pages, url = len(found.pages), found.next_url
        with self._door.purpose(Purpose.SEARCH, words):
            answer = ask(self._door, url, None) if url else self._first(words)
        if not isinstance(answer.value, list):
            facts = Facts(host=self._door.host, reason="no list")
            raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts)
        rows = (candidate_of(row, self._door.endpoint) for row in answer.value)
        candidates = tuple(one for one in rows if one is not None and one.versions)
        with self._lock:
            # The same page may have been asked for twice at once.
            if len(found.pages) == n_pages:
                found.pages.append(SearchPage(candidates, bool(answer.next_url)))
                found.next_url = answer.next_url
        if cancelled.is_set():
            raise SearchCancelledError

    def _first(self, words: str) -> Answer:
        parameters: Parameters = {
            "filter": "gguf",
            "limit": str(PAGE_SIZE),
            "expand": _FACTS,
            "sort": "downloads" if words else "trendingScore",
            **({"search": words} if words else {}),
        }
        return ask(self._door, f"{self._door.endpoint}/api/models", parameters)


def named_repository(text: str, endpoint: str = HUB_ENDPOINT) -> NamedRepository | None:
    """Say which repository a text names: "org/name", "org/name:Q4_K_M", or a page's address.

    Returns:
        None if it is words to search for.
    """
    text = text.strip()
    if found := _REPO_ID.fullmatch(text):
        return NamedRepository(found.group(1), is_address="/" in text.removesuffix(found.group(1)))
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in ("http", "https") and (
            parts.hostname in _HUB_HOSTS or host_of(text) == host_of(endpoint)
        )
    except ValueError:
        return None
    page = _PAGE_PATH.fullmatch(parts.path) if is_page else None
    return NamedRepository(page.group(1), is_address=True) if page else None
