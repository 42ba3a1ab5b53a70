"""The starter model with another vocabulary or template, of the same length."""

import struct
from pathlib import Path

from app.core.placement import Placement
from app.engine import llama

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
"""Types of tokens (gguf.md)."""


class ChangedStarter:
    """A copy of the starter's bytes to be changed in place."""

    def __init__(self, starter_path: Path) -> None:
        self._content = bytearray(starter_path.read_bytes())

    def rename(self, texts: dict[int, str]) -> "ChangedStarter":
        """Give the first tokens other texts; together they must have the same length."""
        start = self._after("tokenizer.ggml.tokens") + 16
        n_tokens = max(texts) + 1
        place, old = start, []
        for _ in range(n_tokens):
            (n_bytes,) = struct.unpack_from("<Q", self._content, place)
            old.append(bytes(self._content[place + 8 : place + 8 + n_bytes]))
            place += 8 + n_bytes
        new = [texts[n].encode() if n in texts else text for n, text in enumerate(old)]
        encoded = b"".join(struct.pack("<Q", len(text)) + text for text in new)
        assert len(encoded) == place - start
        self._content[start:place] = encoded
        return self

    def set_type(self, token: int, token_type: int) -> "ChangedStarter":
        """Give a token another type."""
        start = self._after("tokenizer.ggml.token_type") + 16
        struct.pack_into("<i", self._content, start + 4 * token, token_type)
        return self

    def set_template(self, source: str) -> "ChangedStarter":
        """Put another template in place; a comment fills the rest."""
        start = self._after("tokenizer.chat_template") + 4
        (n_bytes,) = struct.unpack_from("<Q", self._content, start)
        filled = source.encode() + b"{#".ljust(n_bytes - len(source.encode()) - 2) + b"#}"
        assert len(filled) == n_bytes
        self._content[start + 8 : start + 8 + n_bytes] = filled
        return self

    def write(self, path: Path) -> Path:
        """Write the file."""
        path.write_bytes(self._content)
        return path

    def _after(self, key: str) -> int:
        return self._content.index(struct.pack("<Q", len(key)) + key.encode()) + 8 + len(key)


def load(path: Path, log: llama.EngineLog, n_ctx: int = 512) -> llama.LlamaModel:
    """Load a model with little room."""
    stop = llama.StopFlag()
    return llama.LlamaModel(path, "Changed", Placement(n_ctx), log, stop, lambda _: None)
