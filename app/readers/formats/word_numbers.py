"""The numbers that Word puts before paragraphs: they stand in no run, but people ask for them."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from app.readers.formats.list_numbers import list_number
from app.readers.formats.xml_parts import attribute, child, find_local, whole_number

LEVELS = 9
LARGEST = 100_000
"""Numbers beyond are damage."""
_FORMS = {"upperRoman": "I", "lowerRoman": "i", "upperLetter": "A", "lowerLetter": "a"}
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class NumberReference:
    """What a paragraph, or a style, says about its number.

    Attributes:
        list_id: of the list it belongs to; empty when nothing is said, "0" for none.
        level: from 0; None when the style decides.
    """

    list_id: str = ""
    level: int | None = None

    @classmethod
    def of(cls, properties: etree._Element | None) -> "NumberReference":
        """Give that of a paragraph's or style's `pPr`."""
        numbers = child(properties, "numPr") if properties is not None else None
        if numbers is None:
            return cls()
        list_id, level = child(numbers, "numId"), child(numbers, "ilvl")
        return cls(
            attribute(list_id, "val") if list_id is not None else "",
            _number(level, 0) if level is not None else None,
        )


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    pattern: str = ""
    style: str = ""
    is_decimal: bool = False


@dataclass(slots=True)
class _List:
    """Levels of a list, and how far it has been counted; lists of one model share this."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class WordNumbers:
    """Counts the numbered paragraphs of a document, in its order.

    Args:
        root: of the part of numbering; None if there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def label(self, reference: NumberReference, styles: tuple[str, ...] = ()) -> str:
        """Count a paragraph, and give what stands before it; nothing for a mere mark.

        Args:
            reference: of the paragraph, or of its style.
            styles: names of its style and those that it is based on.
        """
        found = self._lists.get(reference.list_id)
        if found is None:
            return ""
        level = reference.level
        if level is None:
            level = next((at for at, one in found.levels.items() if one.style in styles), 0)
        starts = self._starts.pop(reference.list_id, {})
        for at, start in starts.items():
            found.counts.pop(at, None)
            found.levels[at] = replace(found.levels.get(at, _Level()), start=start)
        return self._counted(found, level)

    def _counted(self, found: _List, level: int) -> str:
        own = found.levels.get(level)
        if own is None:
            return ""
        found.counts[level] = min(found.counts.get(level, own.start - 1) + 1, LARGEST)
        for deeper in [at for at in found.counts if at > level]:
            del found.counts[deeper]
        if own.number_format in ("bullet", "none"):
            return ""

        def shown(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            one = found.levels.get(at, _Level())
            count = found.counts.setdefault(at, one.start) if at < level else found.counts[level]
            return _shown(count, "decimal" if own.is_decimal else one.number_format)

        return _PLACE.sub(shown, own.pattern).strip()

    def _read(self, root: etree._Element) -> None:
        models: dict[str, _List] = {}
        linked: dict[str, str] = {}
        for one in find_local(root, "abstractNum"):
            model_id = attribute(one, "abstractNumId")
            levels = {
                _number_of(level, "ilvl"): _read_level(level) for level in find_local(one, "lvl")
            }
            models[model_id] = _List(levels)
            style, link = child(one, "styleLink"), child(one, "numStyleLink")
            if style is not None:
                linked[attribute(style, "val")] = model_id
            if link is not None and not levels:
                linked[f"for {model_id}"] = attribute(link, "val")
        for one in find_local(root, "num"):
            model = child(one, "abstractNumId")
            model_id = attribute(model, "val") if model is not None else ""
            model_id = linked.get(linked.get(f"for {model_id}", ""), model_id)
            if model_id in models:
                list_id = attribute(one, "numId")
                self._lists[list_id] = models[model_id]
                self._starts[list_id] = _overridden_starts(one)


def _overridden_starts(element: etree._Element) -> dict[int, int]:
    starts = {}
    for one in find_local(element, "lvlOverride"):
        start = child(one, "startOverride")
        if start is not None:
            starts[_number_of(one, "ilvl")] = _number(start, 1)
    return starts


def _read_level(level: etree._Element) -> _Level:
    start, number_format = child(level, "start"), child(level, "numFmt")
    pattern, style = child(level, "lvlText"), child(level, "pStyle")
    return _Level(
        _number(start, 1) if start is not None else 0,
        attribute(number_format, "val") if number_format is not None else "decimal",
        attribute(pattern, "val") if pattern is not None else "",
        attribute(style, "val") if style is not None else "",
        child(level, "isLgl") is not None,
    )


def _number(element: etree._Element, otherwise: int) -> int:
    return min(max(whole_number(attribute(element, "val"), otherwise), 0), LARGEST)


def _number_of(element: etree._Element, name: str) -> int:
    return min(max(whole_number(attribute(element, name), 0), 0), LEVELS)


def _shown(count: int, number_format: str) -> str:
    """Give a number as a list shows it; forms that are not known show figures."""
    if number_format == "none":
        return ""
    if number_format == "decimalZero":
        return f"{count:02}"
    return list_number(count, _FORMS.get(number_format, "1"))
