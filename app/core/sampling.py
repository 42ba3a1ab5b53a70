"""How the next token is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.settings import SettingKey, SettingValue


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling settings of one answer.

    Attributes:
        temperature: 0 always takes the likeliest token; higher is more varied.
        top_k: only this many likeliest tokens are considered; 0 considers all.
        top_p: only the likeliest tokens that together reach this probability; 1.0 is off.
        min_p: only tokens at least this fraction as likely as the likeliest; 0.0 is off.
        repeat_penalty: above 1.0, tokens of the last `repeat_last_n` become less likely.
        repeat_last_n: how many tokens back the penalty looks.
        seed: the same seed gives the same answer; None takes a new one each time.
        max_tokens: longest answer in tokens; 0 is limited by the context only.
        stop: the answer ends before any of these strings.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    seed: int | None = None
    max_tokens: int = 0
    stop: tuple[str, ...] = ()


def sampling_of(settings: Mapping[SettingKey, SettingValue]) -> Sampling:
    """Give the sampling that the user's settings ask for."""
    seed = int(settings[SettingKey.SEED])
    return Sampling(
        temperature=float(settings[SettingKey.TEMPERATURE]),
        top_k=int(settings[SettingKey.TOP_K]),
        top_p=float(settings[SettingKey.TOP_P]),
        min_p=float(settings[SettingKey.MIN_P]),
        repeat_penalty=float(settings[SettingKey.REPEAT_PENALTY]),
        seed=seed if seed >= 0 else None,
        max_tokens=int(settings[SettingKey.MAX_TOKENS]),
    )
