"""The numbers that OpenDocument texts show before list items and headings."""

from dataclasses import dataclass

from lxml import etree

from app.readers.formats.list_numbers import list_number
from app.readers.formats.xml_parts import attribute, find_local, local_name, whole_number

LEVELS = 10
LARGEST = 100_000
"""Numbers beyond are damage."""
_FORMS = frozenset(("1", "a", "A", "i", "I"))


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level is numbered; one without a form shows no number."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    n_shown: int = 1


class OpenNumbers:
    """Counts the items and headings of a document, in its order.

    Args:
        roots: of its parts that have styles.
    """

    def __init__(self, roots: list[etree._Element]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._headings: dict[int, _Level] = {}
        for root in roots:
            for style in find_local(root, "list-style"):
                self._levels[attribute(style, "name")] = _read_levels(style)
            for style in find_local(root, "outline-style"):
                self._headings = _read_levels(style)
        self._heading_counts: dict[int, int] = {}
        self._lists: list[tuple[str, int]] = []
        self._counts: dict[str, dict[int, int]] = {}

    def begin_list(self, element: etree._Element) -> None:
        """Begin a list, perhaps within another one."""
        outer = self._lists[-1][0] if self._lists else ""
        style = attribute(element, "style-name") or outer
        level = len(self._lists) + 1
        self._lists.append((style, level))
        goes_on = attribute(element, "continue-numbering") == "true"
        if level == 1 and not goes_on and not attribute(element, "continue-list"):
            self._counts.pop(style, None)

    def end_list(self) -> None:
        """End the list that was begun last."""
        self._lists.pop()

    def item_label(self, item: etree._Element) -> str:
        """Count an item, and give what stands before it."""
        if not self._lists:
            return ""
        style, level = self._lists[-1]
        levels = self._levels.get(style, {})
        counts = self._counts.setdefault(style, {})
        return _counted(levels, counts, level, attribute(item, "start-value"))

    def heading_label(self, level: int, heading: etree._Element) -> str:
        """Count a heading, and give what stands before it."""
        if attribute(heading, "is-list-header") == "true":
            return ""
        start = attribute(heading, "start-value")
        return _counted(self._headings, self._heading_counts, level, start)


def _counted(levels: dict[int, _Level], counts: dict[int, int], level: int, start: str) -> str:
    own = levels.get(level, _Level())
    number = whole_number(start, counts.get(level, own.start - 1) + 1)
    counts[level] = min(max(number, 0), LARGEST)
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    if own.form not in _FORMS:
        return ""
    shown = [
        list_number(counts.get(at, 1), levels.get(at, own).form)
        for at in range(max(level - own.n_shown + 1, 1), level + 1)
        if levels.get(at, own).form in _FORMS
    ]
    return f"{own.before}{'.'.join(shown)}{own.after}".strip()


def _read_levels(style: etree._Element) -> dict[int, _Level]:
    levels = {}
    for one in style:
        if local_name(one) not in ("list-level-style-number", "outline-level-style"):
            continue
        number = min(max(whole_number(attribute(one, "level"), 1), 1), LEVELS)
        levels[number] = _Level(
            attribute(one, "num-format"),
            attribute(one, "num-prefix"),
            attribute(one, "num-suffix"),
            whole_number(attribute(one, "start-value"), 1),
            min(max(whole_number(attribute(one, "display-levels"), 1), 1), LEVELS),
        )
    return levels
