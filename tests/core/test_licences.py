"""Licences in plain language."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.licence_table import LICENCES, NOT_STATED, OTHER_NAMES, UNKNOWN
from app.core.licences import Licence, LicenceBadge, licence_of, stricter

HUB_IDS = [
    "apache-2.0",
    "mit",
    "openrail",
    "bigscience-openrail-m",
    "creativeml-openrail-m",
    "bigscience-bloom-rail-1.0",
    "bigcode-openrail-m",
    "afl-3.0",
    "artistic-2.0",
    "bsd-2-clause",
    "bsd-3-clause",
    "cc0-1.0",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nd-4.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nc-sa-4.0",
    "agpl-3.0",
    "gpl-3.0",
    "lgpl-3.0",
    "mpl-2.0",
    "llama2",
    "llama3",
    "llama3.1",
    "llama3.2",
    "llama3.3",
    "llama4",
    "gemma",
    "apple-ascl",
    "apple-amlr",
    "deepfloyd-if-license",
]
OPEN_SOURCE = [
    "apache-2.0",
    "mit",
    "bsd-2-clause",
    "bsd-3-clause",
    "afl-3.0",
    "artistic-2.0",
    "isc",
    "mpl-2.0",
    "gpl-2.0",
    "gpl-3.0",
    "lgpl-3.0",
    "agpl-3.0",
]
JARGON = re.compile(
    r"\b(LLM|AUP|MAU|derivative|sublicens|herein|indemnif|pursuant)", re.IGNORECASE
)
ROWS = (*LICENCES.values(), NOT_STATED, UNKNOWN)


@pytest.mark.parametrize("licence_id", HUB_IDS)
def test_every_id_of_the_hub_is_known(licence_id: str) -> None:
    licence = licence_of(licence_id)
    assert licence.key == licence_id
    assert licence.badge is not LicenceBadge.NOT_STATED


@pytest.mark.parametrize("licence", ROWS, ids=lambda one: one.key or "none")
def test_every_licence_is_told_in_plain_words(licence: Licence) -> None:
    assert 1 <= len(licence.title.split()) <= 5
    assert len(licence.conditions) <= 4
    assert licence.conditions or licence.badge is LicenceBadge.FREE
    for sentence in licence.conditions:
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert 20 <= len(sentence) <= 125
        assert not JARGON.search(sentence)
    assert not licence.link or licence.link.startswith("https://")


def test_open_source_is_what_the_initiative_approved() -> None:
    assert {one.key for one in ROWS if one.is_open_source} == set(OPEN_SOURCE)
    assert all(LICENCES[key].badge is LicenceBadge.FREE for key in OPEN_SOURCE)


def test_every_other_way_to_write_a_name_leads_to_a_licence() -> None:
    assert set(OTHER_NAMES.values()) <= set(LICENCES)
    assert not set(OTHER_NAMES) & set(LICENCES)


@pytest.mark.parametrize(
    ("licence_id", "licence_name", "key", "badge"),
    [
        ("other", "lfm1.0", "lfm1.0", LicenceBadge.CONDITIONS),
        ("other", "LFM Open License v1.0", "lfm1.0", LicenceBadge.CONDITIONS),
        ("other", "tongyi-qianwen", "qwen", LicenceBadge.CONDITIONS),
        ("other", "qwen-research", "qwen-research", LicenceBadge.PRIVATE_ONLY),
        ("other", "mrl", "mrl", LicenceBadge.PRIVATE_ONLY),
        ("other", "Apache_License 2.0", "apache-2.0", LicenceBadge.FREE),
        ("", "lfm1.0", "lfm1.0", LicenceBadge.CONDITIONS),
        ("Apache-2.0 ", "", "apache-2.0", LicenceBadge.FREE),
        ("other", "", "other", LicenceBadge.NOT_STATED),
        ("other", "my-own", "other", LicenceBadge.NOT_STATED),
        ("wtfpl-9", "", "other", LicenceBadge.NOT_STATED),
        ("unknown", "", "", LicenceBadge.NOT_STATED),
        ("", "", "", LicenceBadge.NOT_STATED),
        ("cc-by-nc-4.0", "", "cc-by-nc-4.0", LicenceBadge.PRIVATE_ONLY),
    ],
)
def test_a_licence_is_found(
    licence_id: str, licence_name: str, key: str, badge: LicenceBadge
) -> None:
    licence = licence_of(licence_id, licence_name)
    assert (licence.key, licence.badge) == (key, badge)


def test_a_licence_that_is_not_known_keeps_its_name_and_link() -> None:
    licence = licence_of("other", "my-own", "https://example.org/licence")
    assert (licence.title, licence.link) == ("my-own", "https://example.org/licence")
    assert licence.conditions == UNKNOWN.conditions


def test_the_stricter_licence_counts() -> None:
    free, own, private = licence_of("mit"), licence_of("gemma"), licence_of("cc-by-nc-4.0")
    nothing = licence_of("")
    assert stricter(free, own) is stricter(own, free) is own
    assert stricter(own, private) is private
    assert stricter(free, nothing) is nothing
    assert stricter(nothing, private) is private


LICENCES_SAID = st.sampled_from(ROWS)


@given(LICENCES_SAID, LICENCES_SAID)
def test_a_licence_never_becomes_freer_by_another(one: Licence, other: Licence) -> None:
    chosen = stricter(one, other)
    assert chosen in (one, other)
    assert chosen.badge is stricter(other, one).badge
    order = list(LicenceBadge)
    assert chosen.badge is not LicenceBadge.FREE or one.badge is other.badge is LicenceBadge.FREE
    assert stricter(one, one) is one
    assert chosen.badge in order


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
@example("0", "\r", "")
def test_nothing_that_pages_say_is_too_strange(one: str, other: str, link: str) -> None:
    licence = licence_of(one, other, link)
    assert licence.title
    assert not licence.is_open_source or licence.key in OPEN_SOURCE
