"""What the styles of a Word document say about its paragraphs."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from app.core.documents.text import BlockKind
from app.readers.formats.word_numbers import NumberReference
from app.readers.formats.xml_parts import attribute, child, find_local, whole_number

MAX_LEVEL = 9
_BODY_LEVEL = 9
"""`outlineLvl` counts from 0; 9 is text."""
_HEADING = re.compile(r"heading (\d)")
_OFF = ("0", "false", "off", "none")


def is_on(properties: etree._Element, name: str) -> bool:
    """Say whether a property that is on or off is on."""
    found = child(properties, name)
    return found is not None and attribute(found, "val") not in _OFF


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    number: NumberReference
    level: int | None
    is_list: bool


class WordStyles:
    """The paragraph styles of a document.

    Args:
        root: of the part of styles; None if there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {} if root is None else dict(_read(root))

    def kind_of(self, properties: etree._Element | None) -> tuple[BlockKind, int]:
        """Tell what a paragraph is, and the level of a heading.

        Args:
            properties: its `pPr`; None if it has none.
        """
        if properties is None:
            return BlockKind.PARAGRAPH, 0
        style = child(properties, "pStyle")
        styles = self._line_of(attribute(style, "val") if style is not None else "")
        level = _outline_level(properties)
        levels = [level, *(one.level for one in styles)]
        found = next((one for one in levels if one is not None), _BODY_LEVEL)
        if found < _BODY_LEVEL:
            return BlockKind.HEADING, found + 1
        is_list = _is_numbered(properties)
        if is_list or (is_list is None and any(one.is_list for one in styles)):
            return BlockKind.LIST_ITEM, 0
        return BlockKind.PARAGRAPH, 0

    def number_of(
        self, properties: etree._Element | None
    ) -> tuple[NumberReference, tuple[str, ...]]:
        """Tell which list a paragraph is counted in, and the names of its styles."""
        style = child(properties, "pStyle") if properties is not None else None
        styles = self._line_of(attribute(style, "val") if style is not None else "")
        own = NumberReference.of(properties)
        names = tuple(one.name for one in styles)
        if own.list_id:
            return own, names
        found = next((one.number for one in styles if one.number.list_id), NumberReference())
        return (found if own.level is None else replace(found, level=own.level)), names

    def _line_of(self, style_id: str) -> list[_Style]:
        """Give a style and those it is based on, nearest first."""
        line: list[_Style] = []
        while style_id in self._styles and len(line) < MAX_LEVEL:
            line.append(self._styles[style_id])
            style_id = line[-1].based_on
        return line


def _read(root: etree._Element) -> list[tuple[str, _Style]]:
    styles = []
    for one in find_local(root, "style"):
        if attribute(one, "type") not in ("paragraph", ""):
            continue
        name_element, based_on = child(one, "name"), child(one, "basedOn")
        name = attribute(name_element, "val").casefold() if name_element is not None else ""
        properties = child(one, "pPr")
        level = _outline_level(properties) if properties is not None else None
        match = _HEADING.fullmatch(name)
        if level is None and match is not None:
            level = max(int(match[1]) - 1, 0)
        elif name == "title":
            level = 0
        is_list = name.startswith("list") or bool(
            properties is not None and _is_numbered(properties)
        )
        base = attribute(based_on, "val") if based_on is not None else ""
        name_id = attribute(one, "styleId")
        styles.append(
            (name_id, _Style(name_id, base, NumberReference.of(properties), level, is_list))
        )
    return styles


def _outline_level(properties: etree._Element) -> int | None:
    found = child(properties, "outlineLvl")
    level = whole_number(attribute(found, "val"), -1) if found is not None else -1
    return min(level, _BODY_LEVEL) if level >= 0 else None


def _is_numbered(properties: etree._Element) -> bool | None:
    """Say whether a paragraph is an item of a list; None when it does not say itself."""
    number = child(properties, "numPr", "numId")
    return None if number is None else attribute(number, "val") != "0"
