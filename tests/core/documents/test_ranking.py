"""What has no vector yet is judged by its words, and not by the lack of a vector."""

import pytest

from app.core.documents.ranking import fused, smoothed

WORDS = {1: 9.0, 2: 5.0, 3: 1.0}
VECTORS = {2: 0.9, 3: 0.1}


def test_what_has_no_vector_is_judged_by_its_words_alone() -> None:
    by_words = fused(WORDS, {})
    both = fused(WORDS, VECTORS, 0.5, frozenset({1}))
    assert both[1] == pytest.approx(by_words[1])
    assert max(both, key=lambda key: both[key]) == 1
    # Where it has one that is far from the question, that speaks against it.
    far = fused(WORDS, VECTORS, 0.5)
    assert far[1] < both[1]
    assert {key: far[key] for key in (2, 3)} == {key: both[key] for key in (2, 3)}


def test_what_has_no_vector_keeps_its_place_when_others_lean_on_each_other() -> None:
    scores = {1: 3.0, 2: 2.0, 3: 1.0, 4: 0.5}
    alike = [[1.0, 0.9], [0.9, 1.0]]
    result = smoothed(scores, [2, 3], alike, frozenset({1}))
    assert result[1] == 3.0
    assert result[4] < min(result[key] for key in (1, 2, 3))
    assert smoothed(scores, [2, 3], alike)[1] < result[3], "no candidate of the best"
