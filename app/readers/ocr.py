"""Recognises text in pictures of pages, with the program Tesseract if it is installed.

Tesseract is not shipped: it is large, has a package on every system, and most people need it
never. It runs as a process of its own, is given a picture, and gives words with their places.
"""

import csv
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.documents.text import Block, BlockKind, Box, PageText, TextSource, WordBox
from app.readers.clean_text import clean

DOTS_PER_INCH = 300
"""What Tesseract is trained for."""
PAGE_LIMIT_S = 60
MIN_CONFIDENCE = 30
"""Of 100; below it, marks and dirt are taken for letters."""
MAX_LANGUAGES = 3
"""Each further one makes recognition slower and less sure."""
_CODES = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb",
    "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor",
    "lt": "lit", "lv": "lav", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "th": "tha", "tr": "tur",
    "uk": "ukr", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip
"""Names of languages (ISO 639-1) in Tesseract, which uses ISO 639-2."""
SCRIPT_FINDER = "osd"
"""Stands among the languages; finds the script of a text."""
_SCRIPTS = {
    "Arabic": ("ar", "fa"), "Cyrillic": ("ru", "uk", "bg", "sr"), "Devanagari": ("hi",),
    "Greek": ("el",), "Han": ("zh",), "Hangul": ("ko",), "Hebrew": ("he",),
    "Japanese": ("ja",), "Korean": ("ko",), "Thai": ("th",),
}  # fmt: skip
"""Scripts by the names that Tesseract has for them."""
_OF_OTHER_SCRIPTS = {_CODES[one] for languages in _SCRIPTS.values() for one in languages}
_WINDOWS_PLACES = (
    r"%ProgramFiles%\Tesseract-OCR\tesseract.exe",
    r"%LOCALAPPDATA%\Programs\Tesseract-OCR\tesseract.exe",
)
"""Where its installer for Windows puts it, without making it known to other programs."""
_MAC_PLACES = ("/opt/homebrew/bin/tesseract", "/usr/local/bin/tesseract")
"""Programs started from the Dock do not look there by themselves."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in shades of grey, one byte a pixel, rows without gaps.

    Attributes:
        points_per_pixel: size of a pixel on the page.
    """

    width_px: int
    height_px: int
    pixels: bytes
    points_per_pixel: float


def tesseract() -> str:
    """Give the program; empty when it is not installed.

    Looked for every time, since it may be installed while documents are read.
    """
    found = shutil.which("tesseract")
    if found:
        return found
    places = (os.path.expandvars(one) for one in (*_WINDOWS_PLACES, *_MAC_PLACES))
    return next((one for one in places if Path(one).is_file()), "")


@functools.cache
def _installed() -> tuple[str, ...]:
    lines = _ran("--list-langs").splitlines()[1:]
    return tuple(line.strip() for line in lines if line.strip())


def installed_languages() -> tuple[str, ...]:
    """Give the languages that Tesseract has been given, in its own names."""
    return tuple(one for one in _installed() if one != SCRIPT_FINDER)


def script_of(picture: Picture) -> str:
    """Give the script of a picture's text, as Tesseract calls it; empty if that is not known.

    Asked only where it can change anything: when there are languages of several scripts.
    """
    if SCRIPT_FINDER not in _installed() or not set(installed_languages()) & _OF_OTHER_SCRIPTS:
        return ""
    found = _ran("stdin", "stdout", "-l", SCRIPT_FINDER, "--psm", "0", picture=picture)
    return next(
        (line.split(":")[1].strip() for line in found.splitlines() if line.startswith("Script:")),
        "",
    )


def languages_of_script(script: str) -> tuple[str, ...]:
    """Give the languages written in a script, ISO 639-1; none for Latin, which says nothing."""
    return _SCRIPTS.get(script, ())


def languages_for(wanted: Sequence[str]) -> str:
    """Give the languages to look for, as Tesseract wants them: "deu+eng".

    Args:
        wanted: ISO 639-1, most likely first; English comes last, as names and terms are in it.
    """
    installed = installed_languages()
    codes = [_CODES.get(one, "") for one in (*wanted, "en")]
    chosen = [one for one in dict.fromkeys(codes) if one in installed]
    return "+".join(chosen[:MAX_LANGUAGES] or installed[:1])


def recognise(picture: Picture, number: int, label: str, wanted: Sequence[str]) -> PageText:
    """Give the text of a picture as that of page `number`; without text if there is none.

    Args:
        picture: of the page.
        number: of the page.
        label: of the page.
        wanted: languages, ISO 639-1, most likely first.
    """
    languages = languages_for(wanted)
    found = _ran("stdin", "stdout", "-l", languages, "--psm", "3", "tsv", picture=picture)
    return _page_of(found.splitlines(), number, label, picture.points_per_pixel)


def _ran(*arguments: str, picture: Picture | None = None) -> str:
    """Give what Tesseract says; nothing if it cannot be run, or takes too long."""
    given = b""
    if picture is not None:
        header = f"P5 {picture.width_px} {picture.height_px} 255\n".encode("ascii")
        given = header + picture.pixels
    try:
        ran = subprocess.run(
            [tesseract(), *arguments],
            input=given,
            capture_output=True,
            timeout=PAGE_LIMIT_S,
            check=False,
            # One page at a time; its own threads slow each other and the user down.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box
    paragraph: tuple[str, str]
    line: str


def _words(rows: Sequence[str], scale: float) -> Iterator[_Word]:
    for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
        text = clean(row.get("text") or "")
        if not text or float(row.get("conf") or -1) < MIN_CONFIDENCE:
            continue
        left, top = float(row["left"]) * scale, float(row["top"]) * scale
        right, bottom = left + float(row["width"]) * scale, top + float(row["height"]) * scale
        paragraph = (row["block_num"], row["par_num"])
        yield _Word(text, Box(left, top, right, bottom), paragraph, row["line_num"])


def _page_of(rows: Sequence[str], number: int, label: str, scale: float) -> PageText:
    pieces: list[str] = []
    blocks: list[Block] = []
    boxes: list[WordBox] = []
    n = start = 0
    before: _Word | None = None
    for word in _words(rows, scale):
        if before is not None and word.paragraph != before.paragraph:
            blocks.append(Block(BlockKind.PARAGRAPH, start, n))
            pieces.append("\n")
            n = start = n + 1
        elif before is not None and _is_broken(before, word):
            pieces[-1] = pieces[-1][:-1]
            n -= 1
            boxes[-1] = replace(boxes[-1], end=n)
        elif before is not None:
            pieces.append(" ")
            n += 1
        boxes.append(WordBox(n, n + len(word.text), word.box))
        pieces.append(word.text)
        n += len(word.text)
        before = word
    if before is None:
        return PageText(number, label, "", (), TextSource.NONE)
    blocks.append(Block(BlockKind.PARAGRAPH, start, n))
    text = "".join(pieces)
    return PageText(number, label, text, tuple(blocks), TextSource.OCR, tuple(boxes))


def _is_broken(one: _Word, other: _Word) -> bool:
    """Say whether two pieces are one word, broken at the end of a line."""
    is_next_line = one.line != other.line
    has_hyphen = len(one.text) > 1 and one.text[-1] in "-\u2010" and one.text[-2].isalpha()
    return is_next_line and has_hyphen and other.text[0].islower()
