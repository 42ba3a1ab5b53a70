"""Which parts of a web page are for reading, and which begin on a line of their own."""

import re

from lxml import etree

from app.readers.clean_text import raised
from app.readers.formats.xml_parts import attribute, local_name

_LEFT_OUT = frozenset(
    # What is not shown, or not for reading.
    (
        *("head", "script", "style", "template", "noscript", "svg", "math", "canvas", "iframe"),
        *("object", "embed", "audio", "video", "map", "nav", "select", "option", "datalist"),
        *("button", "input", "textarea", "rt", "rp", "dialog"),
    )
)
_ROLES_LEFT_OUT = frozenset(("navigation", "search", "menu", "menubar", "toolbar", "dialog"))
BLOCKS = frozenset(
    # What begins on a line of its own.
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
        ),
        *(
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
        ),
        *("h4", "h5", "h6", "header", "hr", "legend", "li", "main", "ol", "p", "pre", "section"),
        *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_GUIDING = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navbox|navigation|menu|dropdown|breadcrumbs?|portlet|pagination)"
    r"(?:$|[-_ ])"
)
"""Names that authors give to parts that lead to other pages."""
_APART = re.compile(r"(?:^|[-_ ])(?:editsection|noprint|skip-link|sr-only)(?:$|[-_ ])")
"""Names of parts that are not for reading."""
MIN_LINK_SHARE = 0.6
"""Of the text of a part that leads to other pages."""
_REFERENCE = re.compile(r"\[\w{1,3}\]")
"""A raised mark that leads to a note."""


def _is_of_links(element: etree._Element) -> bool:
    n_all = sum(len(str(text).strip()) for text in element.itertext())
    links = (one for one in element.iter("a", "script", "style"))
    n_links = sum(len(str(text).strip()) for one in links for text in one.itertext())
    return n_links >= MIN_LINK_SHARE * n_all


def is_left_out(element: etree._Element) -> bool:
    """Say whether what is in an element is not for reading."""
    if local_name(element) in _LEFT_OUT:
        return True
    if not element.attrib:
        return False
    style = attribute(element, "style").replace(" ", "").casefold()
    names = f"{attribute(element, 'id')} {attribute(element, 'class')}".casefold()
    return (
        _APART.search(names) is not None
        or (_GUIDING.search(names) is not None and _is_of_links(element))
        or attribute(element, "role") in _ROLES_LEFT_OUT
        or "hidden" in element.attrib
        or "display:none" in style
    )


def raised_text(element: etree._Element) -> str | None:
    """Give what stands raised in an element, as figures that run into no other number.

    Nothing for marks that lead to notes; None if it is no raised text of figures.
    """
    if local_name(element) != "sup":
        return None
    text = "".join(str(piece) for piece in element.itertext()).strip()
    if _REFERENCE.fullmatch(text):
        return ""
    found = raised(text)
    return found if found != text else None
