"""Tells in which encoding plain text was written."""

import codecs
import locale
import re

from charset_normalizer import from_bytes

from app.readers.language import language_of, letters_of

SAMPLE_BYTES = 1 << 18
"""What is looked at of a file, apart from whether all of it is UTF-8."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encodings with zero bytes: bytes for a character, and which of them is not zero in Latin."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
MAX_CONTROL_SHARE = 0.02
"""Text has next to none; programs and pictures have a quarter."""
MAX_FALSE_SHARE = 0.05
"""Of the characters beyond ASCII, in a text in UTF-8 that was damaged a little."""
_ONE_BYTE = ("cp1252", "cp1250", "cp1254", "cp1257", "cp850", "mac_roman")
"""Code pages of languages in Latin letters, the most used first."""
_OTHERS = (
    # Cyrillic, Greek, Hebrew, Arabic, Thai, Japanese, Chinese, Korean.
    *("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic"),
    *("cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "euc_kr"),
)
"""Encodings of other scripts in which people's files are; rarer ones are guessed too easily."""
_OTHER_NAMES = frozenset(codecs.lookup(name).name for name in _OTHERS)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LATIN_HIGH = re.compile(rb"[\x80\x85\x91-\x97\xa0-\xff]")
_LATIN_SHARE = 0.7
"""Latin text has its letters beyond ASCII one by one; other scripts have whole words of them."""
_PUNCTUATION = frozenset(
    "\u2018\u2019\u201c\u201d\u201e\u201a\u2013\u2014\u2026\u20ac\u2022\u00a0«»§°©®£·¡¿ºª"
)
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_FOREIGN_LETTER = 0.5
_WEIGHT_OF_ORDER = 0.02


def encoding_of(sample: bytes, *, is_cut: bool = False) -> str:
    """Tell the encoding of a text.

    Args:
        sample: its beginning.
        is_cut: it goes on; the last character of the sample may be cut through.

    Returns:
        A name for `codecs`; empty when it is no text.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _wide(sample)
    if b"\x1b$" in sample and _decodes(sample, "iso2022_jp_2", is_cut=is_cut):
        return "iso2022_jp_2"
    if _decodes(sample, "utf-8", is_cut=is_cut) or _is_mostly_utf8(sample):
        return "utf-8" if _looks_like_text(sample.decode("utf-8", "replace")) else ""
    name = _guessed(sample)
    return name if name and _looks_like_text(sample.decode(name, "replace")) else ""


def decode(data: bytes) -> str | None:
    """Give the text of bytes in whatever encoding; None when they are no text."""
    name = encoding_of(data[:SAMPLE_BYTES], is_cut=len(data) > SAMPLE_BYTES)
    if name == "utf-8" and not _decodes(data, "utf-8") and not _is_mostly_utf8(data):
        # Mere ASCII at first.
        name = _guessed(data[-SAMPLE_BYTES:])
    return data.decode(name, "replace") if name else None


def first_that_decodes(data: bytes, *names: str) -> str:
    """Give the first of some encodings in which all of the bytes are text; empty for none.

    Args:
        data: whatever they are.
        names: for `codecs`, of encodings that there are; may be empty.
    """
    return next((name for name in names if name and _decodes(data, name)), "")


def text_of(data: bytes, name: str) -> str:
    """Give bytes as text: by what is said about them if that is true, else by their look.

    Args:
        data: whatever they are.
        name: for `codecs`; may be of no encoding, or empty.
    """
    if name:
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            name = ""
    return decode(data) or data.decode("latin-1")


def whole_characters(text: str) -> str:
    """Put the halves together in which characters beyond 65,535 come."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decodes(data: bytes, name: str, *, is_cut: bool = False) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    n_false = text.count("\ufffd")
    n_beyond = sum(1 for one in text if one > "\x7f")
    return n_beyond > 0 and n_false / n_beyond < MAX_FALSE_SHARE


def _wide(sample: bytes) -> str:
    """Tell which encoding of two or four bytes has zeros where this sample has them."""
    for name, n_bytes, place in _WIDE:
        whole = sample[: len(sample) // n_bytes * n_bytes]
        if not whole or (len(sample) % n_bytes > 1 and len(sample) < SAMPLE_BYTES):
            continue
        text = whole.decode(name, "replace")
        zeros = [whole[at::n_bytes].count(0) for at in range(n_bytes)]
        if "\ufffd" not in text[:-1] and zeros[place] == min(zeros) and _looks_like_text(text):
            return name
    return ""


def _looks_like_text(text: str) -> bool:
    return len(_CONTROLS.findall(text)) <= MAX_CONTROL_SHARE * len(text)


def _guessed(sample: bytes) -> str:
    # What is told by few letters is told by the lines that have them.
    lines = sample.splitlines(keepends=True)
    sample = b"".join(line for line in lines if not line.isascii()) or sample
    runs = _HIGH_RUN.findall(sample)
    n_single = sum(1 for run in runs if _LATIN_HIGH.fullmatch(run))
    if n_single >= _LATIN_SHARE * len(runs):
        return _best_one_byte(sample)
    candidates = [*_ONE_BYTE, *_OTHERS]
    found = from_bytes(sample, steps=10, chunk_size=1024, cp_isolation=candidates).best()
    name = codecs.lookup(found.encoding).name if found is not None else ""
    return name if name in _OTHER_NAMES else _best_one_byte(sample)


def _best_one_byte(sample: bytes) -> str:
    """Choose among code pages that differ in a few letters, by the language they make of it.

    In bytes, č of Prague is è of Paris: the one that fits the words around it is right.
    """
    local = codecs.lookup(locale.getpreferredencoding(do_setlocale=False)).name
    order = list(dict.fromkeys([*([local] if local in _ONE_BYTE else []), *_ONE_BYTE]))
    scores = {
        name: _fitness(sample.decode(name, "replace")) - _WEIGHT_OF_ORDER * place
        for place, name in enumerate(order)
    }
    return max(order, key=lambda name: scores[name])


def _fitness(text: str) -> float:
    """Say how well the characters beyond ASCII fit the language of the text: at most 1."""
    language, all_letters = language_of(text), letters_of("")
    own = letters_of(language) if language else frozenset[str]()
    score, n_beyond = 0.0, 0
    for found in _BEYOND_ASCII.finditer(text):
        one = found[0]
        n_beyond += 1
        before = text[found.start() - 1 : found.start()]
        if one.isupper() and before.islower():
            score -= 1.0
        elif one in _PUNCTUATION or one.lower() in own:
            score += 1.0
        elif one.lower() in all_letters:
            # Another language is quoted, or the language was not told.
            score += _FOREIGN_LETTER
    return score / n_beyond if n_beyond else 1.0
