"""Reads the store of Ollama, which Msty and AnythingLLM have too.

`manifests/<host>/<namespace>/<model>/<tag>` is a list of layers, each a file
`blobs/sha256-<64 digits>` (manifest/paths.go of Ollama).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.core.gguf import plain_name
from app.store.other_programs.found import EntryBudget, FoundFile, is_folder, is_regular_file

MAX_MANIFEST_BYTES = 1 << 20
HUB_HOSTS = frozenset({"hf.co", "huggingface.co"})
OWN_HOST, OWN_NAMESPACE = "registry.ollama.ai", "library"
"""Not part of a name as Ollama shows it."""

_MODEL_LAYER = "application/vnd.ollama.image.model"
_ADAPTER_LAYER = "application/vnd.ollama.image.adapter"
_DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})")


class _Layer(msgspec.Struct, rename={"media_type": "mediaType"}):
    media_type: str = ""
    digest: str = ""
    size: int = 0


class _Manifest(msgspec.Struct):
    layers: list[_Layer] = []


def is_ollama_store(folder: Path) -> bool:
    """Say whether a folder looks like such a store."""
    return folder.joinpath("manifests").is_dir() and folder.joinpath("blobs").is_dir()


def find_in_ollama(root: Path, budget: EntryBudget) -> Iterator[FoundFile]:
    """Find the models of a store; each file once, by its first name.

    Projectors are passed over, and so are models with an adapter: without it they would
    answer otherwise than in Ollama.

    Raises:
        OSError: the folder cannot be listed.
    """
    seen: set[Path] = set()
    try:
        hosts = budget.entries(root / "manifests")
    except FileNotFoundError:
        hosts = []
        budget.entries(root)  # Without any model it is a store all the same.
    for host in filter(is_folder, hosts):
        for namespace in budget.folders(Path(host.path)):
            for model in budget.folders(namespace):
                for tag in budget.readable_entries(model):
                    found = _read_manifest(root, Path(tag.path))
                    if found is not None and found.path not in seen:
                        seen.add(found.path)
                        yield found


def _read_manifest(root: Path, path: Path) -> FoundFile | None:
    """Give the model file of a manifest; None if there is none that can be used alone."""
    try:
        if not is_regular_file(path) or path.stat().st_size > MAX_MANIFEST_BYTES:
            return None
        manifest = msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except (OSError, msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    kinds = [layer.media_type for layer in manifest.layers]
    if kinds.count(_MODEL_LAYER) != 1 or _ADAPTER_LAYER in kinds:
        return None
    layer = manifest.layers[kinds.index(_MODEL_LAYER)]
    digest = _DIGEST.fullmatch(layer.digest)
    if digest is None:
        return None
    blob = root / "blobs" / f"sha256-{digest[1]}"
    if not _is_whole(blob, layer.size):
        return None
    host, namespace, model, tag = path.parts[-4:]
    repo_id = f"{namespace}/{model}" if host in HUB_HOSTS else ""
    return FoundFile(blob, _name(host, namespace, model, tag), repo_id, sha256=digest[1])


def _is_whole(blob: Path, size_bytes: int) -> bool:
    try:
        return is_regular_file(blob) and blob.stat().st_size == size_bytes
    except OSError:
        return False


def _name(host: str, namespace: str, model: str, tag: str) -> str:
    """Give the name as Ollama shows it: "llama3.2:3b"."""
    is_own = host == OWN_HOST and namespace == OWN_NAMESPACE
    name = model if is_own or host in HUB_HOSTS else f"{namespace}/{model}"
    return plain_name(name if tag == "latest" else f"{name}:{tag}")
