"""Tells questions after a number, a price or a time, and texts that hold any.

"How many singers are there?" is not answered by a sentence without a number, whatever words they
share: that is what most questions have in common that documents of the same topic do not answer.
"""

import re

from app.core.documents.facts.fact_types import FactKind
from app.core.documents.facts.hard_facts import facts_of
from app.core.documents.search_terms import folded

_ASKS = re.compile(
    r"\b(?:how (?:many|much|long|old|far|high|large|big|often|loud|tall|heavy|late|early|soon)"
    r"|when|what time|(?:at|on) (?:what|which) (?:time|date|day)|(?:phone|account) number"
    r"|what is the (?:price|cost|amount|number|maximum|minimum|percentage) of"
    r"|wie ?viele?|wieviele?|wie (?:hoch|lange|oft|groß|gross|schwer|laut|alt|teuer|weit|breit)"
    r"|wann|um wieviel uhr|telefonnummer"
    r"|combien|quand|à quelle heure|quel âge|numéro de téléphone"
    r"|cuánt[oa]s?|cuándo|a qué hora|número de teléfono"
    r"|quant[oaie]|quando|a che ora|quant[oa]s?|a que horas"
    r"|hoeveel|hoe (?:lang|vaak|groot|hoog|oud|ver)|wanneer|hoe laat"
    r"|hur (?:många|mycket|länge|ofta|stor|hög)|när|hvor (?:mange|meget|mye|lenge|længe)|hvornår"
    r"|сколько|скольких|когда|во сколько|телефон|ile|kiedy|kaç|ne kadar|ne zaman|скільки|коли"
    r"|كم|متى|רקם|כמה|מתי|कितन\w*|कब)\b"
    r"|多少|几[个天年岁次点时月日层本只]|幾|多[长久大高重远]|什么时候|何时|哪[天年月日]|いくつ|いくら|何[人年月日時回個]|いつ"
    r"|몇|얼마|언제|เท่าไ|เมื่อไ|กี่",
    re.IGNORECASE,
)
_FIGURES = frozenset((FactKind.NUMBER, FactKind.DATE, FactKind.TIME, FactKind.WEEKDAY))
_OTHERS = re.compile(
    "\\d|[一二三四五六七八九十百千万亿两半]|每[天日周月年]|星期"
    "|واحد|اثن|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع|عشر|مئة|مائة|ألف|نصف|ثلث|ربع|مرتين|يومين|شهرين|سنتين|ساعتين"
    "|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|صباح|مساء|شهر|سنة|يوم|فصل"
)
"""Figures of scripts whose numbers are not all among the facts."""
_WORDS = re.compile(
    r"\b(?:one|once|twice|half|double|daily|weekly|monthly|yearly|annually|hourly|never|always|free"
    r"|every|each|until|before|after|since|during|end|beginning|summer|winter|spring|autumn"
    r"|christmas|easter|morning|evening|noon|night|ein|eine[mnrs]?|einmal|zweimal|halb|hälfte"
    r"|täglich|wöchentlich|monatlich|jährlich|vierteljährlich|jede[mnrs]?|nie|immer|kostenlos"
    r"|sommer|winter|frühling|herbst|weihnachten|ostern|morgens|abends|nachts|un|une|moitié|double"
    r"|gratuite?|chaque|été|hiver|printemps|automne|noël|jamais|matin|soir|un[ao]?|mitad|doble|gratis"
    r"|cada|verano|invierno|primavera|otoño|navidad|nunca|mañana|tarde|noche|один|одн\w+|раз|половин\w+"
    r"|треть|четверть|кажд\w+|бесплатно|лет\w*|зим\w*|весн\w*|осен\w*|утр\w*|вечер\w*|ноч\w*)\b",
    re.IGNORECASE,
)
"""Words that may answer "how many" or "when" without a figure."""


def asks_for_figure(question: str) -> bool:
    """Say whether a question is after a number, an amount or a time."""
    return _ASKS.search(folded(question)) is not None


def has_figure(text: str) -> bool:
    """Say whether a text holds anything that could answer such a question."""
    if _OTHERS.search(text) or _WORDS.search(text):
        return True
    return any(fact.kind in _FIGURES for fact in facts_of(text))
