"""Makes a model file that has its header and its size, but no weights.

The engine tells from it what the model would take, see `app/engine/llama/estimate.py`. Where
the weights belong the file has a hole, which takes no room on disks that can have such files:
NTFS, APFS, ext4, btrfs, xfs. FAT and exFAT cannot.
"""

import errno
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from app.core.gguf import GgufHeader, LongArray, Value
from app.core.gguf_types import SCALAR_FORMATS, ValueType

PROBE_BYTES = 4 * 2**20
"""Size of the hole that is tried first: where holes are filled with zeros, one of the size of
a model would take minutes and fill the disk."""
DISK_BLOCK_BYTES = 512
"""What `st_blocks` counts (POSIX)."""
SET_SPARSE = 0x900C4
"""FSCTL_SET_SPARSE (winioctl.h). Without it NTFS sets the room aside."""


class SparseFilesUnsupportedError(Exception):
    """The disk cannot have files with holes, or not of this size. The formula has to do."""


def make_phantom(path: Path, header: bytes, size_bytes: int) -> None:
    """Write a phantom of a model file.

    Args:
        path: of the phantom; what is there is replaced.
        header: the first bytes of the model file, at least up to the weights.
        size_bytes: of the whole model file.

    Raises:
        SparseFilesUnsupportedError: nothing is left at `path`.
        OSError: the file cannot be written; something may be left.
    """
    try:
        _write(path, b"", PROBE_BYTES)
        has_hole = not _is_filled(path)
        if has_hole:
            _write(path, header, size_bytes)
    except OverflowError:
        has_hole = False
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno not in {errno.EFBIG, errno.EINVAL}:
            raise
        has_hole = False  # larger than any file can be here
    if not has_hole:
        path.unlink(missing_ok=True)
        raise SparseFilesUnsupportedError(str(path.parent))


def _write(path: Path, head: bytes, size_bytes: int) -> None:
    with path.open("wb") as stream:
        _allow_holes(stream)
        stream.write(head)
        stream.truncate(size_bytes)


def _allow_holes(stream: BinaryIO) -> None:
    """Tell Windows that the file may have holes; other systems need not be told.

    Raises:
        OSError: EINVAL, it may not.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only needed here
        import msvcrt  # noqa: PLC0415 - there is no such module elsewhere
        from ctypes import wintypes  # noqa: PLC0415 - only needed here

        handle = wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno()))
        returned = wintypes.DWORD()
        control = ctypes.windll.kernel32.DeviceIoControl
        if not control(handle, SET_SPARSE, None, 0, None, 0, ctypes.byref(returned), None):
            raise OSError(errno.EINVAL, f"FSCTL_SET_SPARSE: {ctypes.GetLastError()}")


def _is_filled(path: Path) -> bool:
    """Say whether the hole of the probe takes room; Windows has refused it by now if it would."""
    n_blocks: int = getattr(path.stat(), "st_blocks", 0)
    return n_blocks * DISK_BLOCK_BYTES > PROBE_BYTES // 2


def without_vocabulary(header: GgufHeader) -> bytes:
    """Give the header of a file with the same weights, but without a tokenizer.

    Building the tokenizer is nearly all of what the engine's count takes: half a second for a
    vocabulary of 262,144 texts, against 10 ms without. The bytes end where the weights begin.
    """
    architecture = header.architecture
    n_tokens = len(header.token_texts) or header.number(f"{architecture}.vocab_size") or 0
    values = {
        key: _typed(header.types[key], value)
        for key, value in header.metadata.items()
        if not key.startswith("tokenizer.") and not isinstance(value, LongArray)
    }
    values["tokenizer.ggml.model"] = _typed(ValueType.STRING, "none")
    values[f"{architecture}.vocab_size"] = _typed(ValueType.UINT32, n_tokens)
    parts = [struct.pack("<4sIQQ", b"GGUF", 3, len(header.tensors), len(values))]
    parts += [_text(key.encode()) + value for key, value in values.items()]
    for tensor in header.tensors:
        n_dimensions = len(tensor.shape)
        parts.append(_text(tensor.name.encode()) + struct.pack("<I", n_dimensions))
        place = (tensor.type_id, tensor.offset_bytes)
        parts.append(struct.pack(f"<{n_dimensions}QIQ", *tensor.shape, *place))
    written = b"".join(parts)
    return written + b"\0" * (-len(written) % header.alignment_bytes)


def _typed(kind: ValueType, value: Value) -> bytes:
    """Give a value as the file has it; `kind` is that of an array's items."""
    if isinstance(value, tuple):
        letter, _ = SCALAR_FORMATS[kind]
        items = struct.pack(f"<{len(value)}{letter}", *value)
        return struct.pack("<IIQ", ValueType.ARRAY, kind, len(value)) + items
    if isinstance(value, str):
        return struct.pack("<I", ValueType.STRING) + _text(value.encode())
    letter, _ = SCALAR_FORMATS[kind]
    return struct.pack(f"<I{letter}", kind, value)


def _text(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text
