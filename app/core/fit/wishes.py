"""What the user's settings mean for the choice of a placement."""

from collections.abc import Mapping

from app.core.fit.choice import Wishes
from app.core.placement import KvType
from app.core.settings import AUTOMATIC, SettingKey, SettingValue

_GB = 1 << 30
"""Memory is counted in binary, as it is sold."""


def wishes_of(settings: Mapping[SettingKey, SettingValue], n_ctx: int = 0) -> Wishes:
    """Give the wishes that settings express.

    Args:
        settings: the user's.
        n_ctx: wanted for the one model, in tokens; 0 takes what the settings want for all.
    """
    kv_type = str(settings[SettingKey.KV_TYPE])
    n_gpu_layers = int(settings[SettingKey.N_GPU_LAYERS])
    return Wishes(
        n_ctx=n_ctx or int(settings[SettingKey.N_CTX]),
        keep_free_bytes=int(float(settings[SettingKey.KEEP_FREE_GB]) * _GB),
        kv_type=None if kv_type == AUTOMATIC else KvType(kv_type),
        n_threads=int(settings[SettingKey.N_THREADS]),
        n_gpu_layers=None if n_gpu_layers < 0 else n_gpu_layers,
    )
