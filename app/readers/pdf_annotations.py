"""What stands on a PDF page besides its own text: filled fields of forms, and comments."""

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from app.core.documents.text import Box
from app.readers.clean_text import clean
from app.readers.pdf_space import PageSpace

MAX_ANNOTATIONS = 500
"""Of a page; more are no form that anybody filled in."""
LONGEST_COMMENT = 4_000
"""Characters; a longer one is a document of its own."""
LONGEST_NAME = 200
"""Characters; a longer one says nothing, either."""
MAX_LABELS = 2_000
"""Pieces of a page's text among which the one is looked for that says what a field is for."""
LABEL_GAP = 200
"""Points between a field and what stands before it on its line, at most."""
_COMMENTS = frozenset(
    (
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_FREETEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_SQUARE,
        raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_CARET,
        raw.FPDF_ANNOT_STAMP,
    )
)
"""Kinds in which people write something."""
_SECRET = 1 << 13
"""Flag of fields for passwords (PDF 32000-1, table 228)."""
_BUTTONS = (raw.FPDF_FORMFIELD_RADIOBUTTON, raw.FPDF_FORMFIELD_CHECKBOX)
_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_MADE_BY_PROGRAM = re.compile(
    r".*[\[\]#]|\W*(?:text|field|undefined|untitled|check ?box|group|f|c)?[\d_. ]*", re.IGNORECASE
)
"""Names of fields that say nothing: "Text12", "topmostSubform[0].Page1[0].f1_02[0]"."""
_NOT_CHOSEN = ("Off", "")


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text that is not drawn with the page, and where it stands, as the page is shown."""

    text: str
    box: Box


def annotations_of(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, labels: Iterable[PlacedText]
) -> Iterator[PlacedText]:
    """Give what was filled into the forms of a page ("Name: Ada"), and the comments on it.

    Args:
        document: with its forms begun, if it has some.
        page: of it.
        labels: pieces of the page's text, one of which may say what a field is for.
    """
    n_annotations = min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)
    if n_annotations <= 0:
        return
    space, labels = PageSpace.of(page), list(islice(labels, MAX_LABELS))
    for number in range(n_annotations):
        annotation = raw.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            box = _box_of(annotation, space)
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            text = ""
            if kind == raw.FPDF_ANNOT_WIDGET and document.formenv is not None:
                text = _field(document.formenv.raw, annotation, box, labels)
            elif kind in _COMMENTS:
                text = _comment(annotation)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if text:
            yield PlacedText(text, box)


def _box_of(annotation: object, space: PageSpace) -> Box:
    found = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, found)
    left, right = sorted((found.left, found.right))
    bottom, top = sorted((found.bottom, found.top))
    return space.box(left, bottom, right, top)


def _comment(annotation: object) -> str:
    def get(buffer: object, n_bytes: int) -> int:
        return int(raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, n_bytes))

    return _text_from(get)[:LONGEST_COMMENT]


def _field(form: object, annotation: object, box: Box, labels: Sequence[PlacedText]) -> str:
    def get(
        function: Callable[[object, object, object, int], int],
    ) -> Callable[[object, int], int]:
        return lambda buffer, n_bytes: int(function(form, annotation, buffer, n_bytes))

    if raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _SECRET and (
        raw.FPDFAnnot_GetFormFieldType(form, annotation) == raw.FPDF_FORMFIELD_TEXTFIELD
    ):
        return ""
    value = _text_from(get(raw.FPDFAnnot_GetFormFieldValue))[:LONGEST_COMMENT]
    if value in _NOT_CHOSEN or _is_other_button(form, annotation):
        return ""
    name = _text_from(get(raw.FPDFAnnot_GetFormFieldAlternateName))
    name = name or _text_from(get(raw.FPDFAnnot_GetFormFieldName))
    if len(name) > LONGEST_NAME or _MADE_BY_PROGRAM.fullmatch(name):
        name = _label_of(box, labels)
    name = name.rstrip(" :_.")
    return f"{name}: {value}" if name else value


def _is_other_button(form: object, annotation: object) -> bool:
    """Say whether a field is a button of a group of which another one is chosen."""
    return (
        raw.FPDFAnnot_GetFormFieldType(form, annotation) in _BUTTONS
        and raw.FPDFAnnot_GetFormControlCount(form, annotation) > 1
        and not raw.FPDFAnnot_IsChecked(form, annotation)
    )


def _label_of(box: Box, labels: Sequence[PlacedText]) -> str:
    """Give the text that stands before a field on its line, or else right above it."""
    best, nearest = "", float(LABEL_GAP)
    middle = (box.top + box.bottom) / 2
    height = box.bottom - box.top
    for label in labels:
        place = label.box
        if place.top <= middle <= place.bottom and place.right <= box.left + height:
            gap = box.left - place.right
        elif (
            -height / 2 <= box.top - place.bottom <= height
            and place.left < box.right
            and box.left < place.right
        ):
            gap = LABEL_GAP / 2 + box.top - place.bottom
        else:
            continue
        if gap < nearest:
            best, nearest = label.text, gap
    return best


def _text_from(get: Callable[[object, int], int]) -> str:
    """Read a text through one of pdfium's functions, which first says how long it is."""
    n_bytes = get(None, 0)
    if n_bytes <= 2:  # noqa: PLR2004 - the ending zero alone
        return ""
    buffer = (ctypes.c_ushort * (n_bytes // 2))()
    get(buffer, n_bytes)
    return clean(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0"))
