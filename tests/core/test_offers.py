"""Which versions of a model are offered first, and what all of them mean here."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from app.core.fit.choice import FitState, Reason, Wishes, rank_versions
from app.core.fit.offers import Offer, offers_of
from app.core.fit.quality import QualityWord
from app.core.fit.quality_table import LOSSES
from app.core.fit.speed import SpeedKnowledge
from app.core.fit_events import Outlook
from app.core.model import ModelFile
from app.core.model_shape import ModelShape
from app.core.model_versions import group_versions
from app.core.prospects import live_verdict, prospect_of, recommended_here
from tests.fit_samples import LAPTOP, LARGE, NEMO, OLD, OUTLOOK, QWEN, QWEN_POOR, SMOL, STARTER
from tests.fit_samples import model as sample


def offered(models: Sequence[ModelFile]) -> dict[Offer, str]:
    ranking = rank_versions(models, LAPTOP, SpeedKnowledge(), Wishes())
    return {offer: one.model.quantization for offer, one in offers_of(ranking).items()}


def test_three_versions_in_plain_words() -> None:
    assert offered((*QWEN, QWEN_POOR)) == {
        Offer.BALANCED: "Q4_K_M",
        Offer.BEST_QUALITY: "Q8_0",
        Offer.SMALLEST: "Q3_K_S",
    }


def test_one_version_is_no_choice() -> None:
    assert offered(QWEN[:1]) == {Offer.ONLY: "Q4_K_M"}
    assert offered(()) == {}


def test_versions_nobody_should_take_are_not_offered_first() -> None:
    assert Offer.SMALLEST not in offered((QWEN[0], QWEN_POOR))
    assert offered((QWEN[0], sample("Qwen3 4B Instruct", "F16"), QWEN[1]))[Offer.BEST_QUALITY] == (
        "Q8_0"
    )


def test_a_small_model_is_recommended_at_its_best_quality() -> None:
    small = [
        sample("Tiny", one, billions=0.6, n_layers=28, n_embedding=1024)
        for one in ("Q8_0", "Q4_K_M", "Q3_K_M")
    ]
    assert offered(small) == {
        Offer.BEST_QUALITY: "Q8_0",
        Offer.BALANCED: "Q4_K_M",
        Offer.SMALLEST: "Q3_K_M",
    }


def test_what_is_slow_is_not_praised_for_its_speed() -> None:
    models = [sample("Some", name, billions=1.5) for name in ("Q4_K_M", "Q8_0")]
    (chosen, _) = rank_versions(models, OLD, SpeedKnowledge(), Wishes()).verdicts
    assert (chosen.state, chosen.reason) == (FitState.SLOW, Reason.LIGHTEST)
    assert chosen.model.quantization == "Q4_K_M"


def test_of_versions_that_are_all_too_big_the_nearest_to_fitting_is_first() -> None:
    models = [sample("Some", name, billions=40) for name in ("F16", "Q8_0", "Q4_K_M")]
    ranking = rank_versions(models, OLD, SpeedKnowledge(), Wishes())
    assert ranking.recommended is None
    assert [one.model for one in ranking.verdicts] == models[::-1]


@given(st.lists(st.sampled_from(sorted(LOSSES)), min_size=1, max_size=6, unique=True))
@example(["MXFP4", "IQ1_M", "Q3_K_L"])
@example(["BF16", "F16", "Q8_0"])
def test_offers_differ_fit_and_hold_the_recommended_one(names: list[str]) -> None:
    models = [sample("Some", name) for name in names]
    ranking = rank_versions(models, OLD, SpeedKnowledge(), Wishes())
    offers = offers_of(ranking)
    chosen = [one.model.path for one in offers.values()]
    assert chosen
    assert len(chosen) == len(set(chosen)) <= 3
    if ranking.recommended is not None:
        assert ranking.recommended.model.path in chosen
    best = offers.get(Offer.BEST_QUALITY)
    assert best is None or best.fits
    smallest = offers.get(Offer.SMALLEST)
    assert smallest is None or smallest.quality.word is not QualityWord.POOR


def test_every_version_has_a_verdict_but_for_those_that_are_gone_or_unknown() -> None:
    unknown = replace(QWEN[3], shape=ModelShape())
    (versions,) = group_versions((*QWEN[:3], unknown))
    prospect = prospect_of(versions, OUTLOOK, {QWEN[2].path})
    assert {one.model for one in prospect.ranking.verdicts} == {QWEN[0], QWEN[1]}
    assert prospect.of(unknown.path) is None
    assert prospect.best is prospect.ranking.recommended


def test_a_wanted_length_counts_for_its_own_file_only() -> None:
    (versions,) = group_versions(QWEN[:2])
    wished = replace(OUTLOOK, n_ctx_by_path={QWEN[1].path: 4096})
    prospect = prospect_of(versions, wished)
    lengths = {one.model: one.placement.n_ctx for one in prospect.ranking.verdicts}
    assert lengths[QWEN[1]] == 4096
    assert lengths[QWEN[0]] == prospect_of(versions, OUTLOOK).ranking.verdicts[0].placement.n_ctx
    reasons = {one.model: one.reason for one in prospect.ranking.verdicts}
    before = {one.model: one.reason for one in prospect_of(versions, OUTLOOK).ranking.verdicts}
    assert reasons == before


def test_more_memory_of_the_chat_needs_more_of_the_computer() -> None:
    short, long = (live_verdict(NEMO, OUTLOOK, n) for n in (2048, 131072))
    assert short.need.conversation_bytes < long.need.conversation_bytes
    assert short.state is not FitState.TOO_BIG
    assert long.state is FitState.TOO_BIG


def test_one_model_is_recommended_and_never_the_one_that_is_often_wrong() -> None:
    prospects = [
        prospect_of(versions, OUTLOOK)
        for versions in group_versions((STARTER, SMOL, *QWEN, NEMO, LARGE))
    ]
    assert recommended_here(prospects, STARTER.path).startswith("qwen3 4b")
    only = [prospect_of(versions, OUTLOOK) for versions in group_versions((STARTER, LARGE))]
    assert recommended_here(only, STARTER.path) == ""
    assert recommended_here([], None) == ""


def test_a_computer_on_which_nothing_runs_has_no_recommendation() -> None:
    prospects = [prospect_of(one, Outlook(OLD)) for one in group_versions((NEMO, LARGE))]
    assert recommended_here(prospects) == ""
