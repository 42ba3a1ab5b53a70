"""Turns text into the terms that it is found by, in every script.

Words are folded (case, width, marks) and reduced to their stems by the rules of their language;
scripts without spaces, and Korean with its endings, become pieces of two characters.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Protocol, cast

import snowballstemmer

from app.core.documents.stop_words import ASIAN_STOP_PHRASES, STOP_WORDS

TERMS_VERSION = 2
"""Raised when the same text gives other terms, so that what was indexed is indexed again."""
LONGEST_TERM = 40

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_BY_SCRIPT = {
    "latin": frozenset(
        ("ca cs da de en es et eu fi fr ga hu id it lt nl no pl pt ro sv tr").split()
    ),
    "cyrillic": frozenset(["ru", "sr"]),
    "arabic": frozenset(["ar", "fa"]),
    "greek": frozenset(["el"]),
    "devanagari": frozenset(["hi", "ne"]),
    "armenian": frozenset(["hy"]),
    "tamil": frozenset(["ta"]),
}
_DEFAULTS = {
    "latin": "en",
    "cyrillic": "ru",
    "arabic": "ar",
    "greek": "el",
    "devanagari": "hi",
    "armenian": "hy",
    "tamil": "ta",
}
"""Whose rules are taken for words of a script that is not that of the document's language."""
COMPOUNDING = frozenset(["de", "nl", "sv", "da", "no", "fi", "hu", "et"])
"""Languages that write compounds as one word, parts of which are asked for."""
FEW_STOP_WORDS = 2
"""Words without meaning from which a question's language can be told."""
SHORTEST_COMPOUND = 9
SHORTEST_PART = 4
"""Letters of a word that may be a part of a compound."""
PIECE_LENGTH = 5

_MARKS = "".join(
    chr(code)
    for first, last in ((0x300, 0x1FFF), (0x302A, 0x309A), (0xA600, 0xABFF), (0xFE20, 0xFE2F))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_PIECED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:([.,'\u2019\u00a0\u202f])\d{3})(?:\1\d{3})*(?!\d)")
"""Numbers with their thousands apart; "1.345" may also be a decimal, which does no harm."""
_RUN = re.compile(rf"(?P<pieced>[{_PIECED}]+)|(?P<word>(?:(?![{_PIECED}])(?:[^\W_]|[{_MARKS}]))+)")
_HAS_CODE = re.compile(r"\d|@")
_CODE = re.compile(r"(?<![^\W_])[^\W_]+(?:[-./:@+_][^\W_]+)+")
_SECTION = re.compile(r"§+\s?(\d+\w?)\b")
_TELEPHONE = re.compile(r"(?<![\w.,/-])[+(]?\d(?:[ \u00a0()/.-]{0,2}\d){6,16}(?![\w/])")
_IBAN_BEGIN = re.compile(r"\b[a-z]{2}\d{2}\s")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: [a-z0-9]{4}){3,7}(?: [a-z0-9]{1,3})?\b")
_DATE = re.compile(r"\d{1,2}·\d{1,2}(?:·\d{2,4})?|\d{4}·\d{1,2}(?:·\d{1,2})?|\d{1,2}·\d{4}")
"""A day, a time or a fraction: in a question it may be meant however it is written."""
SHORTEST_TELEPHONE, LONGEST_TELEPHONE = 7, 15
_ARABIC_TRIM = re.compile("[\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ARABIC_PREFIX = re.compile("^(?:[وف]?[بكل]?ال|[وف]?لل)(?=.{3})")
"""Conjunctions and prepositions are written together with the article and its noun."""
_ARABIC_LETTERS = str.maketrans("أإآٱىئؤةکی", "ااااييوهكي")
_DEVANAGARI_MARKS = str.maketrans({"\u0901": "\u0902", "\u093c": None})
"""Signs that are often left out or taken for each other: candrabindu and nukta."""
_HEBREW_MARKS = re.compile("[\u0591-\u05c7]")
_HEBREW_ENDING = re.compile("(?<=..)(?:ים|ות|יות|ייה|ית|ה|ת|י)$")
_HEBREW_PREFIX = re.compile("^[ושהבלכמ]{1,3}(?=.{3})")
_HEBREW_FINALS = str.maketrans("םןץףך", "מנצפכ")
_PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take for others with a mark, but people type without."""


def terms_of(text: str, language: str = "") -> list[str]:
    """Give the terms of a document's text, in order, with repetitions.

    Args:
        text: of any length and script.
        language: ISO 639-1 of the document; empty when it is not known.
    """
    terms: list[str] = []
    plain = folded(text)
    for run, is_pieced in _runs(plain):
        if is_pieced:
            terms.extend(_pairs(run))
        else:
            terms.append(stem(run, language))
    return terms + _codes(plain)


def codes_of(text: str) -> list[str]:
    """Give the numbers and codes of a text that are written with signs, each as one term.

    "INV-2024-0117" is "inv20240117", "§ 5" is "§5", "J45.0" is "j450", "3.2.1" is "3·2·1", an
    e-mail address its letters, a telephone number its last digits however it is grouped.
    """
    return _codes(folded(text))


def _codes(plain: str) -> list[str]:
    """Give the codes of a folded text; most words have no figure and are passed over quickly."""
    words = plain.split()
    suspects = [" " if word.isalpha() or not _HAS_CODE.search(word) else word for word in words]
    if not any(map(str.strip, suspects)):
        return []
    narrow = " ".join(suspects)
    codes = []
    for match in _CODE.finditer(narrow):
        parts = re.findall(r"[^\W_]+", match[0])
        is_number = all(part.isdecimal() for part in parts)
        if "@" in match[0] or any(map(str.isdigit, match[0])):
            codes.append(("·" if is_number else "").join(parts))
            # "INV 2024-0117" is asked for, too.
            numbers = [part for part in parts if part.isdecimal()]
            if not is_number and len(numbers) > 1:
                codes.append("·".join(numbers))
    if "§" in plain:
        codes += ["§" + match[1] for match in _SECTION.finditer(plain)]
    for match in _TELEPHONE.finditer(narrow):
        digits = re.sub(r"\D", "", match[0])
        if SHORTEST_TELEPHONE <= len(digits) <= LONGEST_TELEPHONE:
            codes.append("☎" + digits[-SHORTEST_TELEPHONE:])
    if _IBAN_BEGIN.search(narrow):
        codes += ["".join(match[0].split()) for match in _IBAN.finditer(plain)]
    return [code[:LONGEST_TERM] for code in codes]


def compound_pieces_of(text: str, language: str) -> list[str]:
    """Give pieces of five letters of the long words of languages that write compounds as one."""
    if language not in COMPOUNDING:
        return []
    return [
        piece
        for run, is_pieced in _runs(folded(text))
        if not is_pieced and len(run) >= SHORTEST_COMPOUND
        for piece in pieces_of(run)
    ]


@lru_cache(maxsize=50_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """Give all runs of five letters of a word; none of a word with figures in it."""
    plain = _unmarked(word)
    if not plain.isalpha():
        return ()
    return tuple(
        plain[start : start + PIECE_LENGTH] for start in range(len(plain) - PIECE_LENGTH + 1)
    )


def question_words(question: str, language: str = "") -> list[str]:
    """Give the words of a question that say what it is after: folded, in order, each once.

    Runs of scripts without spaces are given as pieces of two characters. If nothing but words
    without meaning is left, those are given.

    Args:
        question: as typed.
        language: ISO 639-1, when it is known; its words without meaning are left out.
    """
    everything = list(_question_runs(question, frozenset(), drops_phrases=False))
    stops = _stop_words(language) if language else _all_stops([run for run, _ in everything])
    kept = list(_question_runs(question, stops, drops_phrases=True))
    words: list[str] = []
    for run, is_pieced in kept or everything:
        words.extend(_pairs(run) if is_pieced else [run])
    words += [code for code in codes_of(question) if not _DATE.fullmatch(code)]
    return list(dict.fromkeys(words))


def is_of_other_language(question: str, languages: Collection[str]) -> bool:
    """Say whether a question is plainly in a language that none of the documents is in.

    Args:
        question: as typed; of few words, or of names only, it cannot be told.
        languages: ISO 639-1 of the documents; unknown ones ("") do not count.
    """
    known = [one for one in languages if one]
    runs = list(_runs(folded(question)))
    if not known or not runs:
        return False
    scripts = {_script_of(run) if not pieced else "pieced" for run, pieced in runs}
    of_documents = {script for one in known for script in _scripts_of(one)}
    if scripts.isdisjoint(of_documents) and "" not in scripts | of_documents:
        return not all(run.isdecimal() for run, _ in runs)
    words = [run for run, _ in runs]
    counts = {one: sum(word in _stop_words(one) for word in words) for one in STOP_WORDS}
    most = max(counts.values())
    return most >= FEW_STOP_WORDS and 2 * max(counts.get(one, most) for one in known) < most


def _scripts_of(language: str) -> frozenset[str]:
    """Give the scripts of a language; "" among them if they are not told apart here."""
    found = {script for script, spoken in _BY_SCRIPT.items() if language in spoken}
    if language in _PIECED_LANGUAGES:
        found.add("pieced")
    if language in _LATIN_WITHOUT_RULES:
        found.add("latin")
    if language == "he":
        found.add("hebrew")
    if language in _CYRILLIC_WITHOUT_RULES:
        found.add("cyrillic")
    return frozenset(found or {""})


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "") -> str:
    """Give the stem of a folded word by the rules of its language, without marks."""
    if any(letter.isdigit() for letter in word):
        return _unmarked(word)[:LONGEST_TERM]
    script = _script_of(word)
    if script == "arabic":
        word = _ARABIC_PREFIX.sub("", _ARABIC_TRIM.sub("", word))
    of_script = _BY_SCRIPT.get(script, frozenset())
    spoken = language if language in of_script else _fallback(script, language)
    if spoken:
        word = _stemmer(spoken).stemWord(word) or word
    if script == "arabic":
        word = word.translate(_ARABIC_LETTERS)
    elif script == "hebrew":
        word = _hebrew_stem(word)
    return (_unmarked(word) or word)[:LONGEST_TERM]


def _hebrew_stem(word: str) -> str:
    """Leave out endings of number and gender, and the letters that are written before words.

    The same letters may belong to the word, but go from all its forms alike.
    """
    word = _HEBREW_MARKS.sub("", word)
    word = _HEBREW_ENDING.sub("", word).translate(_HEBREW_FINALS)
    return _HEBREW_PREFIX.sub("", word)


def stems_of(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give the stems that a word of a question may have in documents of these languages."""
    return tuple(dict.fromkeys(stem(word, language) for language in languages or ("",)))


def is_pieced(text: str) -> bool:
    """Say whether a text is of a script that is searched by pieces of two characters."""
    return re.match(f"[{_PIECED}]", text) is not None


def folded(text: str) -> str:
    """Give a text without the differences that do not matter in search, but with its marks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
        text = text.translate(_digits())
    text = text.casefold() if not text.isascii() else text.lower()
    return _GROUPED.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0])


def _runs(plain: str) -> Iterator[tuple[str, bool]]:
    """Give the words of a folded text, and whether each is of a script without spaces."""
    for match in _RUN.finditer(plain):
        yield match[0], match["pieced"] is not None


def _question_runs(
    question: str, stops: frozenset[str], *, drops_phrases: bool
) -> Iterator[tuple[str, bool]]:
    for run, pieced in _runs(folded(question)):
        if not pieced:
            if run not in stops:
                yield run, False
            continue
        parts = _stop_phrases().sub(" ", run).split() if drops_phrases else [run]
        yield from ((part, True) for part in parts)


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[start : start + 2] for start in range(len(run) - 1)]


def _script_of(word: str) -> str:
    """Tell the script of a word by its first letter."""
    first = word[0]
    if first < "\u0250" or "\u1e00" <= first <= "\u1eff":
        return "latin"
    for last, script in (
        ("\u036f", "latin"), ("\u03ff", "greek"), ("\u052f", "cyrillic"), ("\u058f", "armenian"),
        ("\u05ff", "hebrew"), ("\u077f", "arabic"), ("\u08ff", ""), ("\u097f", "devanagari"),
        ("\u0b7f", ""), ("\u0bff", "tamil"),
    ):  # fmt: skip
        if first <= last:
            return script
    return "greek" if "\u1f00" <= first <= "\u1fff" else ""


def _fallback(script: str, language: str) -> str:
    """Give whose rules serve for a word; none if its language is known but has no rules here."""
    has_no_rules = bool(language) and language not in _ALGORITHMS
    is_own_script = script == "latin" and language in _LATIN_WITHOUT_RULES
    if has_no_rules and (
        is_own_script or (script == "cyrillic" and language in _CYRILLIC_WITHOUT_RULES)
    ):
        return "ru" if script == "cyrillic" else ""
    return _DEFAULTS.get(script, "")


_CYRILLIC_WITHOUT_RULES = frozenset(("uk bg").split())
_PIECED_LANGUAGES = frozenset(("zh ja ko th lo my km").split())
_LATIN_WITHOUT_RULES = frozenset(("af cy eo gl hr is la lv ms mt sk sl sq sw tl vi").split())


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - snowballstemmer's name


@cache
def _stemmer(language: str) -> _Stemmer:
    return cast("_Stemmer", snowballstemmer.stemmer(_ALGORITHMS[language]))


@lru_cache(maxsize=100_000)
def _unmarked(word: str) -> str:
    """Leave accents, vowel signs and the like out, where words are known without them."""
    if word.isascii():
        return word
    script = _script_of(word)
    if script == "devanagari":
        return word.translate(_DEVANAGARI_MARKS)
    if script not in ("latin", "greek", "cyrillic", "arabic"):
        return word
    plain = unicodedata.normalize("NFD", word.translate(_PLAIN_LETTERS))
    return "".join(one for one in plain if unicodedata.category(one) != "Mn")


@cache
def _digits() -> dict[int, str]:
    """Give the figures of all scripts as 0 to 9."""
    return {
        code: str(unicodedata.digit(chr(code)))
        for code in range(0x660, 0x1FBFA)
        if unicodedata.category(chr(code)) == "Nd"
    }


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(folded(word) for word in STOP_WORDS.get(language, frozenset()))


def _all_stops(words: list[str]) -> frozenset[str]:
    """Give the words without meaning of the language that most words of a question are of."""
    counts = {
        language: sum(word in _stop_words(language) for word in words) for language in STOP_WORDS
    }
    best = max(counts.values(), default=0)
    spoken = [language for language, count in counts.items() if count == best > 0]
    return frozenset().union(*(_stop_words(language) for language in spoken))


@cache
def _stop_phrases() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, ASIAN_STOP_PHRASES)))
