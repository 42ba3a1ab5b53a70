"""Numbers, dates, amounts, addresses and names in a sentence: what must not be got wrong.

A sentence rests on its source only if each of them stands there too, however it is written:
1,345,596 and 1.345.596, "two months" and "2 months", "1 May 2026" and "2026-05-01".
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.core.documents.facts.fact_types import DateParts, FactKind, HardFact
from app.core.documents.facts.fact_words import MAGNITUDES, MONTHS, RATES, UNITS, WEEKDAYS
from app.core.documents.facts.number_facts import (
    LETTER,
    alternatives,
    is_article,
    number_facts,
    words_at,
)
from app.core.documents.facts.written_numbers import chinese_number, values_of

TWO_DIGIT_YEAR_FROM = 70
"""Years of two digits: 70 to 99 belong to the last century."""
N_MONTHS, N_DAYS = 12, 31
_CASED = "[A-Za-z\u00c0-\u024f\u0370-\u052f]"
"""Letters of scripts in which codes are written."""
_MONTH = rf"(?P<month>{alternatives(MONTHS)})(?!{LETTER})\.?"
_OF = r"(?:(?:de|of|di|del)\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_PATTERNS: tuple[tuple[FactKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        # Of a run of letters without "@" only the first begins an address: linear in its length.
        (FactKind.ADDRESS, r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
        (FactKind.ADDRESS, r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]"),
        (
            FactKind.FILE,
            r"(?<![\w.()\[\]&+-])\.*[\w()\[\]&+-][\w.()\[\]&+-]*\.(?:pdf|docx?|pptx?|xlsx?|odt|epub|html?|md|txt|csv|rtf"
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
            r"|[一二三四五六七八九十]{1,2})\s?[月월](?:\s?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s?"
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
            rf"(?<!{LETTER}){_MONTH}\s+{_DAY}(?![\d:.,]\d|\d)(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
        ),
        (FactKind.DATE, rf"(?<!{LETTER}){_MONTH},?\s+{_OF}(?P<year>\d{{4}})(?!\d)"),
        (FactKind.DATE, rf"(?<![\w-])(?P<month>{alternatives(MONTHS)})(?![\w-])"),
        (
            # "8 to 11 am": both are in the morning.
            FactKind.TIME,
            r"(?<![\d.,:])(?P<h>\d{1,2})(?:[:.](?P<min>\d{2}))?(?=\s?(?:to|and|until|-|–)\s?\d{1,2}"
            r"(?:[:.]\d{2})?\s?(?P<half>[ap]\.?m)\b)",
        ),
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
            rf"(?<![\w.]){_CASED}++(?:[-/.]{_CASED}++)*+(?P<number>[-/]?\d\w*(?:[-/.]\w+)*)?"
            rf"|(?<![\w.,])\d+(?:[-/]{_CASED}|{_CASED}[-\w/]*\d)[\w-]*"
            rf"|(?<![\w.,])\d+{_CASED}(?!\w)|(?<![\w.])(?!\d{{1,3}}(?:\.\d{{3}})+(?![.\d]))"
            r"\d+(?:\.\d+){2,}(?!\d)",
        ),
    )
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|re|e|º|ª|ème|\.)\b", re.IGNORECASE)


@lru_cache(maxsize=2_000)
def facts_of(text: str) -> tuple[HardFact, ...]:
    """Give all facts of a text but names, in order; they do not overlap."""
    found: list[HardFact] = []
    taken = bytearray(len(text))
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                fact = _fact(kind, match)
                if fact is not None:
                    found.append(_take(taken, fact))
    found.extend(
        _take(taken, fact)
        for fact in (*number_facts(text), *_weekdays(text))
        if not any(taken[fact.start : fact.end])
    )
    return tuple(sorted(found, key=lambda fact: fact.start))


def has_unit(text: str, unit: str) -> bool:
    """Say whether a text has a unit without a number before it, or its rate: "monthly"."""
    counted = [fact for fact in facts_of(text) if fact.unit == unit and not is_article(fact)]
    return any(
        UNITS.get(word, RATES.get(word)) == unit
        for word, start in words_at(text)
        if all(not fact.start <= start < fact.end for fact in counted)
    )


def _take(taken: bytearray, fact: HardFact) -> HardFact:
    """Mark the characters of a fact, so that no other one is found in them."""
    taken[fact.start : fact.end] = bytes([1]) * (fact.end - fact.start)
    return fact


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
        is_word = match["number"] is None and not surface[0].isdecimal()
        if is_word or _is_plain_number(surface) or surface.casefold() in UNITS:
            return None
        return HardFact(kind, start, end, surface, key=_squeezed(surface))
    if kind is FactKind.FILE:
        surface = surface.lstrip(".")
    key = surface.casefold().removeprefix("https://").removeprefix("http://")
    return HardFact(kind, start, end, surface, key=key.removeprefix("www.").rstrip("/"))


def _squeezed(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _is_plain_number(surface: str) -> bool:
    """Say whether what looks like a code is a number with its unit, or an ordinal: 5kg, 3rd."""
    if _ORDINAL.fullmatch(surface):
        return True
    found = re.fullmatch(rf"\d+-?({LETTER}+[²2]?)", surface)
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
        day = found.get("day") or "0"
        pairs = {(number, int(day) if day.isdecimal() else chinese_number(day))}
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
    r"|anfang|depuis|for|für|pour|para|and|und|et|y|e|entre|between|zwischen|fin|fine|через|в|до|с)\s+$",
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


_WEEKDAY = re.compile(rf"(?<![\w-])(?:{alternatives(WEEKDAYS)})(?![\w-])", re.IGNORECASE)
_SHORT = 4


def _weekdays(text: str) -> Iterator[HardFact]:
    """Give days of the week; short forms only where they are abbreviations, not "sun"."""
    for match in _WEEKDAY.finditer(text):
        word = match[0]
        if len(word) <= _SHORT and not (word[0].isupper() and word.isascii()):
            continue
        # Where case is ignored, dotless and dotted "i" of Turkish match, too, but fold otherwise.
        day = WEEKDAYS.get(word.casefold())
        if day is not None:
            yield HardFact(FactKind.WEEKDAY, match.start(), match.end(), word, key=str(day))
