"""Numbers, dates and the like as facts, and whether one says what another does."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.documents.facts.fact_words import CONVERSIONS, DIMENSIONS

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
        is_of_things: a number of what is no unit: "two trees".
    """

    kind: FactKind
    start: int
    end: int
    surface: str
    numbers: frozenset[Decimal] = frozenset()
    dates: frozenset[DateParts] = frozenset()
    key: str = ""
    unit: str = ""
    is_of_things: bool = False

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
        if self.kind is FactKind.TIME and other.kind is FactKind.NUMBER:
            return _is_full_hour(self, other)
        return self.kind is other.kind and self.key == other.key

    def _number_is_said_by(self, other: "HardFact") -> bool:
        if other.kind is FactKind.DATE:
            years = {Decimal(year) for year, _, _ in other.dates if year is not None}
            return not self.unit and bool(self.numbers & (years | other.numbers))
        if other.kind is FactKind.TIME:
            return _is_full_hour(other, self)
        if other.kind is not FactKind.NUMBER:
            return False
        if self.unit and other.unit and self.unit != other.unit:
            mine, theirs = _in_smallest_unit(self), _in_smallest_unit(other)
            return mine[1] == theirs[1] and bool(mine[0] & theirs[0])
        units = {self.unit, other.unit} - {"", ORDINAL}
        if units and (self.is_of_things or other.is_of_things):
            return False
        return bool(self.numbers & other.numbers)


def _is_full_hour(time: HardFact, number: HardFact) -> bool:
    """Say whether "9 h" and "9 heures" are the same."""
    hours = {Decimal(time.key) / 60} if time.key else set()
    return number.unit == "hour" and not hours.isdisjoint(number.numbers)


def _in_smallest_unit(fact: HardFact) -> tuple[frozenset[Decimal], str]:
    numbers, unit = fact.numbers, fact.unit
    while unit in CONVERSIONS:
        unit, factor = CONVERSIONS[unit]
        numbers = frozenset(number * factor for number in numbers)
    return numbers, unit


def is_same_sort(one: HardFact, other: HardFact) -> bool:
    """Say whether two facts measure the same: spans of time, say, or bare numbers."""
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
