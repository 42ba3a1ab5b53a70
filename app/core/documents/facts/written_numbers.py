"""What written numbers may mean: points and commas, and Chinese characters."""

import re
from decimal import Decimal, InvalidOperation

from app.core.documents.facts.fact_words import CHINESE_DIGITS, CHINESE_MYRIADS, CHINESE_TENS

LONGEST_GROUP = 3


def values_of(digits: str) -> frozenset[Decimal]:
    """Give what written digits may mean: points and commas group or divide."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", digits)
    marks = [one for one in plain if not one.isdecimal()]
    readings = {plain} if not marks else set()
    if marks:
        last = max(plain.rfind("."), plain.rfind(","))
        whole, fraction = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
        is_mixed = len(set(marks)) > 1
        groups = re.split(r"[.,]", plain)
        is_grouped = len(groups[0]) <= LONGEST_GROUP and all(
            len(g) == LONGEST_GROUP for g in groups[1:]
        )
        if len(marks) == 1 or is_mixed:
            readings.add(f"{whole}.{fraction}")
        if is_grouped and not is_mixed:
            readings.add("".join(groups))
    return frozenset(_decimal(reading) for reading in readings)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def chinese_number(digits: str) -> int:
    """Read a number in Chinese characters."""
    total = section = digit = 0
    for one in digits:
        if one in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[one]
        elif one in CHINESE_TENS:
            section += max(digit, 1) * CHINESE_TENS[one]
            digit = 0
        else:
            total += max(section + digit, 1) * CHINESE_MYRIADS[one]
            section = digit = 0
    return total + section + digit
