"""Tells the language of a document from a sample of its text."""

import re
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache

MIN_LETTERS = 24
"""Fewer say nothing certain in scripts that many languages share."""
MIN_CONFIDENCE = 0.5
"""Below it, names, numbers and codes are "recognised" as anything."""
SAMPLE_CHARACTERS = 8_000

_ONE_LANGUAGE = {
    "HANGUL": "ko",
    "THAI": "th",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "SINHALA": "si",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "ETHIOPIC": "am",
}
"""Scripts in which practically only one language is written today."""
_OF_SCRIPT = {
    "LATIN": frozenset(
        (
            *("af", "az", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr"),
            *("ga", "gl", "ha", "hr", "hu", "id", "is", "it", "la", "lt", "lv", "ms", "mt", "nl"),
            *("no", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "uz", "vi"),
            *("xh", "yo", "zu"),
        )
    ),
    "CYRILLIC": frozenset(
        ("ba", "be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "tt", "uk")
    ),
    "ARABIC": frozenset(["ar", "fa", "ku", "ps", "ug", "ur"]),
    "DEVANAGARI": frozenset(["hi", "mr", "ne", "sa"]),
    "BENGALI": frozenset(["as", "bn"]),
    "HEBREW": frozenset(["he"]),
}
"""Languages of scripts with many; small ones that big ones are mistaken for are left out."""
_LETTERS_OF = {
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåé",
    "de": "äöüß",
    "es": "áéíñóúü",
    "et": "äõöüšž",
    "fi": "äöåšž",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "is": "áæðéíóöþúý",
    "it": "àèéìíòóù",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "nl": "áéëïíóöüè",
    "no": "æøåéòô",
    "pl": "ąćęłńóśźż",
    "pt": "áâãàçéêíóôõú",
    "ro": "ăâîșțşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sq": "çë",
    "sv": "åäöé",
    "tr": "çğıöşüâî",
    "ca": "àçèéíïòóúü·",
    "en": "éèïçñöü",
}
"""Letters beyond ASCII with which these languages are written (Unicode CLDR, main letters)."""
_ALIKE = {"nn": "no", "nb": "no"}
_LETTERS = re.compile(r"[^\W\d_]")
_LOADING = threading.Lock()


def load() -> None:
    """Load the model, which takes most of a second, before it is needed; from any thread."""
    with _LOADING:
        _ranking()


def language_of(text: str) -> str:
    """Tell the language of a text.

    Args:
        text: of a document, or a sample of it; the first `SAMPLE_CHARACTERS` are looked at.

    Returns:
        ISO 639-1 ("de"), or empty when it cannot be told: too short, or mere numbers and names.
    """
    sample = text[:SAMPLE_CHARACTERS]
    scripts = _scripts_of(sample)
    n_letters = sum(scripts.values())
    if not n_letters:
        return ""
    script, n_of_script = scripts.most_common(1)[0]
    # Japanese is told from Chinese by its own letters, of which every sentence has some.
    n_kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    n_han = scripts["CJK"]
    if n_kana + n_han > n_letters / 2:
        return "ja" if n_kana > n_han / 20 else "zh"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script] if n_of_script >= MIN_LETTERS // 4 else ""
    if script not in _OF_SCRIPT or n_of_script < MIN_LETTERS:
        return ""
    return _ranked_first(sample, _OF_SCRIPT[script])


def letters_of(language: str) -> frozenset[str]:
    """Give the small letters beyond ASCII of a language in Latin letters.

    For one that is not known: none; for none at all (empty): those of all.
    """
    return frozenset(_LETTERS_OF.get(language, "") if language else "".join(_LETTERS_OF.values()))


def _ranked_first(sample: str, allowed: frozenset[str]) -> str:
    scores: defaultdict[str, float] = defaultdict(float)
    load()
    for label, confidence in _ranking()(sample):
        scores[_ALIKE.get(label, label)] += confidence
    known = {label: score for label, score in scores.items() if label in allowed}
    total = sum(known.values())
    best = max(known, key=lambda label: known[label])
    return best if total > 0 and known[best] / total >= MIN_CONFIDENCE else ""


def _scripts_of(sample: str) -> Counter[str]:
    """Count letters by the first word of their Unicode name, which is their script."""
    counts: Counter[str] = Counter()
    for letter, n_times in Counter(_LETTERS.findall(sample)).items():
        counts[unicodedata.name(letter, "").partition(" ")[0]] += n_times
    return counts


@cache
def _ranking() -> Callable[[str], list[tuple[str, float]]]:
    from py3langid.langid import (  # noqa: PLC0415 - numpy, which no first page waits for
        MODEL_FILE,
        LanguageIdentifier,
    )

    rank: Callable[[str], list[tuple[str, float]]] = LanguageIdentifier.from_model_file(
        MODEL_FILE, norm_probs=True
    ).rank
    return rank
