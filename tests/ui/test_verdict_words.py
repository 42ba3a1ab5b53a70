"""What is said of verdicts: every member has words, and numbers are no more exact than known."""

from dataclasses import replace

import pytest

from app.core.computer import DeviceKind, Power, PowerMode, System, UnusedCard
from app.core.fit.choice import FitState, Reason, Verdict, Wishes, verdict_on
from app.core.fit.offers import Offer
from app.core.fit.quality import QualityWord
from app.core.fit.speed import Certainty, SpeedEstimate, SpeedKnowledge
from app.core.prospects import live_verdict
from app.ui.computer.computer_words import (
    build_command,
    cores_words,
    is_slow_processor,
    kind_words,
    needed_words,
    power_mode_words,
    power_words,
    unused_words,
)
from app.ui.quantities import about_seconds_text, gigabytes_text, n_pages, n_words
from app.ui.verdict_words import (
    BAR_TONES,
    CERTAINTIES,
    STATE_TONES,
    certainty_words,
    first_word_words,
    need_words,
    offer_words,
    quality_words,
    reason_words,
    speed_range_words,
    speed_words,
    state_words,
    verdict_sentence,
)
from tests.fit_samples import CROWDED, LAPTOP, LARGE, NEMO, OLD, OUTLOOK, QWEN, STARTER


def speed(tokens_per_s: float = 10.0, first_word_s: float = 41.0) -> SpeedEstimate:
    return SpeedEstimate(tokens_per_s, 50.0, first_word_s, Certainty.CALIBRATED, 0.15)


def verdict(tokens_per_s: float = 20.0, first_word_s: float = 9.0) -> Verdict:
    one = live_verdict(QWEN[0], OUTLOOK)
    return replace(one, speed=speed(tokens_per_s, first_word_s))


def test_every_member_has_words_of_its_own() -> None:
    said: tuple[list[str], ...] = (
        [state_words(one) for one in FitState],
        [reason_words(one) for one in Reason],
        [quality_words(one) for one in QualityWord],
        [offer_words(one) for one in Offer],
        [power_mode_words(one) for one in PowerMode],
        [kind_words(one) for one in DeviceKind],
    )
    for words in said:
        assert all(words)
        assert len(set(words)) == len(words)
    assert set(CERTAINTIES) == set(Certainty)
    assert set(STATE_TONES) == set(BAR_TONES) == set(FitState)


@pytest.mark.parametrize("state", FitState)
def test_every_state_has_a_sentence(state: FitState) -> None:
    assert verdict_sentence(replace(verdict(), state=state)).endswith(".")


@pytest.mark.parametrize("certainty", Certainty)
def test_every_speed_says_where_it_comes_from_and_how_far_it_may_be_off(
    certainty: Certainty,
) -> None:
    said = certainty_words(replace(speed(), certainty=certainty, tolerance=0.35))
    assert "35 %" in said


def test_speed_is_told_in_words_a_second_with_its_range() -> None:
    assert speed_words(speed(10.0)) == "about 8 words per second"
    assert speed_words(speed(1.5)) == "about 1.1 words per second"
    assert speed_range_words(speed(20.0)) == "13 to 17"
    assert first_word_words(speed(first_word_s=41.0)) == "reads 3 pages in 40 s"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.1 s"), (0.44, "0.4 s"), (1.4, "1 s"), (7.4, "7 s"), (43, "45 s"), (150, "2 min")],
)
def test_estimated_times_are_round(seconds: float, words: str) -> None:
    assert about_seconds_text(seconds) == words


def test_lengths_are_told_in_words_and_pages() -> None:
    assert (n_words(8192), n_pages(8192)) == (6100, 12)
    assert (n_words(2048), n_pages(2048)) == (1500, 3)
    assert (n_words(0), n_pages(1)) == (0, 1)
    assert gigabytes_text(98_000_000) == "0.1 GB"


def test_what_is_needed_is_told_in_one_unit() -> None:
    assert need_words(live_verdict(NEMO, OUTLOOK)).count("GB") == 1
    assert need_words(live_verdict(STARTER, OUTLOOK)).count("B") == 2


def test_a_fast_model_is_praised_and_a_slow_one_explained() -> None:
    assert "faster than you can read" in verdict_sentence(verdict(20))
    assert "about as fast as you read" in verdict_sentence(verdict(6))
    slow = replace(verdict(2.0), state=FitState.SLOW)
    assert "slower than you read: about 1.5" in verdict_sentence(slow)
    thinks_long = replace(verdict(8.0, 300.0), state=FitState.SLOW)
    assert "5 min for a question of three pages" in verdict_sentence(thinks_long)


def test_a_tight_fit_says_how_much_must_be_closed() -> None:
    tight = verdict_on(NEMO, CROWDED, SpeedKnowledge(), Wishes())
    assert tight.state is FitState.TIGHT
    assert "more must be free" in verdict_sentence(tight)
    too_big = verdict_on(LARGE, LAPTOP, SpeedKnowledge(), Wishes())
    assert "models may take" in verdict_sentence(too_big)


# --- this computer ---


def test_power_is_told_only_where_it_is_known() -> None:
    assert power_words(Power()) == ""
    assert power_words(Power(is_on_battery=False)) == "Plugged in."
    assert "37 % full" in power_words(Power(is_on_battery=True, battery_percent=37))
    assert power_words(Power(is_on_battery=True)).startswith("On battery.")


def test_fast_cores_are_told_where_there_are_two_kinds() -> None:
    assert cores_words(LAPTOP) == "12 cores, 4 of them fast ones"
    assert cores_words(OLD) == "2 cores"
    assert is_slow_processor(OLD)
    assert not is_slow_processor(LAPTOP)


@pytest.mark.parametrize("vendor", ["nvidia", "amd", "intel", "apple", ""])
@pytest.mark.parametrize("system", System)
def test_every_card_that_is_not_used_gets_a_command_of_the_readme(
    vendor: str, system: System
) -> None:
    card = UnusedCard("Some card", vendor)
    command = build_command(card, system)
    switches = {"nvidia": "GGML_CUDA", "apple": "GGML_METAL"}
    assert f"-D{switches.get(vendor, 'GGML_VULKAN')}=on" in command
    assert ("$env:" in command) is (system is System.WINDOWS)
    assert unused_words(card)
    assert needed_words(card)
