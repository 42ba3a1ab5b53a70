"""What a search says in words, when passages are merely the closest."""

from dataclasses import replace

import pytest

from app.core.documents.evidence import Verdict
from app.ui.documents import evidence_words as words
from tests.ui.documents import samples

REFUSED = replace(samples.NOT_FOUND, has_vectors=False)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_the_closest_passages_are_told_of_like_those_of_which_nothing_was_found(
    share: float,
) -> None:
    closest = replace(REFUSED, verdict=Verdict.CLOSEST)
    assert words.verdict_text(closest) == words.verdict_text(REFUSED)
    assert "Only words were looked for" in words.verdict_text(closest)
    assert words.verdict_tone(Verdict.CLOSEST) is words.verdict_tone(Verdict.NOT_FOUND)
    assert words.strength_of(share, Verdict.CLOSEST) is words.Strength.WEAK


def test_the_best_of_what_was_found_is_strong() -> None:
    assert words.strength_of(1.0, Verdict.FOUND) is words.Strength.STRONG
    assert words.strength_of(1.0, Verdict.UNSURE) is words.Strength.STRONG
