"""Reads PowerPoint presentations (.pptx)."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.archive import Archive, open_archive
from app.readers.clean_text import raised
from app.readers.formats.office_package import Relation, main_part, relations_of, title_of
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import row_text
from app.readers.formats.xml_parts import (
    attribute,
    child,
    find_local,
    local_name,
    parse_tree,
    whole_number,
)
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions

_TITLES = ("title", "ctrTitle")
_LEFT_OUT = ("dt", "sldNum", "ftr", "hdr", "sldImg")
"""Placeholders that say the same on each slide."""
_LINKED = ("notesSlide", "diagramData", "comments", "chart")
MAX_CHART_ROWS = 200
"""More points are a curve, which nobody reads as figures."""
ROW_EMU = 200_000
"""Shapes whose tops are closer than this (5.5 mm) stand in one row."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a presentation slide by slide, each with its notes; see `app.readers.reading`."""
    with open_archive(path, limits) as archive:
        writer = PageWriter(path, PageUnit.SLIDE, limits, emit_page)
        for number, name in enumerate(_slides(archive)):
            if number:
                writer.next_part()
            root = parse_tree(archive.read(name), path)
            _write_shapes(root, writer)
            _write_linked(archive, relations_of(archive, name), writer)
        return writer.finish(DocumentKind.PPTX, title_of(archive))


def _slides(archive: Archive) -> list[str]:
    """Name the slides in the order in which they are shown."""
    main = main_part(archive, "ppt/presentation.xml")
    targets = {one.relation_id: one.target for one in relations_of(archive, main)}
    names = []
    for one in find_local(parse_tree(archive.read(main), archive.path), "sldId"):
        # It has two attributes of the name "id"; that of the relation has a namespace.
        for key, value in one.items():
            if str(key).endswith("}id") and targets.get(str(value), "") in archive:
                names.append(targets[str(value)])
    return names


def _write_linked(archive: Archive, relations: list[Relation], writer: PageWriter) -> None:
    """Add the notes of a slide, and the text of its diagrams."""
    for relation in relations:
        if relation.target not in archive or relation.kind not in _LINKED:
            continue
        root = parse_tree(archive.read(relation.target), archive.path)
        if relation.kind == "notesSlide":
            _write_shapes(root, writer, has_title=False)
        elif relation.kind == "chart":
            _write_chart(root, writer)
        elif relation.kind == "diagramData":
            for text in _paragraph_texts(root):
                writer.add(BlockKind.LIST_ITEM, text)
        else:
            for one in find_local(root, "text", "t"):
                writer.add(BlockKind.PARAGRAPH, one.text or "")


def _write_shapes(root: etree._Element, writer: PageWriter, *, has_title: bool = True) -> None:
    shapes = [one for one in _shapes_of(root) if _placeholder(one) not in _LEFT_OUT]
    titles = [one for one in shapes if has_title and _placeholder(one) in _TITLES]
    for shape in titles:
        writer.add(BlockKind.HEADING, " ".join(_paragraph_texts(shape)), level=1)
    rest = [one for one in shapes if one not in titles]
    for shape in sorted(rest, key=_place):
        _write_shape(shape, writer)


def _write_shape(shape: etree._Element, writer: PageWriter) -> None:
    table = next(find_local(shape, "tbl"), None)
    if table is not None:
        header = ""
        for row in find_local(table, "tr"):
            cells = [" ".join(_paragraph_texts(one)) for one in find_local(row, "tc")]
            kept = writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            header = header or kept
        return
    texts = _paragraph_texts(shape)
    kind = BlockKind.LIST_ITEM if _is_body(shape) and len(texts) > 1 else BlockKind.PARAGRAPH
    for text in texts:
        writer.add(kind, text)


def _shapes_of(root: etree._Element) -> Iterator[etree._Element]:
    """Give all shapes, those of groups too."""
    for one in find_local(root, "sp", "graphicFrame"):
        if not any(local_name(outer) == "Fallback" for outer in one.iterancestors()):
            yield one


def _placeholder(shape: etree._Element) -> str:
    """Say for what the slide's layout has this shape; empty when it was put there freely."""
    for path in (("nvSpPr", "nvPr", "ph"), ("nvGraphicFramePr", "nvPr", "ph")):
        found = child(shape, *path)
        if found is not None:
            return attribute(found, "type") or "body"
    return ""


def _is_body(shape: etree._Element) -> bool:
    return _placeholder(shape) in ("body", "obj")


def _place(shape: etree._Element) -> tuple[int, int]:
    """Give the row and place in it; those that stand where the layout has them come first."""
    offset = next(find_local(shape, "off"), None)
    if offset is None:
        return -1, 0
    left, top = whole_number(attribute(offset, "x"), 0), whole_number(attribute(offset, "y"), 0)
    for group in shape.iterancestors("{*}grpSp"):
        # Coordinates within a group are its own.
        outer = child(group, "grpSpPr", "xfrm", "off")
        inner = child(group, "grpSpPr", "xfrm", "chOff")
        if outer is not None and inner is not None:
            left += whole_number(attribute(outer, "x"), 0) - whole_number(attribute(inner, "x"), 0)
            top += whole_number(attribute(outer, "y"), 0) - whole_number(attribute(inner, "y"), 0)
    return top // ROW_EMU, left


def _paragraph_texts(element: etree._Element) -> list[str]:
    texts = []
    counts: dict[str, int] = {}
    for paragraph in find_local(element, "p"):
        runs = find_local(paragraph, "t", "br", "tab")
        text = " ".join("".join(map(_run_text, runs)).split())
        label = _number(paragraph, counts)
        if text:
            texts.append(f"{label} {text}" if label else text)
    return texts


def _run_text(run: etree._Element) -> str:
    if local_name(run) != "t":
        return " "
    outer = run.getparent()
    properties = child(outer, "rPr") if outer is not None else None
    is_raised = properties is not None and whole_number(attribute(properties, "baseline"), 0) > 0
    return raised(run.text or "") if is_raised else run.text or ""


def _number(paragraph: etree._Element, counts: dict[str, int]) -> str:
    """Give the number that is shown before a paragraph, and count it; nothing if there is none.

    Args:
        paragraph: of a shape.
        counts: of the paragraphs before it, by level.
    """
    properties = child(paragraph, "pPr")
    level = attribute(properties, "lvl") or "0" if properties is not None else "0"
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    number = child(properties, "buAutoNum") if properties is not None else None
    if number is None:
        counts.pop(level, None)
        return ""
    start = whole_number(attribute(number, "startAt"), 1)
    counts[level] = counts.get(level, start - 1) + 1
    return f"{counts[level]}."


def _write_chart(root: etree._Element, writer: PageWriter) -> None:
    """Add the figures of a chart, a row for each of its categories."""
    for title in find_local(root, "title"):
        for text in _paragraph_texts(title):
            writer.add(BlockKind.PARAGRAPH, text)
    names: list[str] = [""]
    rows: dict[int, list[str]] = {}
    for column, series in enumerate(find_local(root, "ser"), 1):
        names.append(" ".join(_cached(child(series, "tx")).values()))
        categories, values = _cached(child(series, "cat")), _cached(child(series, "val"))
        for at in sorted(values)[:MAX_CHART_ROWS]:
            row = rows.setdefault(at, [categories.get(at, str(at + 1))])
            # Series may lack values that others have.
            row += [""] * (column - len(row)) + [values[at]]
    header = ""
    if any(names):
        header = writer.add(BlockKind.TABLE_ROW, row_text(names))
    for _, cells in sorted(rows.items())[:MAX_CHART_ROWS]:
        writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)


def _cached(element: etree._Element | None) -> dict[int, str]:
    """Give the values that a chart keeps of the sheet it was made from, by their places."""
    found: dict[int, str] = {}
    for value in find_local(element, "v") if element is not None else ():
        point = value.getparent()
        at = whole_number(attribute(point, "idx"), len(found)) if point is not None else 0
        # Of categories with several levels the innermost comes first.
        found.setdefault(at, (value.text or "").strip())
    return found
