"""Endings of the names of files that are read, and the version of what reads them.

Loads no library: the window's process looks here, and takes no document apart.
"""

from app.core.documents.text import DocumentKind

READER_VERSION = 5
"""Raised when a reader gives other text for the same bytes: then documents are read again."""

OUTLOOK_ENDING = ".msg"
"""Of letters that Outlook has saved."""
LETTER_ENDINGS = (".eml", OUTLOOK_ENDING)

_BY_SUFFIX = {
    DocumentKind.PDF: (".pdf",),
    DocumentKind.DOCX: (".docx", ".docm", ".dotx", ".dotm"),
    DocumentKind.PPTX: (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
    DocumentKind.XLSX: (".xlsx", ".xlsm", ".xltx"),
    DocumentKind.ODT: (".odt", ".ott", ".odp", ".ods"),
    DocumentKind.EPUB: (".epub",),
    DocumentKind.HTML: (".html", ".htm", ".xhtml"),
    DocumentKind.MARKDOWN: (".md", ".markdown", ".mdown"),
    DocumentKind.TEXT: (".txt", ".text", ".log", ".rst", ".org", ".tex", ".adoc"),
    DocumentKind.CSV: (".csv", ".tsv", ".tab"),
    DocumentKind.RTF: (".rtf",),
    DocumentKind.EMAIL: LETTER_ENDINGS,
}
KIND_OF_SUFFIX = {suffix: kind for kind, ends in _BY_SUFFIX.items() for suffix in ends}
"""By the ending in small letters, with the dot, as in all that follow."""
READABLE_SUFFIXES = frozenset(KIND_OF_SUFFIX)
"""Of files that are read."""

OLD_WORD = "Word 97\u20132003"
OLD_EXCEL = "Excel 97\u20132003"
OLD_POWERPOINT = "PowerPoint 97\u20132003"
OLD_FORMATS = {
    ".doc": OLD_WORD,
    ".dot": OLD_WORD,
    ".xls": OLD_EXCEL,
    ".ppt": OLD_POWERPOINT,
    ".pps": OLD_POWERPOINT,
}
"""Names of formats that are not read."""
KNOWN_SUFFIXES = READABLE_SUFFIXES | frozenset(OLD_FORMATS)
"""Of files that belong into a collection, be it with the reason why they are not read."""
