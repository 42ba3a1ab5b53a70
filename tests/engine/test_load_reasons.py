import pytest

from app.core.errors import ErrorCode
from app.engine.load_reasons import load_error


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        (
            "llama_model_load: error loading model: unknown model architecture: 'future'",
            ErrorCode.MODEL_UNSUPPORTED,
            "future",
        ),
        (
            "error loading model vocabulary: unknown pre-tokenizer type: 'new'",
            ErrorCode.MODEL_UNSUPPORTED,
            "new",
        ),
        ("ggml_aligned_malloc: insufficient memory", ErrorCode.MEMORY_TOO_SMALL, ""),
        ("alloc_tensor_range: failed to allocate CPU buffer", ErrorCode.MEMORY_TOO_SMALL, ""),
        ("ggml_vulkan: ErrorOutOfDeviceMemory", ErrorCode.MEMORY_TOO_SMALL, ""),
        (
            "tensor 'x' data is not within the file bounds, model is corrupted",
            ErrorCode.MODEL_TRUNCATED,
            "",
        ),
        (
            "error loading model: check_tensor_dims: tensor 'output_norm.weight' not found",
            ErrorCode.MODEL_DAMAGED,
            "output_norm.weight",
        ),
        ("something never seen", ErrorCode.MODEL_DAMAGED, ""),
    ],
)
def test_the_log_says_why_a_model_did_not_load(line: str, code: ErrorCode, reason: str) -> None:
    error = load_error(["earlier line", line], "Model")
    assert (error.code, error.facts.reason) == (code, reason)
    assert line in error.detail


def test_the_sentence_names_the_model_and_not_its_path() -> None:
    line = "error loading model: failed to open /home/me/my models/a.gguf: denied"
    error = load_error([line], "Model", "/home/me/my models/a.gguf")
    assert error.facts.reason == "failed to open Model: denied"
