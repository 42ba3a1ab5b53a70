"""Reads what a context takes on each device, from llama.cpp's own count.

`llama_get_memory_breakdown` (src/llama-ext.h) is a C++ function that gives a std::map from a
kind of buffer to three sizes. Its parts are read at the places where the three C++ libraries
put them; whatever does not look right there gives None.
"""

import ctypes
import functools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from llama_cpp import llama_cpp as native

from app.engine.llama.ggml import ggml_function

MAX_ROWS = 32
"""More kinds of buffers than this mean that the map was misread."""
_WINDOWS_NAME = (
    "?llama_get_memory_breakdown@@YA?AV?$map@PEAUggml_backend_buffer_type@@"
    "Ullama_memory_breakdown_data@@U?$less@PEAUggml_backend_buffer_type@@@std@@"
    "V?$allocator@U?$pair@QEAUggml_backend_buffer_type@@"
    "Ullama_memory_breakdown_data@@@std@@@4@@std@@PEBUllama_context@@@Z"
)
_NAMES = (
    "llama_get_memory_breakdown",
    "_Z26llama_get_memory_breakdownPK13llama_context",
    _WINDOWS_NAME,
)
"""As C would call it, and as the compilers of Linux, macOS and Windows do."""


@dataclass(frozen=True, slots=True)
class Row:
    """What lies in one kind of buffer, in bytes.

    Attributes:
        buffer: its name, such as "CPU_REPACK".
        device: name of the device it belongs to; empty if it is the processor's memory.
    """

    buffer: str
    device: str
    model_bytes: int
    context_bytes: int
    compute_bytes: int


class _Value(ctypes.Structure):
    """The pair in each node: ggml_backend_buffer_type_t and llama_memory_breakdown_data."""

    _fields_ = (
        ("buffer_type", ctypes.c_void_p),
        ("model", ctypes.c_size_t),
        ("context", ctypes.c_size_t),
        ("compute", ctypes.c_size_t),
    )


class _Node(ctypes.Structure):
    """A node of the tree; which pointer is which differs."""

    _fields_ = (
        ("pointers", ctypes.c_void_p * 3),
        ("flags", ctypes.c_uint8 * 8),
        ("value", _Value),
    )


class _GnuMap(ctypes.Structure):
    """libstdc++ (bits/stl_tree.h): the comparison, the header node, the count."""

    _fields_ = (
        ("compare", ctypes.c_size_t),
        ("colour", ctypes.c_size_t),
        ("root", ctypes.c_void_p),
        ("leftmost", ctypes.c_void_p),
        ("rightmost", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
    )


class _GnuNode(ctypes.Structure):
    """libstdc++: colour, parent, left, right, value."""

    _fields_ = (
        ("colour", ctypes.c_size_t),
        ("pointers", ctypes.c_void_p * 3),
        ("value", _Value),
    )


class _ClangMap(ctypes.Structure):
    """libc++ (__tree): the first node, the root, the count. Its nodes: left, right, parent."""

    _fields_ = (
        ("first", ctypes.c_void_p),
        ("root", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
    )


class _MicrosoftMap(ctypes.Structure):
    """MSVC (xtree): the head node, the count. Its nodes: left, parent, right, colour, isnil."""

    _fields_ = (("head", ctypes.c_void_p), ("count", ctypes.c_size_t))


def breakdown(context: Any) -> list[Row] | None:  # noqa: ANN401 - a pointer of llama_cpp
    """Give what a context and its model take; None if this build does not tell."""
    function = _function()
    if function is None:
        return None
    tree = function(context)
    if not 0 < tree.count <= MAX_ROWS:
        return None
    walks: dict[type[ctypes.Structure], Callable[[Any], Iterator[_Value]]] = {
        _GnuMap: _gnu_values,
        _ClangMap: _clang_values,
        _MicrosoftMap: _microsoft_values,
    }
    values = list(walks[type(tree)](tree))
    if len(values) != tree.count:
        return None
    rows = [_row(value) for value in values]
    return rows if all(row.buffer.isascii() and row.buffer.isprintable() for row in rows) else None


@functools.cache
def _function() -> Callable[[Any], Any] | None:
    library = native._lib  # noqa: SLF001 - the handle is not exported otherwise
    for name in _NAMES:
        function = getattr(library, name, None)
        if function is not None:
            function.argtypes = [ctypes.c_void_p]
            function.restype = _map_type()
            return function  # type: ignore[no-any-return]
    return None


def _map_type() -> type[ctypes.Structure]:
    return {"win32": _MicrosoftMap, "darwin": _ClangMap}.get(sys.platform, _GnuMap)


def _gnu_values(tree: _GnuMap) -> Iterator[_Value]:
    def walk(address: int | None) -> Iterator[_Value]:
        if address:
            node = _GnuNode.from_address(address)
            _, left, right = node.pointers
            yield from walk(left)
            yield node.value
            yield from walk(right)

    return walk(tree.root)


def _clang_values(tree: _ClangMap) -> Iterator[_Value]:
    def walk(address: int | None) -> Iterator[_Value]:
        if address:
            node = _Node.from_address(address)
            left, right, _ = node.pointers
            yield from walk(left)
            yield node.value
            yield from walk(right)

    return walk(tree.root)


def _microsoft_values(tree: _MicrosoftMap) -> Iterator[_Value]:
    def walk(address: int | None) -> Iterator[_Value]:
        node = _Node.from_address(address) if address else None
        if node is not None and not node.flags[1]:
            left, _, right = node.pointers
            yield from walk(left)
            yield node.value
            yield from walk(right)

    if not tree.head:
        return iter(())
    return walk(_Node.from_address(tree.head).pointers[1])


def _row(value: _Value) -> Row:
    device = ggml_function("ggml_backend_buft_get_device", ctypes.c_void_p, ctypes.c_void_p)
    is_host = ggml_function("ggml_backend_buft_is_host", ctypes.c_bool, ctypes.c_void_p)
    handle = None if is_host(value.buffer_type) else device(value.buffer_type)
    return Row(
        buffer=_text("ggml_backend_buft_name", value.buffer_type),
        device=_text("ggml_backend_dev_name", handle) if handle else "",
        model_bytes=value.model,
        context_bytes=value.context,
        compute_bytes=value.compute,
    )


def _text(function: str, handle: int) -> str:
    text: bytes = ggml_function(function, ctypes.c_char_p, ctypes.c_void_p)(handle) or b""
    return text.decode("utf-8", "replace")
