"""Headers with keys and tensors at random, as hypothesis draws them."""

from hypothesis import strategies as st

from app.core.gguf import GgufHeader, LongArray, Tensor
from app.core.gguf_types import CHAT_ARCHITECTURES, TENSOR_TYPES, ValueType

KEYS = (
    "attention.head_count",
    "attention.head_count_kv",
    "attention.indexer.key_length",
    "attention.indexer.types",
    "attention.key_length",
    "attention.key_length_mla",
    "attention.key_length_swa",
    "attention.recurrent_layers",
    "attention.shared_kv_layers",
    "attention.sliding_window",
    "attention.sliding_window_pattern",
    "attention.value_length",
    "attention.value_length_mla",
    "block_count",
    "embedding_length",
    "embedding_length_per_layer_input",
    "expert_count",
    "expert_used_count",
    "feed_forward_length",
    "full_attention_interval",
    "kda.head_dim",
    "nextn_predict_layers",
    "num_loops",
    "shortconv.l_cache",
    "ssm.conv_kernel",
    "ssm.group_count",
    "ssm.inner_size",
    "ssm.state_size",
    "vocab_size",
    "wkv.head_size",
)
WHOLE = st.one_of(st.integers(0, 64), st.integers(-(2**63), 2**64 - 1))
VALUES = st.one_of(
    WHOLE,
    st.booleans(),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.one_of(WHOLE, st.floats()), max_size=9).map(tuple),
    st.builds(LongArray, st.just(ValueType.INT32), st.integers(0, 10**6)),
)
NAMES = st.sampled_from(
    [
        "token_embd.weight",
        "output.weight",
        "per_layer_token_embd.weight",
        "rope_freqs.weight",
        *(
            f"blk.{i}.{part}"
            for i in (0, 1, 3, 700)
            for part in (
                "attn_q.weight",
                "attn_qkv.weight",
                "ffn_up.weight",
                "ffn_down.weight",
                "ffn_up_exps.weight",
                "ffn_down_exps.weight",
                "ffn_up.7.weight",
                "ssm_in.weight",
                "ssm_conv1d.weight",
                "shortconv.conv.weight",
            )
        ),
        "blk.x.weight",
        "blk.",
    ]
)
TENSORS = st.builds(
    Tensor,
    NAMES,
    st.lists(st.integers(1, 2**32), min_size=1, max_size=4).map(tuple),
    st.sampled_from(sorted(TENSOR_TYPES)),
    st.just(0),
    st.integers(0, 2**50),
)


@st.composite
def headers(draw: st.DrawFn) -> GgufHeader:
    architecture = draw(st.sampled_from([*sorted(CHAT_ARCHITECTURES), "of-the-future", ""]))
    metadata = draw(st.dictionaries(st.sampled_from(KEYS), VALUES))
    return GgufHeader(
        "a",
        3,
        {
            "general.architecture": architecture,
            **{f"{architecture}.{key}": value for key, value in metadata.items()},
        },
        {},
        tuple(draw(st.lists(st.binary(max_size=3), max_size=3))),
        tuple(draw(st.lists(TENSORS, max_size=8))),
        32,
        0,
    )
