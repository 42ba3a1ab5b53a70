"""What control words of Rich Text Format mean, and in which code pages its bytes are."""

import codecs
import re

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
"""A control word, a byte, a control symbol, a brace, or text."""

CHARACTERS = {
    "tab": " ", "line": " ", "lbr": " ", "softline": " ", "nestcell": " ", "nestrow": " ",
    "column": " ", "emdash": "\u2014", "endash": "\u2013", "emspace": " ", "enspace": " ",
    "qmspace": " ", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
PARAGRAPH_ENDS = frozenset(("par", "sect", "page"))

NOTES = frozenset(("footnote", "annotation", "shptxt"))
"""Texts that belong to a paragraph but are not in it."""
MARGINS = frozenset(("header", "headerl", "headerr", "headerf"))
FOOT_MARGINS = frozenset(("footer", "footerl", "footerr", "footerf"))
SHOWN_ALTHOUGH_STARRED = frozenset(("shpinst", "annotation", "moMath", "moMathPara"))
UNSEEN = frozenset(
    # Pictures, objects, instructions, lists of things, the same again for old programs.
    (
        *("colortbl", "filetbl", "pict", "objdata", "fldinst", "datafield", "formfield"),
        *("shprslt", "nonshppict", "nonesttables", "sp", "sn", "sv", "ud", "xe", "tc", "rxe"),
        *("bkmkstart", "bkmkend", "atnid", "atnauthor", "atnref", "atndate", "atntime"),
        *("atnparent", "atnicn", "atrfstart", "atrfend", "template", "generator", "private"),
        *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "listtable"),
        *("listoverridetable", "rsidtbl", "revtbl", "themedata", "colorschememapping"),
        *("latentstyles", "datastore", "xmlnstbl", "wgrffmtfilter", "mmathPr", "background"),
        *("objclass", "objname", "levelnumbers", "leveltext", "panose", "falt", "nesttableprops"),
        *("mctrlPr", "msSupPr", "msSubPr", "mfPr", "mdPr", "mnaryPr", "mradPr", "maccPr", "mrPr"),
        *("mtype", "mlimLoc", "mchr", "mbegChr", "mendChr", "mgrow", "pn", "pntxta", "pntxtb"),
    )
)

_OF_CHARSET = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 78: "cp932", 79: "cp950", 80: "cp949",
    81: "mac_arabic", 83: "mac_greek", 84: "mac_cyrillic", 85: "cp936", 86: "mac_roman",
    87: "mac_cyrillic", 88: "cp874", 89: "mac_latin2", 128: "cp932", 129: "cp949", 130: "johab",
    134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
    255: "cp850",
}  # fmt: skip
"""Code pages of the character sets of fonts (Rich Text Format 1.9.1, \\fcharset)."""
_OF_PAGE = {10000: "mac_roman", 65001: "utf-8", 936: "gb18030"}
OF_WORD = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
ANSI = "cp1252"


def encoding_of_charset(number: int) -> str:
    """Give the code page of a font's character set; empty for one that says nothing."""
    return _OF_CHARSET.get(number, "")


def encoding_of_page(number: int) -> str:
    """Give the encoding of a code page by its number; that of Windows for one not known."""
    name = _OF_PAGE.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return ANSI
    return name


def is_rich_text(data: bytes) -> bool:
    """Say whether bytes begin as this format does."""
    return data[:1000].lstrip().startswith(b"{\\rtf")
