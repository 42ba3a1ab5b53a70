"""What files of the Hub are called on this disk.

Names that any system can hold, and none that leads anywhere else: what comes from a repository
is foreign text, and no part of a path.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import plain_name

MAX_CHARACTERS = 120
MAX_NAME_BYTES = 220
"""File systems hold 255 bytes, and ".part.json.new" is put behind."""
SUFFIX = ".gguf"

_REPO_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_FORBIDDEN = frozenset('/\\:*?"<>|')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Devices of Windows, with whatever extension."""


def folder_name(repo_id: str) -> str:
    """Give the folder of a repository: "maker__model-GGUF".

    Raises:
        WorldError: FILE_NAME_REFUSED.
    """
    parts = repo_id.split("/")
    is_plain = _REPO_ID.fullmatch(repo_id) and ".." not in repo_id and repo_id.count("/") == 1
    if not is_plain or not all(_is_safe(part) for part in parts):
        raise _refused(repo_id)
    return "__".join(parts)


def file_names(paths: Sequence[str]) -> tuple[str, ...]:
    """Give names for files of one folder, without the repository's own folders.

    Those are kept in the name, as "folder__name", where two files have the same name without;
    capitals make no difference, as on Windows and macOS.

    Raises:
        WorldError: FILE_NAME_REFUSED.
    """
    parts = [_safe_parts(path) for path in paths]
    names = [one[-1] for one in parts]
    folded = Counter(_folded(name) for name in names)
    for number, one in enumerate(parts):
        if folded[_folded(names[number])] > 1:
            names[number] = "__".join(one)
    for path, name in zip(paths, names, strict=True):
        if not _is_safe(name) or not name.lower().endswith(SUFFIX):
            raise _refused(path)
    if len({_folded(name) for name in names}) < len(names):
        raise _refused(paths[0])
    return tuple(names)


def is_same_name(one: str, other: str) -> bool:
    """Say whether some file system takes both for the same."""
    return _folded(one) == _folded(other)


def _safe_parts(path: str) -> list[str]:
    parts = path.split("/")
    if not all(_is_safe(part) for part in parts):
        raise _refused(path)
    return parts


def _is_safe(name: str) -> bool:
    """Say whether a name is one on every system, and looks like what it is."""
    if not 0 < len(name) <= MAX_CHARACTERS or not _is_text(name):
        return False
    if len(name.encode()) > MAX_NAME_BYTES or name != unicodedata.normalize("NFC", name):
        return False
    # Some signs become others where names are made uniform: a wide slash becomes a slash.
    uniform = unicodedata.normalize("NFKC", name)
    if any(sign in _FORBIDDEN for sign in name + uniform):
        return False
    if name[0] in ". " or name[-1] in ". ":
        return False
    return not any(_RESERVED.fullmatch(one.partition(".")[0].strip()) for one in (name, uniform))


def _is_text(name: str) -> bool:
    """Say whether all signs can be seen: no control or direction signs, halves or line ends."""
    return all(
        unicodedata.category(sign)[0] not in "CZ" or sign == " "
        for sign in name + unicodedata.normalize("NFKC", name)
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _refused(name: str) -> WorldError:
    return WorldError(ErrorCode.FILE_NAME_REFUSED, Facts(plain_name(name) or "…"))
