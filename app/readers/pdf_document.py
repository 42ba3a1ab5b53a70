"""Opens PDF documents, with an error of ours for each that cannot be."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from app.core.errors import ErrorCode, Facts, WorldError


@contextlib.contextmanager
def opened_pdf(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """Open a document and close it afterwards.

    Raises:
        WorldError: DOCUMENT_NEEDS_PASSWORD, DOCUMENT_MISSING, DOCUMENT_UNREADABLE or
            DOCUMENT_DAMAGED.
    """
    facts = Facts(path.name, str(path))
    try:
        # pdfium says the same of a file that is not there and of one that is no PDF.
        with path.open("rb"):
            pass
        document = pypdfium2.PdfDocument(path)
    except FileNotFoundError as error:
        raise WorldError(ErrorCode.DOCUMENT_MISSING, facts) from error
    except OSError as error:
        facts = Facts(path.name, str(path), error.strerror or "")
        raise WorldError(ErrorCode.DOCUMENT_UNREADABLE, facts) from error
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        code = ErrorCode.DOCUMENT_NEEDS_PASSWORD if is_locked else ErrorCode.DOCUMENT_DAMAGED
        raise WorldError(code, facts, str(error)) from error
    try:
        if not len(document):
            raise WorldError(ErrorCode.DOCUMENT_DAMAGED, facts, "no pages")
        if document.get_formtype():
            # Else what was filled in is neither read nor drawn.
            document.init_forms()
        yield document
    finally:
        document.close()


def label_of(document: pypdfium2.PdfDocument, number: int) -> str:
    """Give how the document names a page; empty when that is its number."""
    label = str(document.get_page_label(number - 1) or "").strip()
    return "" if label == str(number) else label[:40]
