"""Reads what the Hub says of a model. Every field may be missing, or be something else."""

import re
from collections.abc import Iterator

from app.core.candidate import Candidate, Capability, Gate, RemoteFile, Use
from app.core.gguf import plain_name
from app.core.gguf_name import group_files
from app.core.gguf_types import EMBEDDING_ARCHITECTURES

MAX_FILES = 20_000
MAX_NAMES = 64
"""Languages, base models: more are not read."""
MAX_COUNT = 1 << 62
"""What a 64-bit integer of Qt and SQLite holds with room to add."""

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_REPO_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_FORMAT_ENDING = re.compile(r"[-_. ]?(?:i1-)?gguf$", re.IGNORECASE)
_EMBEDDING_TASKS = frozenset({"feature-extraction", "sentence-similarity", "text-ranking"})
_AUDIO_TASKS = frozenset({"audio-text-to-text", "automatic-speech-recognition", "any-to-any"})
_GATES = {"auto": Gate.AUTOMATIC, "manual": Gate.MANUAL, True: Gate.MANUAL}
_QUANTIZED = ("base_model:quantized:", "base_model:finetune:", "base_model:")

Row = dict[str, object]


def candidate_of(row: object, endpoint: str) -> Candidate | None:
    """Give a model out of one row of a search or the answer about one repository.

    Args:
        row: parsed JSON.
        endpoint: of the Hub, for links in the row that are relative.

    Returns:
        None if it is no row of a repository.
    """
    facts = _row(row)
    repo_id = facts.get("id")
    if not isinstance(repo_id, str) or not _REPO_ID.fullmatch(repo_id):
        return None
    card, gguf = _row(facts.get("cardData")), _row(facts.get("gguf"))
    tags = _texts(facts.get("tags"), limit=1000)
    groups = group_files(_files(facts.get("siblings")))
    base_models = _base_models(card, tags)
    architecture = _text(gguf.get("architecture"))
    template = gguf.get("chat_template")
    task = _text(facts.get("pipeline_tag"))
    capabilities = _capabilities(task, template if isinstance(template, str) else "")
    if groups.projectors and Capability.AUDIO not in capabilities:
        capabilities |= {Capability.VISION}
    return Candidate(
        repo_id=repo_id,
        name=_name(repo_id),
        publisher=(base_models[0] if base_models else repo_id).partition("/")[0],
        architecture=architecture,
        n_parameters=_count(gguf.get("total")),
        n_ctx_train=_count(gguf.get("context_length")),
        licence_id=_licence(card, tags),
        licence_name=_text(card.get("license_name")),
        licence_link=_link(card.get("license_link"), endpoint, repo_id),
        uses=_uses(task, architecture, capabilities),
        capabilities=capabilities,
        languages=_languages(card, tags),
        versions=groups.versions,
        projectors=groups.projectors,
        base_models=base_models,
        gate=_gate(facts.get("gated")),
        commit=_matching(facts.get("sha"), _COMMIT),
        n_downloads=_count(facts.get("downloads")),
        n_likes=_count(facts.get("likes")),
        updated_on=_day(facts.get("lastModified")),
    )


def file_names(row: object) -> tuple[str, ...]:
    """Give the paths of all files of a repository."""
    return tuple(one.path for one in _files(_row(row).get("siblings")))


def base_models_of(row: object) -> tuple[str, ...]:
    """Give the repositories that a model was made from."""
    facts = _row(row)
    return _base_models(_row(facts.get("cardData")), _texts(facts.get("tags"), limit=1000))


# --- pieces of a row -------------------------------------------------------------------------


def _files(siblings: object) -> Iterator[RemoteFile]:
    found = siblings if isinstance(siblings, list) else []
    for one in map(_row, found[:MAX_FILES]):
        path = one.get("rfilename")
        # What could lead out of a folder is no name of a model.
        if isinstance(path, str) and path and "\\" not in path and ".." not in path.split("/"):
            large = _row(one.get("lfs"))
            size = _count(large.get("size")) or _count(one.get("size"))
            yield RemoteFile(path, size, _matching(large.get("sha256"), _SHA256))


def _name(repo_id: str) -> str:
    name = repo_id.partition("/")[2]
    return plain_name(_FORMAT_ENDING.sub("", name) or name)


def _base_models(card: Row, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Give what a model was made from: as the card says, else as the Hub's tags do."""
    stated = _texts(card.get("base_model"))
    if not stated:
        prefixed = [
            tag.removeprefix(prefix)
            for prefix in _QUANTIZED
            for tag in tags
            if tag.startswith(prefix)
        ]
        stated = tuple(dict.fromkeys(prefixed))
    return tuple(one for one in stated if _REPO_ID.fullmatch(one))[:MAX_NAMES]


def _languages(card: Row, tags: tuple[str, ...]) -> tuple[str, ...]:
    stated = _texts(card.get("language")) or tuple(tag for tag in tags if len(tag) == 2)  # noqa: PLR2004 - codes have two letters
    codes = (one.lower().partition("-")[0] for one in stated)
    return tuple(dict.fromkeys(one for one in codes if _LANGUAGE.fullmatch(one)))


def _licence(card: Row, tags: tuple[str, ...]) -> str:
    stated = _texts(card.get("license")) or tuple(
        tag.removeprefix("license:") for tag in tags if tag.startswith("license:")
    )
    # Several mean that each holds for a part; which one for the weights is on the page only.
    return stated[0].lower() if len(set(stated)) == 1 else ("other" if stated else "")


def _link(value: object, endpoint: str, repo_id: str) -> str:
    """Give the address of a licence; names of files are of the repository."""
    text = _text(value, 500)
    if not text or text.startswith("https://"):
        return text
    if ":" in text or text.startswith("/") or ".." in text:
        return ""
    return f"{endpoint}/{repo_id}/blob/main/{text}"


def _capabilities(task: str, template: str) -> frozenset[Capability]:
    found = {
        Capability.TOOLS: "tools" in template,
        Capability.THINKING: "enable_thinking" in template or "<think>" in template,
        Capability.AUDIO: task in _AUDIO_TASKS,
    }
    return frozenset(one for one, applies in found.items() if applies)


def _uses(task: str, architecture: str, capabilities: frozenset[Capability]) -> tuple[Use, ...]:
    is_embedding = task in _EMBEDDING_TASKS
    if is_embedding or architecture in EMBEDDING_ARCHITECTURES:
        return (Use.EMBEDDING,)
    return (Use.CHAT, Use.VISION) if Capability.VISION in capabilities else (Use.CHAT,)


def _gate(value: object) -> Gate:
    return _GATES.get(value, Gate.NONE) if isinstance(value, str | bool) else Gate.NONE


# --- values that may be anything -------------------------------------------------------------


def _row(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _text(value: object, max_characters: int = 80) -> str:
    return plain_name(value, max_characters) if isinstance(value, str) else ""


def _texts(value: object, limit: int = MAX_NAMES) -> tuple[str, ...]:
    """Give one text or a list of them."""
    found = value if isinstance(value, list) else [value]
    return tuple(text for one in found[:limit] if (text := _text(one, 200)))


def _count(value: object) -> int:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 0
    return int(value) if 0 < value < MAX_COUNT else 0  # What is not a number is not below it.


def _matching(value: object, pattern: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _day(value: object) -> str:
    found = _DAY.match(value) if isinstance(value, str) else None
    return found.group() if found else ""
