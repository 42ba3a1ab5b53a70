"""Tells words that are another form of a word, or the word with a slip of the pen in it."""

SHORTEST = 5
"""Letters of words that are compared: of shorter ones most are a letter apart from another."""
SHORTEST_SWAPPED = 7
"""Letters from which one may stand for another: "house" and "horse" are not the same."""
SHORTEST_TWO_SLIPS = 10
COMMON_BEGINNING = 0.75
"""Share of the longer word that both begin with, for other endings of one word."""


def is_alike(word: str, other: str) -> bool:
    """Say whether a word may be meant by another one.

    Args:
        word: of a question, which no document holds.
        other: of a document; both folded, as stems.
    """
    shorter, longer = sorted((len(word), len(other)))
    if shorter < SHORTEST or not (word.isalpha() and other.isalpha()):
        return False
    n_common = _n_common(word, other)
    if n_common == shorter or n_common >= max(SHORTEST - 1, COMMON_BEGINNING * longer):
        return True
    allowed = 2 if shorter >= SHORTEST_TWO_SLIPS else 1
    if longer - shorter > allowed or word[0] != other[0]:
        return False
    return _n_slips(word, other, can_swap=shorter >= SHORTEST_SWAPPED) <= allowed


def _n_common(one: str, other: str) -> int:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))


def _n_slips(one: str, other: str, *, can_swap: bool) -> int:
    """Count the letters left out, put in or exchanged (Damerau and Levenshtein)."""
    swap = 1 if can_swap else 2
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            best = min(
                line[-1] + 1, last[column] + 1, last[column - 1] + (0 if left == right else swap)
            )
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, last = last, line
    return last[-1]
