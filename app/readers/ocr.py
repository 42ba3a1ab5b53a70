"""Recognises text in pictures of pages, with the program Tesseract if it is installed.

Tesseract is not shipped: it is large, has a package on every system, and most people need it
never. It runs as a process of its own, is given a picture, and gives words with their places.
"""

import csv
import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.documents.text import Block, BlockKind, Box, PageText, TextSource, WordBox

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


@functools.cache
def tesseract() -> str:
    """Give the program; empty when it is not installed."""
    found = shutil.which("tesseract")
    if found:
        return found
    places = (os.path.expandvars(one) for one in (*_WINDOWS_PLACES, *_MAC_PLACES))
    return next((one for one in places if Path(one).is_file()), "")


@functools.cache
def installed_languages() -> tuple[str, ...]:
    """Give the languages that Tesseract has been given, in its own names."""
    try:
        ran = subprocess.run(
            [tesseract(), "--list-langs"],
            capture_output=True,
            text=True,
            timeout=PAGE_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    lines = ran.stdout.splitlines()[1:]
    return tuple(line.strip() for line in lines if line.strip() not in {"", "osd"})


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
    header = f"P5 {picture.width_px} {picture.height_px} 255\n".encode("ascii")
    command = [tesseract(), "stdin", "stdout", "-l", languages_for(wanted), "--psm", "3", "tsv"]
    try:
        ran = subprocess.run(
            command,
            input=header + picture.pixels,
            capture_output=True,
            timeout=PAGE_LIMIT_S,
            check=False,
            # One page at a time; its own threads slow each other and the user down.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return PageText(number, label, "", (), TextSource.NONE)
    rows = ran.stdout.decode("utf-8", "replace").splitlines()
    return _page_of(rows, number, label, picture.points_per_pixel)


def _page_of(rows: Sequence[str], number: int, label: str, scale: float) -> PageText:
    pieces: list[str] = []
    n_characters = 0
    blocks: list[Block] = []
    words: list[WordBox] = []
    present: tuple[str, str] | None = None
    start = 0
    for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if not text or float(row.get("conf") or -1) < MIN_CONFIDENCE:
            continue
        paragraph = (row["block_num"], row["par_num"])
        if present is not None:
            if paragraph != present:
                blocks.append(Block(BlockKind.PARAGRAPH, start, n_characters))
            pieces.append("\n" if paragraph != present else " ")
            n_characters += 1
        if paragraph != present:
            start, present = n_characters, paragraph
        left, top = float(row["left"]) * scale, float(row["top"]) * scale
        right, bottom = left + float(row["width"]) * scale, top + float(row["height"]) * scale
        box = Box(left, top, right, bottom)
        words.append(WordBox(n_characters, n_characters + len(text), box))
        pieces.append(text)
        n_characters += len(text)
    if present is None:
        return PageText(number, label, "", (), TextSource.NONE)
    blocks.append(Block(BlockKind.PARAGRAPH, start, n_characters))
    return PageText(number, label, "".join(pieces), tuple(blocks), TextSource.OCR, tuple(words))
