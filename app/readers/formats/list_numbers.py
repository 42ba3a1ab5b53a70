"""Numbers of lists in letters and in Roman figures, as all programs show them."""

from collections.abc import Callable

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_LETTERS = 26


def _roman(count: int) -> str:
    """Give a number in Roman figures; one too large or too small for them in others."""
    if not 0 < count <= _LARGEST_ROMAN:
        return str(count)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _letters(count: int) -> str:
    """Give A to Z, then AA to ZZ, and so on; numbers beyond in figures."""
    if not 0 < count <= _LETTERS * 10:
        return str(count)
    return chr(ord("A") + (count - 1) % _LETTERS) * ((count - 1) // _LETTERS + 1)


_FORMS: dict[str, Callable[[int], str]] = {
    "1": str,
    "A": _letters,
    "a": lambda number: _letters(number).lower(),
    "I": _roman,
    "i": lambda number: _roman(number).lower(),
}


def list_number(number: int, form: str) -> str:
    """Give a number as a list shows it.

    Args:
        number: of an item.
        form: "1", "a", "A", "i" or "I", as the first item shows it; figures for any other.
    """
    return _FORMS.get(form, str)(number)
