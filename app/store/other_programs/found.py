"""What is looked at, and what is found there."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.core.model import ModelFile
from app.core.origin import Origin, Program

MAX_ENTRIES = 20_000
"""Files and folders looked at in one place: more than any store of models has."""


class Layout(StrEnum):
    """How a program arranges its model files."""

    FOLDERS = "folders"
    """Plain files in folders."""
    OLLAMA = "ollama"
    """Manifests that name blobs by their hash."""
    HUB_CACHE = "hub_cache"
    """A snapshot of links for each commit of a repository."""
    ANY = "any"
    """One of these; the folder tells which."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder where models may be.

    Attributes:
        program: whose it is.
        path: of the folder; it may not be there.
        layout: how the files are arranged.
        depth: how many folders deep plain files are looked for; 1 for the folder itself.
        is_expected: the user has named it, or it was there before: if it is not, that is told.
    """

    program: Program
    path: Path
    layout: Layout = Layout.FOLDERS
    depth: int = 4
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a model, and what the place itself says of it.

    Attributes:
        path: of the file; of the first part if there are several.
        name: what the program calls it; empty takes the name in the file.
        repo_id, commit, sha256: as in `Origin`; empty if the place does not say.
    """

    path: Path
    name: str = ""
    repo_id: str = ""
    commit: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that this engine can load.

    Attributes:
        fingerprint: see `app/store/model_identity.py`.
    """

    model: ModelFile
    origin: Origin
    fingerprint: str


class EntryBudget:
    """Counts what is looked at, so that no folder takes for ever."""

    def __init__(self, n_entries: int = MAX_ENTRIES) -> None:
        self._left = n_entries

    @property
    def is_spent(self) -> bool:
        """Whether enough was looked at."""
        return self._left <= 0

    def entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """List a folder by name, as far as the budget goes.

        Raises:
            OSError: it cannot be listed.
        """
        found = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if self.is_spent:
                    break
                self._left -= 1
                found.append(entry)
        return sorted(found, key=lambda one: one.name)

    def readable_entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """List a folder below the first one; one that cannot be listed counts as empty."""
        try:
            return self.entries(folder)
        except OSError:
            return []

    def folders(self, folder: Path) -> list[Path]:
        """List the folders in a folder; links to folders are left out."""
        return [Path(one.path) for one in self.readable_entries(folder) if is_folder(one)]


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry is a real folder, not a link to one."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def is_regular_file(path: Path) -> bool:
    """Say whether there is a file, perhaps behind a link; no pipe, device or folder."""
    try:
        return os.path.isfile(path)  # noqa: PTH113 - Path's raises for a locked folder
    except ValueError:
        return False  # no file can have such a name
