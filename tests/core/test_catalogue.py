"""Order, filters and the search among models that are known here."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.candidate import (
    Candidate,
    Capability,
    RemoteFile,
    RemoteVersion,
    Use,
    as_model_versions,
)
from app.core.catalogue import (
    CatalogueFilter,
    SizeClass,
    Standing,
    closeness,
    entry_of,
    for_you,
    matches,
    ordered,
    query_words,
    runs_well,
    search_text,
    size_class,
)
from app.core.fit.choice import FitState, Ranking
from app.core.fit_events import Outlook
from app.core.licence_table import LicenceBadge
from app.core.prospects import Prospect, prospect_of
from tests.fit_samples import LAPTOP, model

OUTLOOK = Outlook(LAPTOP)


def candidate(name: str, billions: float, *uses: Use, licence: str = "apache-2.0") -> Candidate:
    file = model(name, billions=billions)
    version = RemoteVersion("Q4_K_M", (RemoteFile(f"{name}-Q4_K_M.gguf", file.size_bytes),))
    return Candidate(
        repo_id=f"someone/{name}",
        name=name,
        publisher="Someone",
        architecture=file.architecture,
        n_parameters=file.n_parameters,
        n_ctx_train=32768,
        licence_id=licence,
        uses=uses or (Use.CHAT,),
        languages=("en", "de"),
        versions=(version,),
        shape=file.shape,
        shape_bytes=file.weights_bytes,
    )


SMALL = candidate("Small", 2, Use.CHAT, Use.CODE)
MIDDLE = candidate("Middle", 4, Use.CHAT, Use.DOCUMENTS)
CODER = candidate("Coder", 2, Use.CODE)
GIANT = candidate("Giant", 70, Use.CHAT, Use.CODE)
COLOSSUS = candidate("Colossus", 200, Use.CHAT)
UNKNOWN = replace(candidate("Unknown", 5), shape=None)
ALL = (GIANT, SMALL, UNKNOWN, COLOSSUS, MIDDLE, CODER)


def prospects_of(candidates: tuple[Candidate, ...]) -> dict[str, Prospect]:
    return {one.repo_id: prospect_of(as_model_versions(one), OUTLOOK) for one in candidates}


PROSPECTS = prospects_of(ALL)


def names(use: Use, candidates: tuple[Candidate, ...] = ALL) -> list[str]:
    sections = {one.use: one for one in for_you(candidates, PROSPECTS)}
    return [one.candidate.name for one in sections[use].entries]


def test_the_largest_that_runs_well_is_first_and_what_is_too_big_is_last() -> None:
    assert names(Use.CHAT) == ["Middle", "Small", "Unknown", "Giant", "Colossus"]


def test_the_standing_is_that_of_the_version_to_take() -> None:
    standings = {one.name: entry_of(one, PROSPECTS[one.repo_id]).standing for one in ALL}
    assert standings["Middle"] is Standing.RUNS_WELL
    assert standings["Unknown"] is Standing.UNKNOWN
    assert standings["Giant"] is Standing.TOO_BIG
    assert entry_of(SMALL, None).standing is Standing.UNKNOWN


def test_one_that_is_made_for_a_use_comes_before_an_equal_that_can_do_it_too() -> None:
    assert names(Use.CODE) == ["Coder"]


def test_the_best_for_a_use_may_be_one_that_is_shown_elsewhere() -> None:
    strong = candidate("Strong", 4.5, Use.CHAT, Use.CODE)
    prospects = PROSPECTS | prospects_of((strong,))
    sections = {one.use: one for one in for_you((*ALL, strong), prospects)}
    assert [one.candidate.name for one in sections[Use.CODE].entries] == ["Strong", "Coder"]
    assert sections[Use.CODE].recommended is sections[Use.CODE].entries[0]
    assert sections[Use.CHAT].entries[0].candidate is strong


def test_where_none_runs_well_none_is_recommended() -> None:
    section = for_you((GIANT, COLOSSUS), PROSPECTS)[0]
    assert section.recommended is None
    assert [one.candidate.name for one in section.entries] == ["Giant", "Colossus"]


def test_a_free_licence_comes_before_conditions() -> None:
    own = candidate("Own", 4, licence="gemma")
    prospects = PROSPECTS | prospects_of((own,))
    chat = for_you((own, MIDDLE), prospects)[0]
    assert [one.candidate.name for one in chat.entries] == ["Middle", "Own"]


def at_speed(prospect: Prospect, tokens_per_s: float) -> Prospect:
    """Give what would be said of a model if it wrote that fast here."""
    best = prospect.best
    assert best is not None
    speed = replace(best.speed, tokens_per_s=tokens_per_s)
    verdict = replace(best, speed=speed, state=FitState.RUNS_WELL)
    return replace(prospect, ranking=Ranking((verdict,), verdict))


def test_for_everyday_chat_who_writes_as_fast_as_people_read_comes_first() -> None:
    able = (Use.CHAT, Use.DOCUMENTS)
    slow, fluent, tiny = (
        candidate(name, billions, *able)
        for name, billions in (("Slow", 9), ("Fluent", 4), ("Tiny", 1))
    )
    prospects = prospects_of((slow, fluent, tiny))
    for one, words_per_s in ((slow, 4.0), (fluent, 5.5), (tiny, 40.0)):
        prospects[one.repo_id] = at_speed(prospects[one.repo_id], words_per_s / 0.75)
    reader = candidate("Reader", 1, Use.DOCUMENTS)
    prospects |= prospects_of((reader,))
    sections = {one.use: one for one in for_you((tiny, slow, fluent, reader), prospects)}
    chat = [one.candidate.name for one in sections[Use.CHAT].entries]
    assert chat == ["Fluent", "Slow", "Tiny"], "a tiny one that is fast is no better"
    best = sections[Use.DOCUMENTS].recommended
    assert best is not None
    assert best.candidate is slow, "for documents many will wait"


def test_how_many_others_like_it_plays_no_part() -> None:
    famous = tuple(
        replace(one, n_downloads=10**9, n_likes=10**6) if one is GIANT else one for one in ALL
    )
    assert names(Use.CHAT, famous) == names(Use.CHAT)


def test_hidden_models_are_nowhere() -> None:
    sections = for_you(ALL, PROSPECTS, frozenset({MIDDLE.repo_id}))
    assert MIDDLE not in [one.candidate for section in sections for one in section.entries]


CHOSEN = st.lists(st.sampled_from(ALL), unique_by=lambda one: one.repo_id).map(tuple)


@given(CHOSEN, st.booleans())
def test_the_order_is_total_and_stable(candidates: tuple[Candidate, ...], judged: bool) -> None:
    prospects = PROSPECTS if judged else {}
    once = ordered(candidates, prospects)
    assert sorted(map(id, once)) == sorted(map(id, candidates))
    assert ordered(once, prospects) == once
    by_standing = [
        list(Standing).index(entry_of(one, prospects.get(one.repo_id)).standing) for one in once
    ]
    assert by_standing == sorted(by_standing)


@given(CHOSEN)
def test_every_model_is_in_the_section_of_its_first_use(candidates: tuple[Candidate, ...]) -> None:
    sections = {one.use: one for one in for_you(candidates, PROSPECTS)}
    for one in candidates:
        assert one in [entry.candidate for entry in sections[one.uses[0]].entries]
    for section in sections.values():
        assert sum(one.is_recommended for one in section.entries) <= 1
        ids = [one.candidate.repo_id for one in section.entries]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CatalogueFilter(), "Giant Small Unknown Colossus Middle Coder"),
        (CatalogueFilter(uses=frozenset({Use.CODE})), "Giant Small Coder"),
        (CatalogueFilter(only_runs_well=True), "Small Middle Coder"),
        (CatalogueFilter(languages=frozenset({"de", "fr"})), ""),
        (CatalogueFilter(badges=frozenset({LicenceBadge.CONDITIONS})), ""),
        (CatalogueFilter(size_classes=frozenset({SizeClass.HUGE})), "Giant Colossus"),
        (CatalogueFilter(only_vision=True), ""),
        (CatalogueFilter(only_here=True), "Small"),
        (CatalogueFilter(query="someone MIDD"), "Middle"),
    ],
)
def test_filters(wanted: CatalogueFilter, expected: str) -> None:
    kept = [
        one.name
        for one in ALL
        if matches(one, wanted, PROSPECTS[one.repo_id], is_here=one is SMALL)
    ]
    assert kept == expected.split()
    assert wanted.is_empty is (wanted == CatalogueFilter())


FILTERS = st.builds(
    CatalogueFilter,
    query=st.sampled_from(["", "someone", "small", "x"]),
    uses=st.frozensets(st.sampled_from(Use)),
    only_runs_well=st.booleans(),
    languages=st.frozensets(st.sampled_from(["en", "de", "fr"])),
    badges=st.frozensets(st.sampled_from(LicenceBadge)),
    size_classes=st.frozensets(st.sampled_from(SizeClass)),
    only_vision=st.booleans(),
    only_here=st.booleans(),
)


@given(FILTERS, FILTERS, st.sampled_from(ALL), st.booleans())
def test_a_further_filter_only_removes(
    one: CatalogueFilter, other: CatalogueFilter, what: Candidate, is_here: bool
) -> None:
    both = replace(
        one,
        only_runs_well=one.only_runs_well or other.only_runs_well,
        languages=one.languages | other.languages,
        only_vision=one.only_vision or other.only_vision,
        only_here=one.only_here or other.only_here,
    )
    prospect = PROSPECTS[what.repo_id]
    if matches(what, both, prospect, is_here=is_here):
        assert matches(what, one, prospect, is_here=is_here)
    assert matches(what, CatalogueFilter(), None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Gemma 4 E4B", "EmbeddingGemma 300M", "Qwen3.5 4B"]),
        ("gemma", ["Gemma 4 E4B", "EmbeddingGemma 300M"]),
        ("GEMMA-4", ["Gemma 4 E4B"]),
        ("4b", ["Gemma 4 E4B", "Qwen3.5 4B"]),
        ("qwen3.5", ["Qwen3.5 4B"]),
        ("google", ["Gemma 4 E4B"]),
        ("vision", ["Gemma 4 E4B"]),
        ("llama", []),
    ],
)
def test_the_search_here_finds_names_first(query: str, found: list[str]) -> None:
    models = (
        replace(
            candidate("Gemma 4 E4B", 7),
            publisher="Google",
            capabilities=frozenset({Capability.VISION}),
        ),
        candidate("EmbeddingGemma 300M", 0.3),
        candidate("Qwen3.5 4B", 4),
    )
    words = query_words(query)
    ranked = sorted(models, key=lambda one: -closeness(search_text(one), words))
    assert [one.name for one in ranked if closeness(search_text(one), words)] == found


@given(st.text(max_size=20))
def test_any_query_can_be_searched_for(query: str) -> None:
    words = query_words(query)
    assert all(0 <= closeness(search_text(one), words) <= 3 for one in ALL)


def test_sizes_have_classes_and_unjudged_models_do_not_run_well() -> None:
    classes = [size_class(replace(SMALL, n_parameters=n)) for n in (0, 10**9, 4 * 10**9, 10**12)]
    assert classes == [SizeClass.UNKNOWN, SizeClass.TINY, SizeClass.SMALL, SizeClass.HUGE]
    assert not runs_well(None)
    assert runs_well(PROSPECTS[SMALL.repo_id])
    assert not runs_well(PROSPECTS[GIANT.repo_id])
