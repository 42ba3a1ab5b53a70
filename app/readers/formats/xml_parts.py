"""Reads XML that may be hostile: nothing outside it is fetched, nothing in it multiplies."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from lxml import etree

from app.readers.refusals import damaged, too_complex

MAX_TREE_ELEMENTS = 1_000_000
"""Elements of a part that is held as a whole: about 200 MB."""
MAX_DIGITS = 15
MAX_STREAM_ELEMENTS = 3_000_000
"""Elements of a part that is read bit by bit; the largest sheets have a million rows."""


def parse_tree(data: bytes, path: Path) -> etree._Element:
    """Parse a part as a whole.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_TOO_COMPLEX.
    """
    if data.count(b"<") > 2 * MAX_TREE_ELEMENTS:
        raise too_complex(path, "elements")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.parse(BytesIO(data), parser).getroot()
    except (etree.LxmlError, ValueError) as error:
        raise damaged(path, f"XML: {type(error).__name__}") from error


def stream_elements(
    stream: IO[bytes],
    path: Path,
    names: tuple[str, ...],
    max_elements: int = MAX_STREAM_ELEMENTS,
) -> Iterator[etree._Element]:
    """Give each element of some names when it has ended; what lies behind is forgotten.

    An element is given before the ones around it. It is emptied afterwards, unless one around
    it is to come, too.

    Args:
        stream: the part.
        path: of the document.
        names: in whatever namespace.
        max_elements: how many are given at most.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_TOO_COMPLEX.
    """
    elements = etree.iterparse(
        stream,
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    n_elements = 0
    try:
        for _, element in elements:
            n_elements += 1
            if n_elements > max_elements:
                raise too_complex(path, "elements")
            yield element
            if not any(local_name(one) in names for one in element.iterancestors()):
                _forget(element)
    except (etree.LxmlError, ValueError) as error:
        raise damaged(path, f"XML: {type(error).__name__}") from error


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local_name(element: etree._Element) -> str:
    """Give an element's name without its namespace; empty for comments and entities."""
    # Comments and entities have a function there; the stubs do not say so.
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find_local(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Give all elements below of these names in whatever namespace, in their order."""
    return element.iter(*(f"{{*}}{name}" for name in names))


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """Give what is reached by going down by these names, the first of each; None if nothing."""
    found: etree._Element | None = element
    for name in names:
        if found is None:
            return None
        found = next(found.iterchildren(f"{{*}}{name}"), None)
    return found


def attribute(element: etree._Element, name: str) -> str:
    """Give an attribute by its name in whatever namespace; empty when it is not there."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def whole_number(text: str, otherwise: int) -> int:
    """Give the number that an attribute says; another when it says none, or one beyond all use."""
    digits = text.removeprefix("-")
    is_number = digits.isdecimal() and len(digits) <= MAX_DIGITS
    return int(text) if is_number else otherwise


def all_text(element: etree._Element) -> str:
    """Give all text below an element, joined."""
    return "".join(str(text) for text in element.itertext())
