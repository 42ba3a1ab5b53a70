"""Where a model file on this computer comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Program(StrEnum):
    """Programs that keep model files, and places where users do."""

    QUILLHOUSE = "quillhouse"
    """Downloaded by Quillhouse, in its own folder: the only ones that it may delete."""
    OPENED = "opened"
    """A file that the user opened."""
    FOLDER = "folder"
    """In a folder that the user named."""
    DOWNLOADS = "downloads"
    LM_STUDIO = "lm_studio"
    OLLAMA = "ollama"
    GPT4ALL = "gpt4all"
    JAN = "jan"
    HUB_CACHE = "hub_cache"
    LLAMA_CPP = "llama_cpp"
    KOBOLDCPP = "koboldcpp"
    MSTY = "msty"
    ANYTHING_LLM = "anything_llm"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a model file besides its header.

    Attributes:
        program: whose file it is.
        repo_id, commit: where on the Hub it was downloaded from; empty if not known.
        sha256: of the whole file; empty if not known.
        also_at: paths of other copies that are certainly the same file, by hash.
        also_probably_at: paths of copies with the same size, head and samples; that all of
            their bytes are the same has not been checked.
        is_kept: Quillhouse holds a hard link, so that it stays when the other program deletes it.
        replaces: path of the older version that this one was downloaded to replace.
    """

    program: Program
    repo_id: str = ""
    commit: str = ""
    sha256: str = ""
    also_at: tuple[str, ...] = ()
    also_probably_at: tuple[str, ...] = ()
    is_kept: bool = False
    replaces: str = ""


def listed_paths(origins: Mapping[Path, Origin]) -> dict[Path, Path]:
    """Say for each copy of a file which path the library lists it under."""
    return {
        Path(copy): path
        for path, origin in origins.items()
        for copy in (*origin.also_probably_at, *origin.also_at)
    }
