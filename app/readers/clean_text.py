"""Brings text of documents into the one form in which it is kept, searched and shown."""

import re
import unicodedata

_JOINER_SCRIPTS = "\u0600-\u0dff\u0e80-\u109f\u1780-\u18af\ua840-\uabff"
"""Arabic, Syriac, Indic, Lao, Tibetan, Myanmar, Khmer, Mongolian: joiners change the word."""
_EMOJI = "\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
_JOINERS = re.compile(f"(?<![{_JOINER_SCRIPTS}{_EMOJI}])[\u200c\u200d]+|[\u200c\u200d]+(?!\\S)")

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no white space
    "\u00ad"  # soft hyphen: where a word may be broken, not part of it
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # fillers: letters that show nothing
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction: would show other than is read
    "\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff"  # no width
    "\ufff9-\ufffb\ufffe\uffff"  # annotation marks, no characters
    "\ud800-\udfff"  # halves of characters
    "\U000e0000-\U000e0fff"  # tags and further variations: can carry a hidden text
    "]+"
)
_ASCII_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f]+")


_FIGURES = "0123456789+-\u2212"
_SUPERSCRIPTS = str.maketrans(
    _FIGURES,
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207b",
)


def raised(text: str) -> str:
    """Give figures that stand raised in a form that is not taken for more figures of a number."""
    is_number = any(map(str.isdigit, text)) and not text.strip(" " + _FIGURES)
    return text.translate(_SUPERSCRIPTS) if is_number else text


def is_seen(character: str) -> bool:
    """Say whether a character shows anything or is white space."""
    return _INVISIBLE.match(character) is None


def clean(text: str) -> str:
    """Give text with one space between words and nothing in it that is not seen.

    Composed characters (NFC); without controls, soft hyphens, marks of direction and of no
    width. Joiners stay where the script needs them. Cleaning twice changes nothing.
    """
    if text.isascii():
        return " ".join(_ASCII_CONTROLS.sub("", text).split())
    text = _INVISIBLE.sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub("", text)
    # Last: what was left out can have parted a letter from its accent.
    return " ".join(unicodedata.normalize("NFC", text).split())
