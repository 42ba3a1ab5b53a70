"""What a file that is no GGUF seems to be, told from its first bytes."""

import struct
from enum import StrEnum


class LooksLike(StrEnum):
    """What a file that is no GGUF seems to be."""

    EMPTY = "empty"
    HTML = "html"
    JSON = "json"
    TEXT = "text"
    ZIP = "zip"
    GZIP = "gzip"
    PDF = "pdf"
    SAFETENSORS = "safetensors"
    PYTORCH = "pytorch"
    GIT_LFS_POINTER = "git_lfs_pointer"
    GGML = "ggml"
    ZEROS = "zeros"
    UNKNOWN = "unknown"


def looks_like(head: bytes) -> LooksLike:  # noqa: PLR0911 - a list of signatures
    """Tell from its first bytes what a file that is no GGUF seems to be."""
    if not head:
        return LooksLike.EMPTY
    if not head.strip(b"\0"):
        return LooksLike.ZEROS
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stripped.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        return LooksLike.HTML
    if stripped.startswith((b"{", b"[")):
        return LooksLike.JSON
    if len(head) > 9 and head[8:9] == b"{" and struct.unpack("<Q", head[:8])[0] < 1 << 30:  # noqa: PLR2004 - the format's own layout
        return LooksLike.SAFETENSORS
    if all(byte >= ord(" ") or byte in b"\t\r\n" for byte in head):
        return LooksLike.TEXT
    return LooksLike.UNKNOWN


_SIGNATURES: tuple[tuple[bytes, LooksLike], ...] = (
    (b"version https://git-lfs", LooksLike.GIT_LFS_POINTER),
    (b"PK\x03\x04", LooksLike.ZIP),
    (b"\x1f\x8b", LooksLike.GZIP),
    (b"%PDF", LooksLike.PDF),
    (b"\x80\x02", LooksLike.PYTORCH),
    (b"lmgg", LooksLike.GGML),
    (b"fmgg", LooksLike.GGML),
    (b"tjgg", LooksLike.GGML),
    (b"algg", LooksLike.GGML),
)
