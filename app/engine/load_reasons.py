"""Why a model did not load, from the lines that llama.cpp logged.

Every load failure reads the same through the API (a null pointer); the reason exists only in
the log. The patterns were taken from llama.cpp 0c1e570 (llama-model-loader.cpp,
llama-model.cpp, ggml-backend.cpp).
"""

import re
from collections.abc import Iterable

from app.core.errors import ErrorCode, Facts, WorldError

_REASONS: tuple[tuple[str, ErrorCode], ...] = (
    (r"unknown model architecture: '?(?P<reason>[^'\n]*)'?", ErrorCode.MODEL_UNSUPPORTED),
    (r"unknown pre-tokenizer type: '?(?P<reason>[^'\n]*)'?", ErrorCode.MODEL_UNSUPPORTED),
    (r"unknown tokenizer: '?(?P<reason>[^'\n]*)'?", ErrorCode.MODEL_UNSUPPORTED),
    (r"(?:has|tensor) invalid ggml type (?P<reason>\d+)", ErrorCode.MODEL_UNSUPPORTED),
    (r"out of ?memory|OutOfDeviceMemory|OutOfHostMemory", ErrorCode.MEMORY_TOO_SMALL),
    (r"failed to allocate|unable to allocate|bad_?alloc", ErrorCode.MEMORY_TOO_SMALL),
    (r"insufficient memory|attempted to allocate", ErrorCode.MEMORY_TOO_SMALL),
    (r"not within the file bounds|unexpectedly reached end of file", ErrorCode.MODEL_TRUNCATED),
    (r"tensor '(?P<reason>[^']*)' not found", ErrorCode.MODEL_DAMAGED),
    (r"error loading model: (?P<reason>.*)", ErrorCode.MODEL_DAMAGED),
)


def load_error(log_lines: Iterable[str], display_name: str, path: str = "") -> WorldError:
    """Give the error that the log of a failed load speaks of.

    Args:
        log_lines: what was logged since the load began, oldest first.
        display_name: of the model, for the sentence shown.
        path: of the file; the log may name it, the sentence does not.
    """
    text = "\n".join(log_lines)
    for pattern, code in _REASONS:
        if found := re.search(pattern, text, re.IGNORECASE):
            reason = found.groupdict().get("reason") or ""
            reason = reason.replace(path, display_name) if path else reason
            return WorldError(code, Facts(file_name=display_name, reason=reason.strip()), text)
    return WorldError(ErrorCode.MODEL_DAMAGED, Facts(file_name=display_name), text)
