"""Which models are listed in which order, and what stands between them. No widgets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.core.candidate import Candidate
from app.core.catalogue import CatalogueFilter, Section, for_you, matches, ordered
from app.core.errors import Failure
from app.ui.catalogue.find_rows import FindRow, RowKind
from app.ui.catalogue.find_shelf import FindShelf
from app.ui.catalogue.offering_words import section_note, use_words
from app.ui.messages import message_for
from app.ui.quantities import count_text

translate = QCoreApplication.translate

HUB_KEY = "hub"
"""Of the heading above what the Hub has found, and of the row that shows more of it."""


@dataclass(frozen=True, slots=True)
class HubSearch:
    """A search of the whole Hub, as far as it is.

    Attributes:
        query: what was searched for.
        serial: names the search; what answers another one is too late.
        page: that was asked for last.
        is_running: an answer is awaited.
        has_more: there are further pages.
        failure: why the last page did not come.
    """

    query: str = ""
    serial: int = 0
    page: int = 0
    is_running: bool = False
    has_more: bool = False
    failure: Failure | None = None


class Listing:
    """Puts the models of a shelf in order; the order changes only when it is told to."""

    def __init__(self, shelf: FindShelf) -> None:
        self._shelf = shelf
        self._sections: tuple[Section, ...] = ()
        self._known: tuple[Candidate, ...] = ()
        self._in_order: tuple[Candidate, ...] | None = None
        self._primary = ""

    @property
    def recommended(self) -> str:
        """The key of the model to take first; empty if none can be recommended."""
        return self._primary

    def put_in_order(self) -> None:
        """Order the catalogue anew, by what is known of this computer now."""
        shelf = self._shelf
        known = (shelf.candidate(key) for key in shelf.catalogue)
        self._known = tuple(one for one in known if one is not None)
        self._sections = for_you(self._known, shelf.prospects)
        self._in_order = None
        best = [one.recommended.candidate.repo_id for one in self._sections if one.recommended]
        self._primary = best[0] if best else ""
        shelf.recommend(frozenset(best))

    def rows(self, wanted: CatalogueFilter, search: HubSearch) -> list[FindRow]:
        """Give all rows below the head."""
        is_asked = bool(search.query) and search.query == wanted.query
        rows = list(self._found_here(wanted) if wanted.query else self._by_use(wanted))
        hub_rows = []
        if is_asked:
            shown = frozenset(row.key for row in rows)
            hub_rows = list(self._found_there(wanted, search, shown))
        if not rows and not hub_rows:
            rows = [_nothing(wanted, is_asked=is_asked, n_models=len(self._known))]
        return [*rows, *hub_rows]

    def _by_use(self, wanted: CatalogueFilter) -> Iterator[FindRow]:
        """Give each use with its models; one that is best for several stands at the first."""
        seen: set[str] = set()
        for section in self._sections:
            keys = [one.candidate.repo_id for one in section.entries]
            cards = self._kept((key for key in keys if key not in seen), wanted)
            if not cards:
                continue
            best = section.recommended
            text = section_note(section.use)
            if best is not None and best.candidate.repo_id in seen:
                text = translate("find", "{name}, above, is the best here")
                text = text.format(name=best.candidate.name)
            yield FindRow(RowKind.HEADING, section.use.value, use_words(section.use), text)
            seen.update(cards)
            for key in cards:
                yield self._card(key)

    def _found_here(self, wanted: CatalogueFilter) -> Iterator[FindRow]:
        """Give what the words are found in, the closest first."""
        if self._in_order is None:
            self._in_order = ordered(self._known, self._shelf.prospects)
        found = self._shelf.search(self._in_order, wanted.query)
        cards = self._kept((one.repo_id for one in found), wanted)
        if cards:
            text = translate("find", "From our list: {n}")
            title = text.format(n=count_text(len(cards)))
            yield FindRow(RowKind.HEADING, "found", title)
        for key in cards:
            yield self._card(key)

    def _found_there(
        self, wanted: CatalogueFilter, search: HubSearch, shown: frozenset[str]
    ) -> Iterator[FindRow]:
        """Give what the Hub found, in its order, but for what is shown above."""
        keys = self._kept((key for key in self._shelf.found if key not in shown), wanted)
        if keys or search.page > 0:
            yield FindRow(RowKind.HEADING, HUB_KEY, translate("find", "On Hugging Face"))
        elif not search.is_running and search.failure is None:
            n_above = sum(key in shown for key in self._shelf.found)
            n_hidden = len(self._shelf.found) - n_above
            yield _nothing_there(is_above=n_above > 0, is_filtered=n_hidden > 0)
        for key in keys:
            yield self._card(key)
        if (keys or search.page > 0) and (more := _more_words(search)):
            yield FindRow(RowKind.MORE, HUB_KEY, more)

    def _card(self, key: str) -> FindRow:
        offering = self._shelf.offering(key)
        return FindRow(
            RowKind.CARD, key, offering=offering, is_primary=bool(key) and key == self._primary
        )

    def _kept(self, keys: Iterable[str], wanted: CatalogueFilter) -> list[str]:
        """Give the models that the filters leave; words have been looked at already."""
        rest, shelf = replace(wanted, query=""), self._shelf
        known = [(key, one) for key in keys if (one := shelf.candidate(key)) is not None]
        if rest.is_empty:
            return [key for key, _ in known]
        return [
            key
            for key, one in known
            if matches(
                one,
                rest,
                shelf.prospects.get(key),
                is_here=rest.only_here and shelf.is_here(key),
            )
        ]


def _more_words(search: HubSearch) -> str:
    if search.is_running:
        return translate("find", "More is being looked for…")
    if search.failure is not None:
        return translate("find", "{what}: try again").format(
            what=message_for(search.failure).title
        )
    return translate("find", "Show more") if search.has_more else ""


def _nothing(wanted: CatalogueFilter, *, is_asked: bool, n_models: int) -> FindRow:
    if not n_models:
        title = translate("find", "The list of models is being read…")
        return FindRow(RowKind.NOTE, "reading", title)
    title = translate("find", "Nothing on our list fits that")
    if wanted.query and not is_asked:
        text = translate(
            "find", "Try fewer or other words, take filters off, or search all of Hugging Face."
        )
    elif replace(wanted, query="").is_empty:
        text = translate("find", "Try fewer or other words.")
    else:
        text = translate("find", "Take some of the filters off.")
    return FindRow(RowKind.NOTE, "nothing", title, text)


def _nothing_there(*, is_above: bool, is_filtered: bool) -> FindRow:
    if is_above and not is_filtered:
        title = translate("find", "Hugging Face has nothing else that fits")
        text = translate("find", "What it found is on our list, above.")
        return FindRow(RowKind.NOTE, HUB_KEY, title, text)
    title = translate("find", "Hugging Face has nothing that fits")
    text = translate(
        "find", "Try fewer words: the name of the model alone, such as “qwen” or “gemma 4b”."
    )
    if is_filtered:
        text = translate("find", "What it found is hidden by the filters above.")
    return FindRow(RowKind.NOTE, HUB_KEY, title, text)


def n_found_there(rows: Sequence[FindRow]) -> int:
    """Count the models that are listed as found on the Hub."""
    begins = [n for n, row in enumerate(rows) if row.identity == (RowKind.HEADING, HUB_KEY)]
    below = rows[begins[0] :] if begins else ()
    return sum(1 for row in below if row.kind is RowKind.CARD)
