"""Reads electronic books (EPUB)."""

import posixpath
import re
from pathlib import Path

from lxml import etree

from app.core.documents.text import DocumentFacts, DocumentKind, PageUnit
from app.core.errors import ErrorCode, WorldError
from app.readers.archive import Archive, open_archive
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.web_page import MAX_BYTES
from app.readers.formats.web_tree import page_title, parse_web_page, write_blocks
from app.readers.formats.xml_parts import all_text, attribute, find_local, local_name, parse_tree
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged, refusal

_PAGES = ("application/xhtml+xml", "text/html", "application/xml", "text/xml")
_ESCAPED = re.compile("(?:%[0-9a-fA-F]{2})+")
_FONT_SCRAMBLING = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a book chapter by chapter, in its order; see `app.readers.reading`."""
    with open_archive(path, limits) as archive:
        _check_open(archive)
        package_name = _package_name(archive)
        package = parse_tree(archive.read(package_name), path)
        chapters = _chapters(package, package_name, archive)
        labels = _labels(package, package_name, archive)
        writer = PageWriter(path, PageUnit.CHAPTER, limits, emit_page)
        for number, name in enumerate(chapters):
            if number:
                writer.next_part(keeps_empty=False)
            _read_chapter(archive, name, labels.get(name, ""), writer)
        title = next((one.text or "" for one in find_local(package, "title")), "")
        return writer.finish(DocumentKind.EPUB, title)


def _check_open(archive: Archive) -> None:
    """See that the book's text is not encrypted; fonts often are, and do not matter."""
    data = archive.read_if_there("META-INF/encryption.xml")
    if not data:
        return
    for method in find_local(parse_tree(data, archive.path), "EncryptionMethod"):
        if attribute(method, "Algorithm").encode() not in _FONT_SCRAMBLING:
            raise refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, archive.path)


def _package_name(archive: Archive) -> str:
    container = parse_tree(archive.read("META-INF/container.xml"), archive.path)
    for one in find_local(container, "rootfile"):
        name = attribute(one, "full-path")
        if name in archive:
            return name
    raise damaged(archive.path, "no package")


def _chapters(package: etree._Element, package_name: str, archive: Archive) -> list[str]:
    """Name the pages of the book in reading order, those that are in it."""
    items = {attribute(one, "id"): one for one in find_local(package, "item")}
    names = []
    for reference in find_local(package, "itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or attribute(item, "media-type") not in _PAGES:
            continue
        name = _resolved(package_name, attribute(item, "href"))
        if name in archive and "nav" not in attribute(item, "properties").split():
            names.append(name)
    return list(dict.fromkeys(names))


def _resolved(base: str, link: str) -> str:
    link = _ESCAPED.sub(_unescaped, link.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), link))


def _unescaped(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")


def _labels(package: etree._Element, package_name: str, archive: Archive) -> dict[str, str]:
    """Give the titles of the table of contents by the page that each leads to."""
    labels: dict[str, str] = {}
    for item in find_local(package, "item"):
        is_contents = "nav" in attribute(item, "properties").split()
        if not is_contents and attribute(item, "media-type") != "application/x-dtbncx+xml":
            continue
        name = _resolved(package_name, attribute(item, "href"))
        # A table of contents that is damaged keeps nobody from reading the book.
        try:
            root = parse_tree(archive.read(name), archive.path)
        except WorldError:
            continue
        for link, label in _entries(root):
            labels.setdefault(_resolved(name, link), " ".join(label.split()))
    return labels


def _entries(root: etree._Element) -> list[tuple[str, str]]:
    entries = []
    for one in find_local(root, "a", "navPoint"):
        if local_name(one) == "a":
            entries.append((attribute(one, "href"), all_text(one)))
            continue
        content = next(find_local(one, "content"), None)
        label = next(find_local(one, "text"), None)
        if content is not None and label is not None:
            entries.append((attribute(content, "src"), all_text(label)))
    return [(link, label) for link, label in entries if link]


def _read_chapter(archive: Archive, name: str, label: str, writer: PageWriter) -> None:
    data = archive.read(name)
    if len(data) > MAX_BYTES:
        raise refusal(ErrorCode.DOCUMENT_TOO_LARGE, archive.path, needed_bytes=len(data))
    root = parse_web_page(data, archive.path) if data.strip() else None
    if root is None:
        return
    writer.label_part(label)
    heading = next((all_text(one) for one in root.iter("h1", "h2")), "")
    writer.label_part(heading or page_title(root))
    write_blocks(root, writer)
