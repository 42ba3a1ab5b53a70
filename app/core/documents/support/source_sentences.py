"""The sentences of the passages that an answer may rest on, ready to be compared with it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.core.documents.evidence import DocumentPlace, Passage
from app.core.documents.facts.fact_types import FactKind, HardFact
from app.core.documents.facts.fact_words import (
    DIMENSIONS,
    MAGNITUDES,
    NUMBER_WORDS,
    ORDINALS,
    RATES,
    UNITS,
)
from app.core.documents.facts.hard_facts import facts_of
from app.core.documents.search_terms import folded, is_pieced, stem
from app.core.documents.sentences import sentences_of
from app.core.documents.stop_words import STOP_WORDS
from app.core.documents.support.polarity import Clause, clauses_of, is_of_modality
from app.core.documents.support.word_relations import MIN_STEM, PARTICIPLE, is_among, same_as

SAMPLE_CHARACTERS = 4_000
"""How much of a text is looked at to tell its language."""
SURE_SHARE = 6
"""One word tells the language of a text of fewer words than this."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PIECED_RUN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3]+|[^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+"
)
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CHINESE_FILLERS = frozenset(
    "的 了 是 在 和 与 或 为 有 及 其 之 也 都 就 而 该 这 那 は が を に の と で も".split()
)
_IRREGULAR = {
    form: verb
    for verb, forms in {
        "pay": "paid", "keep": "kept", "rise": "rose risen", "fall": "fell fallen", "send": "sent",
        "take": "took taken", "choose": "chose chosen", "write": "wrote written", "buy": "bought",
        "sell": "sold", "hold": "held", "begin": "began begun", "drive": "drove driven",
        "speak": "spoke spoken", "break": "broke broken", "lose": "lost", "win": "won",
        "build": "built", "grow": "grew grown", "lead": "led", "meet": "met", "leave": "left",
        "sign": "signature signatures", "find": "found", "think": "thought", "bring": "brought",
        "teach": "taught", "spend": "spent", "become": "became", "know": "knew known",
        "see": "saw seen", "eat": "ate eaten", "fly": "flew flown", "sit": "sat", "lend": "lent",
        "weigh": "weight weights weighs", "feed": "fed", "run": "ran", "draw": "drew drawn",
        "return": "returned", "deliver": "delivery", "shelf": "shelves", "knife": "knives",
        "half": "halves", "man": "men", "woman": "women", "child": "children", "foot": "feet",
        "tooth": "teeth", "person": "people", "life": "lives", "analysis": "analyses",
        "give": "gave", "catch": "caught", "freeze": "froze frozen", "hide": "hid hidden",
        "shut": "shuts", "steal": "stole stolen", "tear": "tore torn", "wear": "wore worn",
        "throw": "threw thrown", "forget": "forgot forgotten", "forbid": "forbade forbidden",
        "swim": "swam swum", "drink": "drank drunk", "stand": "stood", "understand": "understood",
        "tell": "told", "feel": "felt", "fight": "fought", "seek": "sought", "lay": "laid",
        "hear": "heard", "make": "made", "shoot": "shot", "shrink": "shrank shrunk",
    }.items()
    for form in forms.split()
}  # fmt: skip
"""English words whose stems do not show that they belong together."""
_ASKED_FOR = frozenset("give given gave find list show describe explain".split())
"""Words that say nothing in a question, but something in an answer."""
_LETTERS = frozenset("ABCDEFGH")
"""Letters that name one of several."""
_PAST = frozenset(_IRREGULAR) - frozenset(
    "signature signatures weight weights weighs delivery".split()
)
_FURTHER_STOPS = frozenset("per pro via approximately about circa ca according gemäß laut".split())
_NO_CONTENT = (
    NUMBER_WORDS.keys() | UNITS.keys() | MAGNITUDES.keys() | ORDINALS.keys() | RATES.keys()
) - frozenset("second seconde segundo secondo segunda seconda minute minutes".split())


@dataclass(frozen=True, slots=True)
class Term:
    """A word that says something, as its stem, where it stands in a sentence."""

    stem: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a text says, for comparison.

    Attributes:
        terms: words that say something; facts are not among them.
        facts: numbers, dates, addresses.
        clauses: parts of it.
    """

    text: str
    terms: tuple[Term, ...]
    facts: tuple[HardFact, ...]
    clauses: tuple[Clause, ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(term.stem for term in self.terms)


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence of a passage, or two that are neighbours; offsets are into the passage's text.

    Attributes:
        index: of the sentence among all of them; of the first of two.
        n_sentences: one or two.
        context: stems of what stands around it: headings, the head of its table, its file.
    """

    passage_index: int
    start: int
    end: int
    content: Content
    index: int
    n_sentences: int = 1
    context: frozenset[str] = frozenset()


def is_past(word: str) -> bool:
    """Say whether an English word looks like the past of a verb."""
    plain = folded(word)
    return plain in _PAST or (len(plain) > 4 and plain.endswith("ed"))  # noqa: PLR2004 - "need"


def language_of(text: str) -> str:
    """Tell the language by its words without meaning; empty if hardly any are known."""
    sample = text[:SAMPLE_CHARACTERS]
    n_asian = sum(map(is_pieced, sample))
    if n_asian * 3 > sum(map(str.isalpha, sample)):
        return "ja" if _KANA.search(sample) else "ko" if _HANGUL.search(sample) else "zh"
    counts = Counter(match[0].casefold() for match in _WORD.finditer(sample))
    hits = {
        language: sum(counts[word] for word in words) for language, words in STOP_WORDS.items()
    }
    best = max(hits, key=lambda language: hits[language], default="")
    # A chance word of a table tells nothing.
    is_sure = hits[best] > 1 or hits[best] * SURE_SHARE > counts.total()
    return best if hits[best] and is_sure else ""


def content_of(text: str, language: str) -> Content:
    """Give what a sentence says."""
    facts = facts_of(text)
    taken = [(fact.start, fact.end) for fact in facts]
    terms = tuple(
        term
        for term in _terms(text, language)
        if not any(start < term.end and term.start < end for start, end in taken)
    )
    return Content(text, terms, facts, clauses_of(text, language))


@lru_cache(maxsize=2_000)
def _terms(text: str, language: str) -> tuple[Term, ...]:
    stops = _stops(language)
    found: list[Term] = []
    for match in _WORD.finditer(text):
        for run in _PIECED_RUN.finditer(match[0]):
            start = match.start() + run.start()
            if is_pieced(run[0]):
                found.extend(_pairs(run[0], start))
                continue
            word = _POSSESSIVE.sub("", run[0])
            plain = folded(word)
            if len(word) == 1 and word.islower() and word.isascii():
                continue
            if start and len(word) == 1 and word in _LETTERS:
                # "Group A", "flat B".
                found.append(Term(plain, start, start + 1, word))
                continue
            if plain and not (
                plain in stops
                or (plain in _NO_CONTENT and not _is_span(plain, text[:start]))
                or plain.isdecimal()
                or is_of_modality(plain)
            ):
                plain = _IRREGULAR.get(plain, plain)
                found.append(Term(stem(plain, language), start, start + len(run[0]), word))
    return tuple(found)


_RATE_BEFORE = re.compile(
    r"(?:\b(?:every|each|per|an?|the|jede\w*|pro|im|chaque|par|cada|por|al|ogni|кажд\w+|в|كل)"
    r"|/)\s*$",
    re.IGNORECASE,
)


def _is_span(word: str, before: str) -> bool:
    """Say whether a span of time stands without number: "weeks before"; not "per week"."""
    return DIMENSIONS.get(UNITS.get(word, "")) == "time" and not _RATE_BEFORE.search(before)


def _pairs(run: str, start: int) -> list[Term]:
    """Give pairs of characters of a script without spaces; those of little words say nothing."""
    if len(run) == 1:
        return [] if run in _CHINESE_FILLERS else [Term(run, start, start + 1, run)]
    return [
        Term(run[at : at + 2], start + at, start + at + 2, run[at : at + 2])
        for at in range(len(run) - 1)
        if run[at] not in _CHINESE_FILLERS and run[at + 1] not in _CHINESE_FILLERS
    ]


@lru_cache(maxsize=32)
def _stops(language: str) -> frozenset[str]:
    words = STOP_WORDS.get(language) or frozenset().union(*STOP_WORDS.values())
    return (frozenset(folded(word) for word in words) | _FURTHER_STOPS) - _ASKED_FOR


class SourceText:
    """Everything that the sentences of an answer are compared with."""

    def __init__(self, passages: Sequence[Passage], around: str = "") -> None:
        self.passages = tuple(passages)
        text = "\n".join(passage.text for passage in passages)
        # A table alone does not tell its language.
        self.language = language_of(text) or language_of(around)
        self.sentences: list[SourceSentence] = []
        for index, passage in enumerate(self.passages):
            self._add(index, passage)
        self.pairs = tuple(self._pairs())
        self._frequencies = Counter(
            stem for one in self.sentences for stem in one.content.stems | one.context
        )

        self._alike: dict[str, frozenset[str]] = {}
        self._by_ends: defaultdict[str, list[str]] = defaultdict(list)
        for known in self._frequencies:
            self._by_ends[known[:MIN_STEM]].append(known)
            self._by_ends[f"-{known[-MIN_STEM:]}"].append(known)

    def alike(self, stem: str) -> frozenset[str]:
        """Give the words of the passages that are the same as one, as stems."""
        if stem not in self._alike:
            bare = stem.removeprefix(PARTICIPLE) if self.language == "de" else stem
            near = {
                one
                for form in (stem, bare)
                for end in (form[:MIN_STEM], f"-{form[-MIN_STEM:]}")
                for one in self._by_ends.get(end, ())
            }
            near |= {one for one in same_as(stem, self.language) if one in self._frequencies}
            self._alike[stem] = frozenset(
                one for one in near if is_among(stem, (one,), self.language)
            )
        return self._alike[stem]

    @property
    def candidates(self) -> tuple[SourceSentence, ...]:
        """All sentences, then all pairs of neighbours."""
        return (*self.sentences, *self.pairs)

    def knows(self, stem: str) -> bool:
        """Say whether a word stands anywhere in the passages."""
        return stem in self._frequencies

    def weight(self, stem: str) -> float:
        """Say how much a word tells: more, the fewer sentences have it."""
        n = len(self.sentences) + 1
        return math.log(1 + n / (1 + self._frequencies[stem]))

    def place_of(self, sentence: SourceSentence) -> DocumentPlace:
        """Give where a sentence stands in its document."""
        passage = self.passages[sentence.passage_index]
        return passage.place_of(sentence.start, sentence.end)

    def quote_of(self, sentence: SourceSentence) -> str:
        """Give a sentence word for word."""
        return self.passages[sentence.passage_index].text[sentence.start : sentence.end]

    def _add(self, index: int, passage: Passage) -> None:
        place = passage.place
        around = "\n".join((*place.heading_path, passage.header, place.path.stem, place.label))
        context = frozenset(term.stem for term in _terms(around, self.language))
        for start, end in sentences_of(passage.text):
            text = _with_head(passage.text[start:end], passage.header)
            content = content_of(text, self.language)
            self.sentences.append(
                SourceSentence(index, start, end, content, len(self.sentences), 1, context)
            )

    def _pairs(self) -> list[SourceSentence]:
        found: list[SourceSentence] = []
        for one, other in zip(self.sentences, self.sentences[1:], strict=False):
            if one.passage_index == other.passage_index and _goes_on(one, other, self.language):
                text = f"{one.content.text}\n{other.content.text}"
                content = content_of(text, self.language)
                found.append(replace(one, end=other.end, content=content, n_sentences=2))
        return found


_LEANING = {
    language: frozenset(words.split())
    for language, words in {
        "en": "it its he him his she her they them their this these those such thereof",
        "de": "er sie es ihm ihr ihre ihren ihrer sein seine seinen seiner dies diese dieser"
        " dieses diesen diesem davon dafür dazu dabei deren dessen letztere",
        "fr": "il elle ils elles lui leur leurs son sa ses ce cet cette ces celui-ci",
        "es": "él ella ellos ellas su sus este esta estos estas ese esa esto lo",
        "it": "egli ella esso essa questo questa questi queste suo sua suoi",
        "pt": "ele ela eles elas isso este esta seu sua",
        "nl": "hij zij het deze dit hun",
        "ru": "он она оно они его её ее их им ему ей это этот эта эти этого",
        "pl": "on ona ono oni jego jej ich ten ta to",
        "ar": "هذا هذه ذلك تلك هو هي",
    }.items()
}
"""Words that mean what the sentence before spoke of."""
_LEANING_ASIAN = re.compile("^(?:它|他|她|其|该|這|这|此|それ|これ|その|この|彼)")


def _goes_on(one: SourceSentence, other: SourceSentence, language: str) -> bool:
    """Say whether a sentence leans on the one before it: by a pronoun, or a colon before it."""
    text = other.content.text
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    if one.content.text.rstrip().endswith((":", "：")):
        return True
    return bool(_LEANING.get(language, frozenset()) & set(words)) or bool(
        _LEANING_ASIAN.match(text)
    )


def _with_head(row: str, header: str) -> str:
    """Give the row of a table with the names of its columns: "Item: Rent; Price: 900"."""
    names, cells = header.split(" | "), row.split(" | ")
    if not header or row == header or len(names) != len(cells):
        return row
    return "; ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True))


def mentions_its_place(fact: HardFact, text: str, place: DocumentPlace) -> bool:
    """Say whether a fact of an answer names the file or page that it rests on."""
    if fact.kind is FactKind.FILE:
        return fact.key == place.path.name.casefold()
    before = text[max(0, fact.start - 12) : fact.start]
    if not _PAGE_BEFORE.search(before) and not _PAGE_AFTER.match(text, fact.end):
        return False
    pages = {str(span.page) for span in place.spans} | {place.label}
    return any(str(number) in pages for number in fact.numbers)


_PAGE_BEFORE = re.compile(
    r"(?:pages?|pp?\.|slide|sheet|seite|s\.|folie|página|pagina|стр\.|страниц\w|第)\s*$",
    re.IGNORECASE,
)
_PAGE_AFTER = re.compile(r"\s*[页頁]")
