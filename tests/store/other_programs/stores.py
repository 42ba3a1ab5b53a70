"""Made-up stores of other programs, as those write them."""

import hashlib
import json
from pathlib import Path

from tests.gguf_samples import chat_model

OLLAMA_MODEL = "application/vnd.ollama.image.model"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write_model(path: Path, title: str = "Tiny Sample") -> Path:
    """Write a sound chat model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model_bytes(title))
    return path


def model_bytes(title: str = "Tiny Sample") -> bytes:
    return chat_model().set("general.name", "str", title).file()


def write_ollama(
    root: Path,
    name: str = "registry.ollama.ai/library/llama3.2/3b",
    title: str = "Tiny Sample",
    *,
    more_layers: tuple[str, ...] = (),
) -> Path:
    """Add a model to a store of Ollama; give the path of its file."""
    data = model_bytes(title)
    kinds = [f"application/vnd.ollama.image.{kind}" for kind in more_layers]
    layers = [_layer(root, OLLAMA_MODEL, data)]
    layers += [_layer(root, kind, kind.encode()) for kind in kinds]
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1},
        "layers": layers,
    }
    path = root / "manifests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest))
    return root / "blobs" / f"sha256-{hashlib.sha256(data).hexdigest()}"


def _layer(root: Path, kind: str, data: bytes) -> dict[str, object]:
    digest = hashlib.sha256(data).hexdigest()
    blobs = root / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    blobs.joinpath(f"sha256-{digest}").write_bytes(data)
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(data)}


def write_hub_cache(
    root: Path,
    file_name: str = "tiny-Q4_K_M.gguf",
    title: str = "Tiny Sample",
    *,
    repository: str = "models--org--tiny-GGUF",
    commit: str = COMMIT,
    has_links: bool = True,
) -> Path:
    """Add a file to the Hub's cache, with a link where the system has them; give its path."""
    data = model_bytes(title)
    folder = root / repository
    path = folder / "snapshots" / commit / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    refs = folder / "refs"
    refs.mkdir(exist_ok=True)
    refs.joinpath("main").write_text(commit)
    if not has_links:
        path.write_bytes(data)
        return path
    blob = folder / "blobs" / hashlib.sha256(data).hexdigest()
    blob.parent.mkdir(exist_ok=True)
    blob.write_bytes(data)
    path.unlink(missing_ok=True)
    path.symlink_to(blob)
    return path


def tree(root: Path) -> dict[str, object]:
    """Everything that a scan must leave as it is: names, contents and times."""
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(root))] = (status.st_mtime_ns, status.st_mode, content)
    return found
