"""Numbers, dates, amounts, addresses and names in a sentence: what must not be got wrong.

A sentence rests on its source only if each of them stands there too, however it is written:
1,345,596 and 1.345.596, "two months" and "2 months", "1 May 2026" and "2026-05-01".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from app.core.documents.fact_words import (
    CONVERSIONS,
    DIMENSIONS,
    MAGNITUDES,
    MONTHS,
    NUMBER_WORDS,
    ONE_WORDS,
    ORDINALS,
    RATES,
    UNITS,
    WEEKDAYS,
)
from app.core.documents.written_numbers import chinese_number, values_of

TWO_DIGIT_YEAR_FROM = 70
"""Years of two digits: 70 to 99 belong to the last century."""
N_MONTHS, N_DAYS = 12, 31
ORDINAL = "ordinal"
"""Unit of "third" and "3rd"."""


class FactKind(StrEnum):
    """What a fact says."""

    NUMBER = "number"
    DATE = "date"
    WEEKDAY = "weekday"
    TIME = "time"
    CODE = "code"
    ADDRESS = "address"
    """An e-mail address or URL."""
    FILE = "file"
    NAME = "name"


DateParts = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as they are said."""


@dataclass(frozen=True, slots=True)
class HardFact:
    """One of them, characters `start` to `end` of a text.

    Attributes:
        numbers: what a number may mean, as "1.345" may be one of two.
        dates: what a date may mean.
        key: what all else is compared by.
        unit: of a number, the same in all languages; empty for none that is known.
    """

    kind: FactKind
    start: int
    end: int
    surface: str
    numbers: frozenset[Decimal] = frozenset()
    dates: frozenset[DateParts] = frozenset()
    key: str = ""
    unit: str = ""

    def stands_in(self, others: "tuple[HardFact, ...]") -> bool:
        """Say whether one of the other facts says the same."""
        return any(self.is_said_by(other) for other in others)

    def is_said_by(self, other: "HardFact") -> bool:
        """Say whether another fact says the same, or says it more exactly."""
        if self.kind is FactKind.DATE:
            # "3.5." at the end of a sentence may be a number, too.
            return bool(self.numbers & other.numbers) or any(
                _covers(a, b) for a in self.dates for b in _dates_of(other)
            )
        if self.kind is FactKind.NUMBER:
            return self._number_is_said_by(other)
        return self.kind is other.kind and self.key == other.key

    def _number_is_said_by(self, other: "HardFact") -> bool:
        if other.kind is FactKind.DATE:
            years = {Decimal(year) for year, _, _ in other.dates if year is not None}
            return not self.unit and bool(self.numbers & (years | other.numbers))
        if other.kind is not FactKind.NUMBER:
            return False
        if self.unit and other.unit and self.unit != other.unit:
            mine, theirs = _in_smallest_unit(self), _in_smallest_unit(other)
            return mine[1] == theirs[1] and bool(mine[0] & theirs[0])
        return bool(self.numbers & other.numbers)


def _in_smallest_unit(fact: HardFact) -> tuple[frozenset[Decimal], str]:
    numbers, unit = fact.numbers, fact.unit
    while unit in CONVERSIONS:
        unit, factor = CONVERSIONS[unit]
        numbers = frozenset(number * factor for number in numbers)
    return numbers, unit


def is_same_sort(one: HardFact, other: HardFact) -> bool:
    """Say whether two facts measure the same: both are spans of time, say, or both bare numbers."""
    if one.kind is not other.kind:
        return False
    return DIMENSIONS.get(one.unit, one.unit) == DIMENSIONS.get(other.unit, other.unit)


def _dates_of(fact: HardFact) -> frozenset[DateParts]:
    """Give the dates that a fact may be: a number of four digits may be a year."""
    if fact.kind is FactKind.NUMBER and not fact.unit:
        return frozenset((int(number), None, None) for number in fact.numbers if _is_year(number))
    return fact.dates


def _is_year(number: Decimal) -> bool:
    return number == number.to_integral_value() and 1000 <= number < 3000  # noqa: PLR2004


def _covers(said: DateParts, source: DateParts) -> bool:
    return all(one is None or one == other for one, other in zip(said, source, strict=True))


def _words(words: object) -> str:
    """Give words as alternatives of a pattern, the longest first."""
    found = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(map(re.escape, found))


_LETTER = r"[^\W\d_]"
_CASED = "[A-Za-z\u00c0-\u024f\u0370-\u052f]"
"""Letters of scripts in which codes are written."""
_MONTH = rf"(?P<month>{_words(MONTHS)})(?!{_LETTER})\.?"
_OF = r"(?:(?:de|of|di|del)\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_PATTERNS: tuple[tuple[FactKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (FactKind.ADDRESS, r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
        (FactKind.ADDRESS, r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]"),
        (
            FactKind.FILE,
            r"[\w()\[\]&+-][\w.()\[\]&+-]*\.(?:pdf|docx?|pptx?|xlsx?|odt|epub|html?|md|txt|csv|rtf"
            r"|eml|msg)(?!\w)",
        ),
        (
            FactKind.DATE,
            r"(?<![\d.,/-])(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})(?!\d)",
        ),
        (
            FactKind.DATE,
            r"(?<![\d.,/-])(?P<one>\d{1,2})(?P<s>[./-])\s?(?P<two>\d{1,2})(?P=s)\s?"
            r"(?P<year>\d{4}|\d{2})(?!\d)",
        ),
        (FactKind.DATE, r"(?<![\d.,/-])(?P<one>\d{1,2})(?P<s>\.)(?P<two>\d{1,2})\.(?!\d)(?=\s|$)"),
        (
            FactKind.DATE,
            r"(?:(?P<year>\d{4})\s?[年년]\s?)?(?P<month>\d{1,2}"
            r"|[一二三四五六七八九十]{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?"
            r"[日号號일])?",
        ),
        (
            # "1 to 12 June": both are days of June.
            FactKind.DATE,
            rf"(?<![\d.,]){_DAY}(?=\s?(?:to|until|and|or|-|–|bis|und|oder|au|et|al|y|e|по|до"
            rf"|и)\s?\d{{1,2}}"
            rf"(?:st|nd|rd|th|er|º|\.)?\s+{_OF}{_MONTH}(?:,?\s+{_OF}(?P<year>\d{{4}})(?!\d))?)",
        ),
        (
            FactKind.DATE,
            rf"(?<![\d.,]){_DAY}\s+{_OF}{_MONTH}(?:,?\s+{_OF}(?P<year>\d{{4}})(?!\d))?",
        ),
        (
            FactKind.DATE,
            rf"(?<!{_LETTER}){_MONTH}\s+{_DAY}(?![\d:.,]\d|\d)(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
        ),
        (FactKind.DATE, rf"(?<!{_LETTER}){_MONTH},?\s+{_OF}(?P<year>\d{{4}})(?!\d)"),
        (FactKind.DATE, rf"(?<![\w-])(?P<month>{_words(MONTHS)})(?![\w-])"),
        (
            FactKind.TIME,
            r"(?<![\d.,:])(?P<h>\d{1,2})(?:[:.](?P<min>\d{2}))?\s*(?:o['’]clock\s*|Uhr\s*"
            r"|heures?\s*|h\s*|час(?:а|ов)\s*)?"
            r"(?P<half>[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|at night|morgens"
            r"|vormittags"
            r"|nachmittags|abends|du matin|de l['’]après-midi|du soir|de la (?:mañana|tarde|noche)"
            r"|d(?:i|el) (?:mattina|pomeriggio|sera)|утра|вечера|صباحا|مساء)"
            r"|(?<![\d.,:])(?P<h2>\d{1,2}):(?P<min2>\d{2})(?::\d{2})?(?![\d:])"
            r"|(?<![\d.,:])(?P<h3>\d{1,2})(?:(?:[.:](?P<min3>\d{2}))?\s*(?:Uhr\b|o['’]clock\b)"
            r"|\s?h(?:\s?(?P<min4>\d{2}))?(?!\w))",
        ),
        (
            FactKind.TIME,
            r"(?P<half>上午|下午|早上|晚上|中午|午前|午後)?(?P<hans>\d{1,2}|[一二三四五六七八九十]{1,3})"
            r"[点點時时](?!间|間)(?:(?P<min5>\d{1,2})分|(?P<half_past>半))?",
        ),
        (
            FactKind.CODE,
            rf"(?<![\w.]){_CASED}+(?:[-/.]?{_CASED}+)*[-/]?\d[\w]*(?:[-/.]\w+)*"
            rf"|(?<![\w.,])\d+(?:[-/]{_CASED}|{_CASED}[-\w/]*\d)[\w-]*"
            rf"|(?<![\w.,])\d+{_CASED}(?!\w)|(?<![\w.])(?!\d{{1,3}}(?:\.\d{{3}})+(?![.\d]))"
            r"\d+(?:\.\d+){2,}(?!\d)",
        ),
    )
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|re|e|º|ª|ème|\.)\b", re.IGNORECASE)
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,)])[-−+])?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
)
_CURRENCY_BEFORE = re.compile(r"(€|\$|£|¥|₽|\bEUR|\bUSD|\bGBP|\bCHF|\bRMB|\bCNY)\s?$")
_MAGNITUDE_AFTER = re.compile(
    rf"[\s\u00a0-]?(?P<word>{_words(MAGNITUDES)})\b\.?|(?P<wide>[万萬亿億千])", re.IGNORECASE
)
_UNIT_AFTER = re.compile(
    r"(?:\s?[-–]\s?|[\s\u00a0\u202f(]*)"
    r"(?P<wide>个月|個月|か月|ヶ月|カ月|小时|小時|時間|分钟|分鐘|星期|週間|日間|平方米|美元"
    r"|[年周週天日秒円元次])|(?:\s?[-–]\s?|[\s\u00a0\u202f(]*)(?P<unit>[%％٪€$£¥₽㎡]"
    rf"|°[CF]\b|{_LETTER}+[²2]?)"
)
_NUMBER_WORD = re.compile(
    rf"(?<![\w-])(?P<word>{_words(NUMBER_WORDS.keys() | ONE_WORDS | ORDINALS.keys())})(?!\w)",
    re.IGNORECASE,
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


@lru_cache(maxsize=2_000)
def facts_of(text: str) -> tuple[HardFact, ...]:
    """Give all facts of a text but names, in order; they do not overlap."""
    taken: list[HardFact] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _is_free(taken, match.start(), match.end()):
                fact = _fact(kind, match)
                if fact is not None:
                    taken.append(fact)
    for fact in (*_numbers(text), *_weekdays(text)):
        if _is_free(taken, fact.start, fact.end):
            taken.append(fact)
    return tuple(sorted(taken, key=lambda fact: fact.start))


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


def counts_as(fact: HardFact, text: str) -> bool:
    """Say whether "1st" or "2nd" stands in a text as a word."""
    words = {word for word, _ in _words_at(text)}
    return any(not words.isdisjoint(_FIRST_TWO.get(number, ())) for number in fact.numbers)


def has_unit(text: str, unit: str) -> bool:
    """Say whether a text has a unit without a number before it, or its rate: "monthly"."""
    counted = [fact for fact in facts_of(text) if fact.unit == unit and not is_article(fact)]
    return any(
        UNITS.get(word, RATES.get(word)) == unit
        for word, start in _words_at(text)
        if all(not fact.start <= start < fact.end for fact in counted)
    )


def rates_of(text: str) -> frozenset[str]:
    """Give how often something is, as units: "monthly", "per quarter", "每月"."""
    words = {RATES[word] for word, _ in _words_at(text) if word in RATES}
    found = {
        UNITS.get(match[1].casefold(), "")
        for match in _RATE.finditer(text)
        # "Par M. Blin" is no rate, "€/m" is one.
        if len(match[1]) > 1 or not match[1].isascii() or "/" in match[0]
    }
    return frozenset((words | found) - {""})


_RATE = re.compile(
    r"(?:(?<!half )\b(?:a|an|per|each|every|pro|je|jede[nrs]?|par|chaque|por|cada|al|ogni|в"
    r"|каждый|каждую|cada)\s+"
    r"|(?<=[\w\d€$£])\s?/\s?|[每])([^\W\d_]+?)(?:\b|(?<=[月年周天日]))",
    re.IGNORECASE,
)


def _words_at(text: str) -> Iterator[tuple[str, int]]:
    for match in _PLAIN_WORD.finditer(text):
        yield match[0].casefold(), match.start()


_PLAIN_WORD = re.compile(r"[^\W\d_]+|[月年周天]")


def _is_free(taken: list[HardFact], start: int, end: int) -> bool:
    return all(end <= fact.start or start >= fact.end for fact in taken)


def _fact(kind: FactKind, match: re.Match[str]) -> HardFact | None:
    start, end, surface = match.start(), match.end(), match[0].strip()
    if kind is FactKind.DATE:
        dates = _dates(match)
        if not dates or (surface.isalpha() and not _is_month(match)):
            return None
        is_short = re.fullmatch(r"\d+\.\d+\.", surface) is not None
        numbers = values_of(surface[:-1]) if is_short else frozenset()
        return HardFact(kind, start, end, surface, numbers, dates)
    if kind is FactKind.TIME:
        key = _time(match)
        return HardFact(kind, start, end, surface, key=key) if key else None
    if kind is FactKind.CODE:
        if _is_plain_number(surface) or surface.casefold() in UNITS:
            return None
        return HardFact(kind, start, end, surface, key=_squeezed(surface))
    key = surface.casefold().removeprefix("https://").removeprefix("http://")
    return HardFact(kind, start, end, surface, key=key.removeprefix("www.").rstrip("/"))


def _squeezed(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _is_plain_number(surface: str) -> bool:
    """Say whether what looks like a code is a number with its unit, or an ordinal: 5kg, 3rd."""
    if _ORDINAL.fullmatch(surface):
        return True
    found = re.fullmatch(rf"\d+-?({_LETTER}+[²2]?)", surface)
    return bool(found) and found[1].casefold() in {**UNITS, **MAGNITUDES}  # type: ignore[index]


def _dates(match: re.Match[str]) -> frozenset[DateParts]:
    found = match.groupdict()
    year = _year(found.get("year"))
    if found.get("one"):
        one, two = int(found["one"]), int(found["two"])
        pairs = {(two, one)} if found["s"] == "." else {(two, one), (one, two)}
    else:
        month = found.get("month") or ""
        is_chinese = bool(month) and month[0] in "一二三四五六七八九十"
        number = (
            int(month)
            if month.isdecimal()
            else chinese_number(month)
            if is_chinese
            else MONTHS.get(month.casefold(), 0)
        )
        pairs = {(number, int(found["day"]) if found.get("day") else 0)}
    return frozenset(
        (year, month, day or None)
        for month, day in pairs
        if 1 <= month <= N_MONTHS and 0 <= day <= N_DAYS
    )


_OFTEN_OTHER_WORDS = frozenset(
    "jan mar may march mai mars mei maja sep set gen dec dez dic ago out ott feb fev ene abr mag"
    " oct okt nov apr aug avr lug giu jun jul мар фев авг апр окт янв ноя дек сент".split()
)
_TIME_BEFORE = re.compile(
    r"(?:^|[^\w])(?:in|im|by|to|of|en|di|à|an|am|bis|mid|ab|la|el|au|da|a|al|de|from|till|fino"
    r"|late"
    r"|next|last|this|ende|until|since|after|early|every|desde|avant|hasta|mitte|before|during"
    r"|anfang|depuis|and|und|et|y|e|entre|between|zwischen|fin|fine|через|в|до|с)\s+$",
    re.IGNORECASE,
)


def _is_month(match: re.Match[str]) -> bool:
    """Say whether a word alone means a month: "in May", but not "you may"."""
    word = match[0]
    if word.casefold() not in _OFTEN_OTHER_WORDS:
        return True
    is_name = word[0].isupper() or word in ("mars", "mai", "maggio")
    return is_name and _TIME_BEFORE.search(match.string, 0, match.start()) is not None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 - digits
        return year
    return year + (1900 if year >= TWO_DIGIT_YEAR_FROM else 2000)


_AFTERNOON = re.compile(
    "afternoon|evening|night|nachmittags|abends|après-midi|soir|tarde|noche|pomeriggio|sera|вечера"
    "|مساء|下午|晚上|午後"
)


def _time(match: re.Match[str]) -> str:
    """Give a time of day as minutes since midnight; empty for none that exists."""
    found = match.groupdict()
    digits = next(found[name] for name in ("h", "h2", "h3", "hans") if found.get(name))
    hour = int(digits) if digits.isdecimal() else chinese_number(digits)
    minutes = (found.get(name) for name in ("min", "min2", "min3", "min4", "min5"))
    minute = 30 if found.get("half_past") else int(next(filter(None, minutes), 0))
    half = (found.get("half") or "").casefold()
    if half and (half[0] == "p" or _AFTERNOON.search(half)):
        hour = hour % 12 + 12
    elif half and (half[0] == "a" and hour == 12):  # noqa: PLR2004
        hour = 0
    return str(hour * 60 + minute) if hour <= 24 and minute < 60 else ""  # noqa: PLR2004


# --- numbers ---


def _numbers(text: str) -> Iterator[HardFact]:
    for match in _HALF.finditer(text):
        fact = _number(text, match.start(), match.end(), frozenset([Decimal("0.5")]))
        if fact.unit:
            yield fact
    for match in _ONCE.finditer(text):
        yield HardFact(FactKind.NUMBER, *match.span(), match[0], frozenset([Decimal(1)]))
    for match in _NUMBER.finditer(text):
        values = values_of(match["digits"])
        if match["sign"] in ("-", "−"):
            values = frozenset(-value for value in values)
        yield _number(text, match.start(), match.end(), values)
    for match in _NUMBER_WORD.finditer(text):
        word = match["word"].casefold()
        if word in ORDINALS:
            values = frozenset([Decimal(ORDINALS[word])])
            yield HardFact(FactKind.NUMBER, *match.span(), match[0], values, unit=ORDINAL)
            continue
        value = NUMBER_WORDS.get(word, 1)
        fact = _number(text, match.start(), match.end(), frozenset([Decimal(value)]))
        # "A second space" takes no time.
        is_counted = bool(fact.unit) and not (fact.unit == "second" and word in ("a", "the"))
        if (word in NUMBER_WORDS and word not in _NEEDS_UNIT) or is_counted:
            yield fact
    for match in _CHINESE_PERCENT.finditer(text):
        digits = match["digits"]
        share = Decimal(digits if digits[0].isdecimal() else chinese_number(digits))
        yield HardFact(
            FactKind.NUMBER, *match.span(), match[0], frozenset([share]), unit="percent"
        )
    for match in _CHINESE_NUMBER.finditer(text):
        values = frozenset([Decimal(chinese_number(match["digits"]))])
        yield _number(text, match.start(), match.end(), values)


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
    return HardFact(
        FactKind.NUMBER, start, unit_end, text[start:unit_end].strip(), values, unit=unit
    )


_WEEKDAY = re.compile(rf"(?<![\w-])(?:{_words(WEEKDAYS)})(?![\w-])", re.IGNORECASE)
_SHORT = 4


def _weekdays(text: str) -> Iterator[HardFact]:
    """Give days of the week; short forms only where they are abbreviations, not "sun"."""
    for match in _WEEKDAY.finditer(text):
        word = match[0]
        if len(word) <= _SHORT and not (word[0].isupper() and word.isascii()):
            continue
        key = str(WEEKDAYS[word.casefold()])
        yield HardFact(FactKind.WEEKDAY, match.start(), match.end(), word, key=key)
