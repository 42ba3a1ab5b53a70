"""PDF documents made in code: text where a test wants it, pictures of text, bombs."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from app.core.document_events import PagePicture
from app.core.documents.text import Box, PageText
from app.readers import pdf
from app.readers.reading import ReadingLimits, ReadingOptions

A4 = (595, 842)
DARK = 128


@dataclass(frozen=True)
class Text:
    """A line of text: from its lower left corner, in points."""

    left: float
    bottom: float
    text: str
    size: float = 11
    font: str = "F1"


def write_pdf(path: Path, pages: Sequence[Sequence[Text]], title: str = "") -> Path:
    """Write a document of these pages with the fonts that every reader of PDF has."""
    contents = [b"".join(map(_operators, page)) for page in pages]
    return write_raw_pdf(path, contents, title)


def _operators(line: Text) -> bytes:
    escaped = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    encoded = escaped.encode("cp1252")
    head = f"BT /{line.font} {line.size} Tf {line.left} {line.bottom} Td (".encode("ascii")
    return head + encoded + b") Tj ET\n"


def write_raw_pdf(
    path: Path, contents: Sequence[bytes], title: str = "", resources: bytes = b""
) -> Path:
    """Write a document of these streams of drawing operators."""
    n_pages = len(contents)
    fonts = b"/Font << /F1 3 0 R /F2 4 0 R >> " + resources
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (n_pages, b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(n_pages))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % title.encode("latin-1"),
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << %s >> >>" % (*A4, 7 + 2 * number, fonts)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    path.write_bytes(assembled(objects))
    return path


def write_glyphs(path: Path, lines: Sequence[tuple[float, float, str]]) -> Path:
    """Write a page of lines in any script: glyphs from left to right, as programs draw them.

    Args:
        path: of the document.
        lines: from where, and the glyphs; `[...]` is one glyph that stands for several letters.
    """
    names: dict[str, int] = {}
    content = b""
    for left, bottom, text in lines:
        glyphs = [found[1] or found[2] for found in re.finditer(r"\[(.+?)\]|(.)", text)]
        codes = b"".join(b"%04x" % names.setdefault(one, len(names) + 1) for one in glyphs)
        content += b"BT /H 12 Tf %g %g Td <%s> Tj ET\n" % (left, bottom, codes)
    letters = b"".join(
        b"<%04x> <%s>\n" % (code, name.encode("utf-16-be").hex().encode())
        for name, code in names.items()
    )
    meaning = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def"
        b" /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange"
        b" %d beginbfchar\n%sendbfchar endcmap end end" % (len(names), letters)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /H 6 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< >>",
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H"
            b" /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>"
        ),
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arial /DW 600"
            b" /FontDescriptor 9 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(meaning), meaning),
        (
            b"<< /Type /FontDescriptor /FontName /Arial /Flags 4 /FontBBox [0 -200 1000 900]"
            b" /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>"
        ),
    ]
    path.write_bytes(assembled(objects))
    return path


def write_annotated(path: Path, content: bytes, annotations: Sequence[bytes]) -> Path:
    """Write a page with annotations, the fields of its form among them."""
    first = 7
    references = b" ".join(b"%d 0 R" % (first + at) for at in range(len(annotations)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /DR << /Font << /F1 4 0 R >>"
        b" >> /DA (/F1 11 Tf 0 g) >> >>" % references,
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Annots [%s]"
        b" /Resources << /Font << /F1 4 0 R >> >> >>" % references,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *(b"<< /Type /Annot /P 3 0 R " + one + b" >>" for one in annotations),
    ]
    path.write_bytes(assembled(objects))
    return path


def assembled(objects: Sequence[bytes], size: int = 0, more: bytes = b"/Info 5 0 R") -> bytes:
    """Put objects together to a document; the first of them is its catalogue.

    Args:
        objects: in the order of their numbers.
        size: how many there are said to be; 0 for the truth.
        more: of the trailer; `%d` stands for where the table of objects is.
    """
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    more = more.replace(b"%d", str(start).encode())
    out += b"trailer << /Size %d /Root 1 0 R %s >>\n" % (size or len(objects) + 1, more)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def write_bomb(path: Path, n_bytes: int) -> Path:
    """Write a document of one page whose small stream unpacks to so many bytes of operators."""
    packer = zlib.compressobj(9)
    piece = b"0 0 m 1 1 l S\n" * 70_000
    packed = b"".join(packer.compress(piece) for _ in range(n_bytes // len(piece)))
    packed += packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< >>",
    ]
    path.write_bytes(assembled(objects))
    return path


def write_doubling_bomb(path: Path, depth: int) -> Path:
    """Write a document of one page with a drawing that draws another one twice, and so on."""
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] "
    deeper = b"/Resources << /XObject << /A %d 0 R >> >> "
    twice = form + deeper + b"/Length 11 >>\nstream\n/A Do /A Do\nendstream"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page + deeper % 5 + b">>",
        b"<< /Length 5 >>\nstream\n/A Do\nendstream",
        *(twice % number for number in range(6, 6 + depth)),
        form + b"/Length 13 >>\nstream\n0 0 m 9 9 l S\nendstream",
    ]
    path.write_bytes(assembled(objects))
    return path


def write_page_bomb(path: Path, n_pages: int) -> Path:
    """Write a document that names one empty page so many times."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (n_pages, b"3 0 R " * n_pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    path.write_bytes(assembled(objects))
    return path


def write_scan(path: Path, source: Path, annotations: Sequence[bytes] = ()) -> Path:
    """Write a document whose one page is a picture of the first page of another.

    Args:
        path: of the document.
        source: the other one.
        annotations: on the page: comments.
    """
    import pypdfium2  # noqa: PLC0415 - only few tests need it

    with pypdfium2.PdfDocument(source) as document:
        bitmap = document[0].render(scale=200 / 72, grayscale=True)
        width, height = bitmap.width, bitmap.height
        stride, data = bitmap.stride, bytes(bitmap.buffer)
        rows = b"".join(data[n * stride : n * stride + width] for n in range(height))
    packed = zlib.compress(rows)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (width, height, len(packed), packed)
    )
    content = b"q %d 0 0 %d 0 0 cm /P Do Q" % A4
    annots = b" ".join(b"<< /Type /Annot " + one + b" >>" for one in annotations)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Annots [%s] /Resources << /XObject << /P 6 0 R >> >> >>" % (*A4, annots),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< >>",
        image,
    ]
    path.write_bytes(assembled(objects))
    return path


def turned_and_cut(path: Path, turned: int, visible: tuple[float, float, float, float]) -> Path:
    """Give a copy of a document whose first page is shown turned, and only in part."""
    with pypdfium2.PdfDocument(path) as document:
        document[0].set_rotation(turned)
        document[0].set_cropbox(*visible)
        copy = path.with_name(f"turned-{turned}.pdf")
        document.save(copy)
    return copy


def pages_of(path: Path) -> list[PageText]:
    """Read a document; text in pictures is not recognised."""
    pages: list[PageText] = []
    pdf.read(path, ReadingLimits(), ReadingOptions(reads_scans=False), pages.append)
    return pages


def texts_of(page: PageText) -> list[str]:
    """Give the texts of a page's blocks."""
    return [page.text[one.start : one.end] for one in page.blocks]


def share_of_ink(picture: PagePicture, box: Box) -> float:
    """Give how much of the ink in a box's surroundings is in it."""
    pixels = picture.pixels

    def n_dark(margin: int) -> int:
        rows = range(max(0, int(box.top) - margin), int(box.bottom) + margin + 1)
        columns = range(max(0, int(box.left) - margin), int(box.right) + margin + 1)
        return sum(
            pixels[3 * (row * picture.width_px + column)] < DARK
            for row in rows
            for column in columns
            if row < picture.height_px and column < picture.width_px
        )

    return n_dark(1) / max(n_dark(8), 1)
