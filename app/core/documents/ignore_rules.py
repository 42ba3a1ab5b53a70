"""Which files of a folder do not belong to a collection: usual ones, and the user's patterns.

Patterns are those of a .gitignore (git-scm.com/docs/gitignore): `*`, `?`, `[a-z]` within a name,
`**` across folders, a slash at the end for folders only, one elsewhere for a place below the
source, `!` to take back in, `#` for a remark. The last that fits decides. Upper and lower case
are the same, since most people's disks do not tell them apart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SYSTEM_FOLDERS = frozenset(
    {
        "$recycle.bin",
        "system volume information",
        "node_modules",
        "__pycache__",
        "__macosx",
        "lost+found",
        "windows.old",
    }
)
"""Of systems and programs, none of the user's; names in lower case."""
TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp")
"""Of what another program is still writing."""
LOCK_PREFIXES = ("~$", ".~lock.")
"""Office programs' notes that a file is open."""
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r"})


def is_left_out(name: str, *, is_folder: bool) -> bool:
    """Say whether a file or folder is left out whatever the user's patterns are."""
    low = name.lower()
    if low.startswith((".", *LOCK_PREFIXES)):
        return True
    if is_folder:
        return low in SYSTEM_FOLDERS
    return low in SYSTEM_FILES or low.endswith((*TEMPORARY_SUFFIXES, "~"))


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    takes_in: bool
    for_folders: bool


class IgnoreRules:
    """A user's patterns, ready to be asked."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = tuple(rule for one in patterns if (rule := _rule(one)) is not None)

    def leave_out(self, path: str, *, is_folder: bool) -> bool:
        """Say whether something is left out.

        Args:
            path: below the source, with "/" between the names.
            is_folder: it is a folder; what is in one that is left out need not be asked about.
        """
        for rule in reversed(self._rules):
            if (is_folder or not rule.for_folders) and rule.pattern.fullmatch(path):
                return not rule.takes_in
        return False


def _rule(text: str) -> _Rule | None:
    line = text.strip()
    if not line or line.startswith("#"):
        return None
    takes_in = line.startswith("!")
    line = line.removeprefix("!").replace("\\", "/")
    for_folders = line.endswith("/")
    line = line.rstrip("/")
    is_anchored = "/" in line
    line = line.lstrip("/")
    if not line:
        return None
    try:
        expression = ("" if is_anchored else "(?:.*/)?") + _expression(line)
        pattern = re.compile(expression, re.IGNORECASE | re.DOTALL)
    except re.error:
        # Such as [z-a]: it can only be meant word for word.
        pattern = re.compile("(?:.*/)?" + re.escape(line), re.IGNORECASE)
    return _Rule(pattern, takes_in, for_folders)


_PIECE = re.compile(
    r"(?P<deep>(?<![^/])\*\*(?:/|$))|(?P<many>\*+)|(?P<one>\?)|(?P<set>\[[^]/]+\])"
)


def _expression(line: str) -> str:
    """Give the regular expression of a pattern, without its marks at either end."""
    parts: list[str] = []
    end = 0
    for found in _PIECE.finditer(line):
        parts.append(re.escape(line[end : found.start()]))
        end = found.end()
        if found["deep"] is not None:
            parts.append("(?:.*/)?" if found["deep"].endswith("/") else ".*")
        elif found["many"] is not None:
            parts.append("[^/]*")
        elif found["one"] is not None:
            parts.append("[^/]")
        else:
            inside = found["set"][1:-1]
            negated = inside.startswith(("!", "^"))
            inside = (inside[1:] if negated else inside).replace("\\", r"\\").replace("[", r"\[")
            parts.append(f"[^/{inside}]" if negated else f"[{inside}]")
    parts.append(re.escape(line[end:]))
    return "".join(parts)
