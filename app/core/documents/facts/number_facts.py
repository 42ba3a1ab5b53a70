"""Numbers in sentences, with their units, in figures and in words of several languages."""

import re
from collections.abc import Iterator
from decimal import Decimal

from app.core.documents.facts.fact_types import ORDINAL, FactKind, HardFact
from app.core.documents.facts.fact_words import (
    MAGNITUDES,
    NUMBER_WORDS,
    ONE_WORDS,
    ORDINALS,
    RATES,
    UNITS,
)
from app.core.documents.facts.written_numbers import chinese_number, values_of

LETTER = r"[^\W\d_]"
"""One letter of any script, as a pattern."""


def alternatives(words: object) -> str:
    """Give words as alternatives of a pattern, the longest first."""
    found = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(map(re.escape, found))


_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,)])[-−+])?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
)
_CURRENCY_BEFORE = re.compile(r"(€|\$|£|¥|₽|\bEUR|\bUSD|\bGBP|\bCHF|\bRMB|\bCNY)\s?$")
_MAGNITUDE_AFTER = re.compile(
    rf"[\s\u00a0-]?(?P<word>{alternatives(MAGNITUDES)})\b\.?|(?P<wide>[万萬亿億千])", re.IGNORECASE
)
_UNIT_AFTER = re.compile(
    r"(?:\s?[-–]\s?|[\s\u00a0\u202f(]*)"
    r"(?P<wide>个月|個月|か月|ヶ月|カ月|小时|小時|時間|分钟|分鐘|星期|週間|日間|平方米|美元"
    r"|[年周週天日秒円元次])|(?:\s?[-–]\s?|[\s\u00a0\u202f(]*)(?P<unit>[%％٪€$£¥₽㎡]"
    rf"|°[CF]\b|{LETTER}+[²2]?)"
)
_NUMBER_WORD = re.compile(
    r"(?<![\w-])(?=[^\W\d_])"
    rf"(?P<word>{alternatives({*NUMBER_WORDS, *ONE_WORDS, *ORDINALS})})(?!\w)",
    re.IGNORECASE,
)
_THING_AFTER = re.compile(
    r"\s+(?!(?:and|or|to|of|in|on|at|by|for|from|per|a|an|the|is|are|was|were|as|than|with|until"
    r"|und|oder"
    r"|bis|zu|von|im|am|pro|ist|sind|war|et|ou|à|de|du|par|est|sont|y|o|e|a|en|al|por|es|son|di"
    r"|da|il"
    r"|è|и|или|до|с|на|в|по)\b)[^\W\d_]{2,}"
)
"""What is counted, if it is no unit: "two trees"."""
_ONE_THING = re.compile(
    r"\s+(?!(?:of|should|can|may|must|another|who|that|way|has|is|needs)\b)[a-z]{3,}"
)
_NEEDS_UNIT = frozenset(["due", "sei"])
"""Numbers of one language that are other words in another."""
_ONCE = re.compile(
    r"\bonce(?=\s+(?:a|an|per|every|each|before|after|daily|weekly|monthly|yearly|only|more|in)\b"
    r"|\s*[.,;]|\s*$)|\b(?:einmal|однажды|مرة واحدة)(?!\w)",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\b(?:half an?|an? half|(?:ein|eine|einen|einer) halbe[nrs]?|une demi-?|un demi-?|media|medio"
    r"|mezz['’]|mezzo|mezza|полчаса|пол)\s*",
    re.IGNORECASE,
)
_CHINESE_PERCENT = re.compile(r"百分之(?P<digits>\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)")
_CHINESE_NUMBER = re.compile(
    r"(?P<digits>[一二两兩三四五六七八九十百千万萬亿億]+)"
    r"(?=个月|個月|か月|ヶ月|カ月|小时|小時|時間|分钟|分鐘|星期|平方米|美元|[年周週天日秒円元次名人岁歳歲页層层票个個条本张件份台辆间室号楼倍位项月])"
)


def is_article(fact: HardFact) -> bool:
    """Say whether a number is only the article of a unit: "a month"."""
    return fact.kind is FactKind.NUMBER and fact.surface.split()[0].casefold() in ONE_WORDS


_FIRST_TWO = {
    Decimal(number): frozenset(words.split())
    for number, words in {
        1: "first erste ersten erster erstes premier première primer primero primera primo prima"
        " primeiro primeira eerste первый первого первая первое первой الأول",
        2: "second zweite zweiten zweiter zweites deuxième segundo segunda secondo seconda tweede"
        " второй второго вторая второе الثاني",
    }.items()
}
"""Ordinals that are no facts as words: they are said of much that is not counted."""


def is_bare_one(fact: HardFact) -> bool:
    """Say whether a number is "one" of something that is no unit."""
    return fact.surface.casefold() == "one" and not fact.unit


def has_one_of(text: str, after: str) -> bool:
    """Say whether a text has one of what a word "one" stands before."""
    thing = re.match(r"\s*(\w+)", after)
    if thing is None:
        return False
    begin = re.escape(thing[1][:4])
    return (
        re.search(rf"\b(?:an?|one|1|single)\s+(?:[\w-]+\s+)?{begin}", text, re.IGNORECASE)
        is not None
    )


def counts_as(fact: HardFact, text: str) -> bool:
    """Say whether "1st" or "2nd" stands in a text as a word."""
    words = {word for word, _ in words_at(text)}
    return any(not words.isdisjoint(_FIRST_TWO.get(number, ())) for number in fact.numbers)


def rates_of(text: str) -> frozenset[str]:
    """Give how often something is, as units: "monthly", "per quarter", "每月"."""
    words = {RATES[word] for word, _ in words_at(text) if word in RATES}
    found = {
        UNITS.get(match[1].casefold(), "")
        for match in _RATE.finditer(text)
        # "Par M. Blin" is no rate, "€/m" is one.
        if (len(match[1]) > 1 or not match[1].isascii() or "/" in match[0])
        # "Im Jahr 2027" is once.
        and not _YEAR_AFTER.match(text, match.end())
    }
    return frozenset((words | found) - {""})


_RATE = re.compile(
    r"(?:(?<!half )\b(?:a|an|per|each|every|pro|im|je|jede[nrs]?|par|chaque|por|cada|al|ogni|в"
    r"|каждый|каждую|cada)\s+"
    r"|(?<=[\w\d€$£])\s?/\s?|[每])([^\W\d_]+?)(?:\b|(?<=[月年周天日]))",
    re.IGNORECASE,
)


def words_at(text: str) -> Iterator[tuple[str, int]]:
    """Give the folded words of a text without figures, and where they begin."""
    for match in _PLAIN_WORD.finditer(text):
        yield match[0].casefold(), match.start()


_YEAR_AFTER = re.compile(r"\s+\d{4}")
_PLAIN_WORD = re.compile(r"[^\W\d_]+|[月年周天]")


def number_facts(text: str) -> Iterator[HardFact]:
    """Give the numbers of a text, with their units; they may overlap, the surer come first."""
    yield from _halves_and_shares(text)
    for match in _NUMBER.finditer(text):
        values = values_of(match["digits"])
        if match["sign"] in ("-", "−"):
            values = frozenset(-value for value in values)
        yield _number(text, match.start(), match.end(), values)
    for match in _NUMBER_WORD.finditer(text):
        if (fact := _of_word(text, match)) is not None:
            yield fact
    for match in _CHINESE_NUMBER.finditer(text):
        values = frozenset([Decimal(chinese_number(match["digits"]))])
        yield _number(text, match.start(), match.end(), values)


def _halves_and_shares(text: str) -> Iterator[HardFact]:
    """Give "half an hour", "once a week", and shares in Chinese."""
    for match in _HALF.finditer(text):
        fact = _number(text, match.start(), match.end(), frozenset([Decimal("0.5")]))
        if fact.unit:
            yield fact
    for match in _ONCE.finditer(text):
        yield HardFact(FactKind.NUMBER, *match.span(), match[0], frozenset([Decimal(1)]))
    for match in _CHINESE_PERCENT.finditer(text):
        digits = match["digits"]
        share = Decimal(digits if digits[0].isdecimal() else chinese_number(digits))
        yield HardFact(
            FactKind.NUMBER, *match.span(), match[0], frozenset([share]), unit="percent"
        )


def _of_word(text: str, match: re.Match[str]) -> HardFact | None:
    word = match["word"].casefold()
    if word in ORDINALS:
        values = frozenset([Decimal(ORDINALS[word])])
        return HardFact(FactKind.NUMBER, *match.span(), match[0], values, unit=ORDINAL)
    value = NUMBER_WORDS.get(word, 1)
    fact = _number(text, match.start(), match.end(), frozenset([Decimal(value)]))
    # "A second space" takes no time.
    if word == "one" and not fact.unit and _ONE_THING.match(text, match.end()):
        return fact
    is_counted = bool(fact.unit) and not (fact.unit == "second" and word in ("a", "the"))
    return fact if (word in NUMBER_WORDS and word not in _NEEDS_UNIT) or is_counted else None


def _number(text: str, start: int, end: int, values: frozenset[Decimal]) -> HardFact:
    magnitude = _MAGNITUDE_AFTER.match(text, end)
    if magnitude is not None:
        factor = MAGNITUDES.get((magnitude["word"] or magnitude["wide"]).casefold(), 1)
        values, end = frozenset(value * factor for value in values), magnitude.end()
    unit, unit_end = "", end
    ordinal = _ORDINAL_AFTER.match(text, end)
    if ordinal is not None:
        return HardFact(
            FactKind.NUMBER,
            start,
            ordinal.end(),
            text[start : ordinal.end()],
            values,
            unit=ORDINAL,
        )
    after = _UNIT_AFTER.match(text, end)
    if after is not None:
        unit = UNITS.get((after["wide"] or after["unit"]).casefold(), "")
        unit_end = after.end() if unit else end
    before = _CURRENCY_BEFORE.search(text, max(0, start - 5), start)
    if not unit and before is not None:
        unit, start = UNITS.get(before[1].casefold(), ""), before.start()
    is_of_things = not unit and _THING_AFTER.match(text, end) is not None
    surface = text[start:unit_end].strip()
    return HardFact(
        FactKind.NUMBER, start, unit_end, surface, values, unit=unit, is_of_things=is_of_things
    )
