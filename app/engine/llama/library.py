"""The library itself: its version and log, and how a computation is stopped."""

import ctypes
import sys
from collections import deque
from typing import Any

import llama_cpp
from llama_cpp import llama_cpp as native

from app.engine.device_use import LAYER_MARK

LOG_LINES = 400
"""How much of llama.cpp's log is kept for the reason of a failure."""
DEBUG_LEVEL, ERROR_LEVEL = 1, 4
"""GGML_LOG_LEVEL_DEBUG and GGML_LOG_LEVEL_ERROR (ggml.h)."""
DECODED, NO_ROOM, ABORTED, OUT_OF_MEMORY = 0, 1, 2, -2
"""What llama_decode returns (llama.h)."""


class StopFlag:
    """Stops a running llama_decode within milliseconds, without the interpreter's lock.

    The abort callback is asked hundreds of times a token. libc's `strlen` serves as the
    callback: of the flag's text it makes 0 (go on) or 1 (stop), and no Python runs.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)

    @property
    def is_set(self) -> bool:
        """Whether a stop was asked for."""
        return self._text.raw[0] != 0

    def set(self) -> None:
        """Ask for a stop; callable from any thread."""
        self._text[0] = b"x"

    def clear(self) -> None:
        """Begin anew."""
        self._text[0] = b"\0"

    def install(self, context: Any) -> None:  # noqa: ANN401 - a pointer of llama_cpp
        """Let `context` ask this flag while it computes."""
        libc = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        callback = ctypes.cast(libc.strlen, native.ggml_abort_callback)
        native.llama_set_abort_callback(context, callback, ctypes.addressof(self._text))


class EngineLog:
    """llama.cpp's log in a ring buffer instead of on the screen."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LOG_LINES)
        self._callback = native.llama_log_callback(self._keep)
        native.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _keep(self, level: int, text: bytes, _data: object) -> None:
        line = text.decode("utf-8", "replace").rstrip("\n")
        if level == DEBUG_LEVEL and LAYER_MARK not in line:
            # Thousands of lines for one load would push out all others.
            return
        self._lines.append(line)
        if level == ERROR_LEVEL:
            # If the process dies of it, this line is all that is left to say why.
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log of this process

    def begin(self) -> None:
        """Forget what was logged so far."""
        self._lines.clear()

    def lines(self) -> list[str]:
        """What was logged since `begin`, oldest first."""
        return list(self._lines)


def engine_version() -> str:
    """Version of the binding and the library; saved memory is only good for the same one."""
    return f"{llama_cpp.__version__}/{native.llama_version().decode()}"
