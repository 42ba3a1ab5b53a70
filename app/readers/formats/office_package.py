"""What Word, PowerPoint and Excel documents have in common (Office Open XML)."""

import posixpath
import re
from dataclasses import dataclass

from app.core.errors import WorldError
from app.readers.archive import Archive
from app.readers.formats.xml_parts import attribute, find_local, parse_tree

_TYPE = re.compile(r"\.([A-Za-z]+)(?:\.macroEnabled)?(?:\.(main))?\+xml$")


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another."""

    relation_id: str
    kind: str
    target: str


def parts_of(archive: Archive, kind: str) -> list[str]:
    """Name the parts of a kind, as the document lists them.

    Args:
        archive: the document.
        kind: last word of their content type: "footnotes", "header", "styles".
    """
    root = parse_tree(archive.read("[Content_Types].xml"), archive.path)
    found = []
    for override in find_local(root, "Override"):
        match = _TYPE.search(attribute(override, "ContentType"))
        if match is not None and match[1] == kind:
            name = attribute(override, "PartName").lstrip("/")
            if name in archive:
                found.append(name)
    return found


def main_part(archive: Archive, usual: str) -> str:
    """Name the part with which the document begins.

    Args:
        archive: the document.
        usual: its usual name, for documents that do not say.
    """
    for relation in relations_of(archive, ""):
        if relation.kind == "officeDocument" and relation.target in archive:
            return relation.target
    return usual


def relations_of(archive: Archive, part: str) -> list[Relation]:
    """Give the links of a part to others within the document.

    Args:
        archive: the document.
        part: name of the part; empty for the document as a whole.
    """
    folder, name = posixpath.split(part)
    data = archive.read_if_there(posixpath.join(folder, "_rels", f"{name}.rels"))
    if not data:
        return []
    relations = []
    for one in find_local(parse_tree(data, archive.path), "Relationship"):
        if attribute(one, "TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, attribute(one, "Target")))
        kind = attribute(one, "Type").rpartition("/")[2]
        relations.append(Relation(attribute(one, "Id"), kind, target.lstrip("/")))
    return relations


def title_of(archive: Archive) -> str:
    """Give the title that the document has in its properties, or nothing."""
    # Properties that are damaged keep nobody from reading the document.
    try:
        data = archive.read_if_there("docProps/core.xml")
        root = parse_tree(data, archive.path) if data else None
    except WorldError:
        return ""
    if root is None:
        return ""
    return next((one.text or "" for one in find_local(root, "title")), "")
