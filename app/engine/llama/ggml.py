"""Functions of ggml that llama_cpp does not bind."""

import ctypes
import functools
import sys
from collections.abc import Callable
from typing import Any

from llama_cpp import llama_cpp as native

_WINDOWS_LIBRARIES = ("ggml.dll", "ggml-base.dll")
"""Where ggml's functions are on Windows; elsewhere libllama's own handle finds them."""


@functools.cache
def ggml_function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401 - ctypes' types
    """Give a function of the ggml that libllama uses.

    Asked through libllama's own handle: `llama_cpp._ggml` would load a second registry, which
    libllama does not see.

    Args:
        name: in C.
        result: its type of ctypes; None for void.
        arguments: their types of ctypes.

    Raises:
        AttributeError: this build has no such function.
    """
    libraries = [native._lib]  # noqa: SLF001 - the handle is not exported otherwise
    if sys.platform == "win32":
        libraries = [ctypes.CDLL(file) for file in _WINDOWS_LIBRARIES]
    library = next((one for one in libraries if hasattr(one, name)), libraries[-1])
    # A prototype of its own, so that nobody else's view of the function is changed.
    return ctypes.CFUNCTYPE(result, *arguments)((name, library))
