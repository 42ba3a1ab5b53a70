import pytest

from app.core.sampling import sampling_of
from app.core.settings import DEFAULTS, SETTINGS, SettingGroup, SettingKey, setting


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.key.value)
def test_every_setting_accepts_its_default_and_is_explained(row: object) -> None:
    assert isinstance(row, type(SETTINGS[0]))
    assert row.accepts(row.default)
    if row.group is not SettingGroup.HIDDEN:
        assert row.title
        assert row.explanation.endswith(".")


def test_every_key_has_one_row() -> None:
    assert [row.key for row in SETTINGS].__len__() == len(set(SettingKey)) == len(DEFAULTS)


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        (SettingKey.TEMPERATURE, 3.0),
        (SettingKey.TEMPERATURE, "warm"),
        (SettingKey.TOP_K, 1.5),
        (SettingKey.TOP_K, True),
        (SettingKey.ENTER_SENDS, 1),
        (SettingKey.APPEARANCE, "pink"),
        (SettingKey.N_CTX, -1),
    ],
)
def test_values_out_of_range_are_refused(key: SettingKey, bad: object) -> None:
    assert not setting(key).accepts(bad)


def test_whole_numbers_are_fine_where_fractions_are() -> None:
    assert setting(SettingKey.TEMPERATURE).accepts(1)


def test_a_negative_seed_means_a_new_one_each_time() -> None:
    assert sampling_of(DEFAULTS).seed is None
    assert sampling_of({**DEFAULTS, SettingKey.SEED: 7}).seed == 7
