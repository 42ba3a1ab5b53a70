"""Where each program keeps its models, on all three systems.

Sources: constants.py of huggingface_hub 2.4.0; common.cpp and hf-cache.cpp of llama.cpp;
envconfig/config.go of Ollama; mysettings.cpp of GPT4All; helpers.rs of Jan; documentation of
LM Studio. The places of Msty, AnythingLLM and KoboldCpp are those that users report.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.origin import Program
from app.store.other_programs.found import Layout, Place

MAX_SETTINGS_BYTES = 1 << 20
"""A settings file that is longer is none."""
WINDOWS, MAC = "win32", "darwin"
"""Names of systems as `sys.platform` has them; any other is taken for a Linux."""


@dataclass(frozen=True, slots=True)
class UserFolders:
    """The folders in which programs keep what is theirs.

    Attributes:
        home: of the user.
        config: for settings.
        data: for what a program keeps.
        local: on Windows for what stays on this computer, elsewhere the same as `data`.
        cache: for what can be had again.
    """

    home: Path
    config: Path
    data: Path
    local: Path
    cache: Path

    @classmethod
    def of(cls, system: str, environment: Mapping[str, str], home: Path) -> "UserFolders":
        """Give the folders of a system; variables of the environment come first."""

        def named(variable: str, usual: Path) -> Path:
            return _absolute(environment.get(variable, "")) or usual

        if system == WINDOWS:
            roaming = named("APPDATA", home / "AppData" / "Roaming")
            local = named("LOCALAPPDATA", home / "AppData" / "Local")
            return cls(home, roaming, roaming, local, home / ".cache")
        if system == MAC:
            support = home / "Library" / "Application Support"
            return cls(home, support, support, support, home / ".cache")
        data = named("XDG_DATA_HOME", home / ".local" / "share")
        config = named("XDG_CONFIG_HOME", home / ".config")
        return cls(home, config, data, data, named("XDG_CACHE_HOME", home / ".cache"))


def places_of(
    system: str, environment: Mapping[str, str], home: Path, shared: Path = Path("/usr/share")
) -> tuple[Place, ...]:
    """Give every folder where a program may keep models, whether it is there or not.

    Args:
        system: as `sys.platform` names it.
        environment: variables by name.
        home: the user's folder; settings of other programs are read in it.
        shared: where Ollama's service keeps its models on Linux.
    """
    folders = UserFolders.of(system, environment, home)
    found: dict[Path, Place] = {}
    for place in _all(system, environment, folders, shared):
        found.setdefault(place.path, place)
    return tuple(found.values())


def _all(
    system: str, environment: Mapping[str, str], folders: UserFolders, shared: Path
) -> Iterator[Place]:
    yield from _lm_studio(folders)
    yield from _ollama(system, environment, folders, shared)
    yield from _gpt4all(system, folders)
    yield from _jan(folders)
    yield from _hub_cache(environment, folders)
    yield from _llama_cpp(system, environment, folders)
    yield from _others(system, folders)
    yield Place(Program.FOLDER, folders.home / "models", Layout.ANY, depth=3)
    yield Place(Program.DOWNLOADS, _downloads(system, folders), depth=1)


def _lm_studio(folders: UserFolders) -> Iterator[Place]:
    """A file in the user's folder says where LM Studio has moved to."""
    moved = _absolute(_text(folders.home / ".lmstudio-home-pointer"))
    if moved is not None:
        yield Place(Program.LM_STUDIO, moved / "models")
    yield Place(Program.LM_STUDIO, folders.home / ".lmstudio" / "models")
    yield Place(Program.LM_STUDIO, folders.home / ".cache" / "lm-studio" / "models")


def _ollama(
    system: str, environment: Mapping[str, str], folders: UserFolders, shared: Path
) -> Iterator[Place]:
    named = _absolute(environment.get("OLLAMA_MODELS", ""))
    if named is not None:
        yield Place(Program.OLLAMA, named, Layout.OLLAMA)
    yield Place(Program.OLLAMA, folders.home / ".ollama" / "models", Layout.OLLAMA)
    if system not in {WINDOWS, MAC}:
        yield Place(Program.OLLAMA, shared / "ollama" / ".ollama" / "models", Layout.OLLAMA)


def _gpt4all(system: str, folders: UserFolders) -> Iterator[Place]:
    # QSettings keeps its files there on a Mac too.
    config = folders.home / ".config" if system == MAC else folders.config
    chosen = _absolute(_ini_value(config / "nomic.ai" / "GPT4All.ini", "modelPath"))
    if chosen is not None:
        yield Place(Program.GPT4ALL, chosen, depth=2)
    yield Place(Program.GPT4ALL, folders.local / "nomic.ai" / "GPT4All", depth=1)
    yield Place(Program.GPT4ALL, folders.home / ".cache" / "gpt4all", depth=1)


def _jan(folders: UserFolders) -> Iterator[Place]:
    chosen = _absolute(_json_value(folders.config / "Jan" / "settings.json", "data_folder"))
    homes = [folders.config / "Jan" / "data", folders.data / "Jan" / "data", folders.home / "jan"]
    for data in homes if chosen is None else [chosen, *homes]:
        yield Place(Program.JAN, data / "llamacpp" / "models")
        yield Place(Program.JAN, data / "models")


def _hub_cache(environment: Mapping[str, str], folders: UserFolders) -> Iterator[Place]:
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        named = _absolute(environment.get(variable, ""))
        if named is not None:
            yield Place(Program.HUB_CACHE, named, Layout.HUB_CACHE)
    home = _absolute(environment.get("HF_HOME", ""))
    if home is not None:
        yield Place(Program.HUB_CACHE, home / "hub", Layout.HUB_CACHE)
    cache = _absolute(environment.get("XDG_CACHE_HOME", "")) or folders.cache
    yield Place(Program.HUB_CACHE, cache / "huggingface" / "hub", Layout.HUB_CACHE)


def _llama_cpp(
    system: str, environment: Mapping[str, str], folders: UserFolders
) -> Iterator[Place]:
    named = _absolute(environment.get("LLAMA_CACHE", ""))
    if named is not None:
        yield Place(Program.LLAMA_CPP, named, Layout.ANY, depth=2)
    usual = {WINDOWS: folders.local, MAC: folders.home / "Library" / "Caches"}
    cache = usual.get(system, folders.cache)
    yield Place(Program.LLAMA_CPP, cache / "llama.cpp", Layout.ANY, depth=2)


def _others(system: str, folders: UserFolders) -> Iterator[Place]:
    yield Place(Program.MSTY, folders.config / "Msty" / "models", Layout.OLLAMA)
    yield Place(Program.MSTY, folders.config / "MstyStudio" / "models", Layout.ANY)
    desktop = folders.config / "anythingllm-desktop" / "storage" / "models"
    yield Place(Program.ANYTHING_LLM, desktop / "ollama", Layout.OLLAMA)
    yield Place(Program.ANYTHING_LLM, desktop, Layout.ANY)
    names = ("koboldcpp",) if system in {WINDOWS, MAC} else ("koboldcpp", "KoboldCpp")
    for name in names:
        yield Place(Program.KOBOLDCPP, folders.home / name, depth=2)


def _downloads(system: str, folders: UserFolders) -> Path:
    """Give the folder for downloads; on Linux it may have a name in the user's language."""
    if system not in {WINDOWS, MAC}:
        named = _ini_value(folders.config / "user-dirs.dirs", "XDG_DOWNLOAD_DIR").strip('"')
        chosen = _absolute(named.replace("$HOME", str(folders.home)))
        # A user without such a folder has the whole home there.
        if chosen is not None and chosen != folders.home:
            return chosen
    return folders.home / "Downloads"


def _absolute(text: str) -> Path | None:
    """Give the path that a setting of another program names; None if it is no good.

    A path on a server is not looked at: on Windows that alone would send it the user's name.
    """
    text = text.strip()
    if not text or "\0" in text or text.startswith(("\\\\", "//")):
        return None
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        return None
    return path if path.is_absolute() else None


def _text(path: Path) -> str:
    """Read a small file; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_SETTINGS_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _ini_value(path: Path, key: str) -> str:
    """Read one value of an INI file as QSettings writes it."""
    for line in _text(path).splitlines():
        name, is_value, value = line.partition("=")
        if is_value and name.strip() == key:
            return value.strip().replace("\\\\", "\\")
    return ""


def _json_value(path: Path, key: str) -> str:
    try:
        settings = json.loads(_text(path))
    except (ValueError, RecursionError):
        return ""
    value = settings.get(key) if isinstance(settings, dict) else None
    return value if isinstance(value, str) else ""
