"""Makes the context of a loaded model: the room for a conversation, and how it computes."""

from typing import Any

from llama_cpp import llama_cpp as native

from app.core.placement import KvType, Placement

_KV_TYPES = {KvType.F16: native.GGML_TYPE_F16, KvType.Q8_0: native.GGML_TYPE_Q8_0}


def new_context(model: Any, placement: Placement) -> Any:  # noqa: ANN401 - pointers of llama_cpp
    """Make a context as placed; None when the library cannot."""
    parameters = native.llama_context_default_params()
    parameters.n_ctx = placement.n_ctx
    parameters.n_batch = parameters.n_ubatch = placement.n_batch
    # Only the last token's logits are ever needed; the default reserves a whole batch.
    parameters.n_outputs_max = 1
    parameters.n_threads = placement.n_threads
    parameters.n_threads_batch = placement.n_threads_batch
    parameters.flash_attn_type = (
        native.LLAMA_FLASH_ATTN_TYPE_ENABLED
        if placement.flash_attention
        else native.LLAMA_FLASH_ATTN_TYPE_DISABLED
    )
    parameters.type_k = parameters.type_v = _KV_TYPES[placement.kv_type]
    # The library's default keeps sliding-window layers at full size: up to 3x the memory.
    parameters.swa_full = False
    parameters.no_perf = True
    context = native.llama_init_from_model(model, parameters)
    if not context and placement.flash_attention:
        # A few architectures cannot use flash attention; the library then knows best.
        parameters.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_AUTO
        context = native.llama_init_from_model(model, parameters)
    return context
