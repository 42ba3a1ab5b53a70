"""The end of a file of saved memory, which says how long the file is.

llama.cpp aborts the process over one that was cut off (GGML_ASSERT in state_seq_load_file); it
reads only what it wrote, and never comes to the end added here.
"""

import os
import struct
from pathlib import Path

_END = struct.Struct("<8sQ")
_MAGIC = b"qh-state"


def seal(path: Path) -> int:
    """Add the end to a file just written; give its size in bytes."""
    with path.open("ab") as stream:
        size_bytes = stream.tell() + _END.size
        stream.write(_END.pack(_MAGIC, size_bytes))
    return size_bytes


def is_whole(path: Path) -> bool:
    """Say whether a file is as long as when it was sealed."""
    try:
        with path.open("rb") as stream:
            size_bytes = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size_bytes - _END.size))
            return stream.read() == _END.pack(_MAGIC, size_bytes)
    except OSError:
        return False
