"""What the loopback Hub has: repositories with their files, and what its API says of them."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

Json = dict[str, object]
Query = dict[str, list[str]]
GateKind = Literal["auto", "manual", False]

LFS_SUFFIXES = (".gguf", ".bin", ".safetensors")
_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_SHORT_KEYS = (
    "id",
    "modelId",
    "likes",
    "private",
    "downloads",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "trendingScore",
)
_FULL_KEYS = (
    *_SHORT_KEYS,
    "author",
    "sha",
    "lastModified",
    "gated",
    "disabled",
    "siblings",
    "cardData",
    "gguf",
    "usedStorage",
)


@dataclass(frozen=True)
class HubFile:
    """A file of a repository; a large one (LFS) is served by the other origin."""

    data: bytes
    is_lfs: bool
    sha256: str
    git_sha1: str

    @classmethod
    def of(cls, path: str, data: bytes) -> "HubFile":
        """Make a file, with the hashes that the Hub would give it."""
        git_sha1 = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        return cls(data, path.endswith(LFS_SUFFIXES), hashlib.sha256(data).hexdigest(), git_sha1)

    def lfs(self) -> Json:
        """What the API says of a large file."""
        return {"oid": self.sha256, "size": len(self.data), "pointerSize": 134}


@dataclass
class Repository:
    """A repository; change what a test is about.

    Attributes:
        history: files of each commit, oldest first; the last one is `main`.
        gated: who may have the files has to accept terms.
        allowed_tokens: who has.
        is_disabled: taken down by the Hub.
    """

    repo_id: str
    history: dict[str, dict[str, HubFile]]
    card: Json = field(default_factory=dict)
    gguf: Json | None = None
    tags: list[str] = field(default_factory=list)
    gated: GateKind = False
    is_private: bool = False
    is_disabled: bool = False
    allowed_tokens: set[str] = field(default_factory=set)
    downloads: int = 0
    likes: int = 0
    trending: int = 0
    pipeline_tag: str = "text-generation"
    last_modified: str = "2026-10-01T00:00:00.000Z"
    created_at: str = "2026-09-01T00:00:00.000Z"
    base_models: Json | None = None

    @property
    def commit(self) -> str:
        """The newest commit."""
        return next(reversed(self.history))

    @property
    def files(self) -> dict[str, HubFile]:
        """The files of the newest commit."""
        return self.history[self.commit]

    def at(self, revision: str) -> tuple[str, dict[str, HubFile]] | None:
        """Give commit and files of a revision; None if there is none of that name."""
        commit = self.commit if revision == "main" else revision
        return (commit, self.history[commit]) if commit in self.history else None

    def replace(self, files: dict[str, bytes]) -> str:
        """Make a commit in which these files are other ones, and give it."""
        made = {**self.files, **{path: HubFile.of(path, data) for path, data in files.items()}}
        commit = commit_of(self.repo_id, made)
        self.history[commit] = made
        return commit


def commit_of(repo_id: str, files: dict[str, HubFile]) -> str:
    """Name a commit by what is in it."""
    text = repo_id + "".join(f"{path} {one.git_sha1}" for path, one in files.items())
    return hashlib.sha1(text.encode()).hexdigest()


def model_info(
    repository: Repository,
    *,
    revision: str = "main",
    is_full: bool = True,
    has_blobs: bool = False,
    expand: list[str] | None = None,
) -> Json:
    """Answer to `/api/models/{id}` and one row of `/api/models`."""
    found = repository.at(revision)
    assert found is not None
    commit, files = found
    everything: Json = {
        "id": repository.repo_id,
        "modelId": repository.repo_id,
        "author": repository.repo_id.partition("/")[0],
        "sha": commit,
        "lastModified": repository.last_modified,
        "createdAt": repository.created_at,
        "private": repository.is_private,
        "gated": repository.gated,
        "disabled": repository.is_disabled,
        "downloads": repository.downloads,
        "downloadsAllTime": repository.downloads * 7,
        "likes": repository.likes,
        "trendingScore": repository.trending,
        "tags": repository.tags,
        "pipeline_tag": repository.pipeline_tag,
        "library_name": "gguf" if repository.gguf else None,
        "cardData": repository.card,
        "gguf": repository.gguf,
        "siblings": [_sibling(path, one, has_blobs) for path, one in files.items()],
        "baseModels": repository.base_models,
        "childrenModelCount": 0,
        "usedStorage": sum(len(one.data) for one in files.values()),
    }
    if expand is not None:
        wanted = {key: everything[key] for key in expand if key in everything}
        return {"_id": "0", "id": repository.repo_id, **wanted}
    keys = _FULL_KEYS if is_full else _SHORT_KEYS
    return {"_id": "0", **{key: everything[key] for key in keys}}


def _sibling(path: str, file: HubFile, has_blobs: bool) -> Json:
    if not has_blobs:
        return {"rfilename": path}
    row: Json = {"rfilename": path, "size": len(file.data), "blobId": file.git_sha1}
    if file.is_lfs:
        lfs = file.lfs()
        row["lfs"] = {"sha256": lfs.pop("oid"), **lfs}
    return row


def tree(files: dict[str, HubFile], folder: str, *, is_recursive: bool) -> list[Json]:
    """Answer to `/api/models/{id}/tree/{revision}/{folder}`."""
    rows: list[Json] = []
    seen: set[str] = set()
    for path, file in files.items():
        if folder and not path.startswith(f"{folder}/"):
            continue
        rest = path[len(folder) + 1 :] if folder else path
        if "/" in rest:
            inner = f"{folder}/{rest.split('/')[0]}".lstrip("/")
            if inner not in seen:
                seen.add(inner)
                oid = hashlib.sha1(inner.encode()).hexdigest()
                rows.append({"type": "directory", "oid": oid, "size": 0, "path": inner})
            if not is_recursive:
                continue
        rows.append(tree_row(path, file))
    return rows


def tree_row(path: str, file: HubFile) -> Json:
    """Give one file as `tree` and `paths-info` do."""
    row: Json = {"type": "file", "oid": file.git_sha1, "size": len(file.data), "path": path}
    return {**row, "lfs": file.lfs()} if file.is_lfs else row


def found_models(repositories: list[Repository], query: Query) -> list[Repository]:
    """Filter and sort as `/api/models` does."""
    found = [one for one in repositories if not one.is_private and _fits(one, query)]
    match query.get("sort", [""])[0]:
        case "downloads":
            found.sort(key=lambda one: -one.downloads)
        case "likes":
            found.sort(key=lambda one: -one.likes)
        case "trendingScore":
            found.sort(key=lambda one: -one.trending)
        case "lastModified":
            found.sort(key=lambda one: one.last_modified, reverse=True)
        case "createdAt":
            found.sort(key=lambda one: one.created_at, reverse=True)
        case _:
            pass
    return found


def _fits(repository: Repository, query: Query) -> bool:
    repo_id = repository.repo_id.lower()
    words = query.get("search", [""])[0].lower().split()
    authors = [one.lower() for one in query.get("author", [])]
    gated = query.get("gated")
    return (
        all(word in repo_id for word in words)
        and all(repo_id.partition("/")[0] == one for one in authors)
        and all(tag in repository.tags for tag in query.get("filter", []))
        and all(repository.pipeline_tag == one for one in query.get("pipeline_tag", []))
        and (gated is None or bool(repository.gated) == (gated[0].lower() == "true"))
        and (not query.get("apps") or repository.gguf is not None)
        and all(_has_size(repository, one) for one in query.get("num_parameters", []))
    )


def _has_size(repository: Repository, limits: str) -> bool:
    """Say whether a size lies in "min:2B,max:9B"; one that is not known does not."""
    total = (repository.gguf or {}).get("total")
    if not isinstance(total, int):
        return False
    for limit in limits.split(","):
        kind, _, size = limit.partition(":")
        n_parameters = float(size[:-1]) * _UNITS[size[-1]]
        if total < n_parameters if kind == "min" else total > n_parameters:
            return False
    return True


def next_page(endpoint: str, query: Query, cursor: int) -> str:
    """Give the `Link` header that leads to the next page."""
    pairs = [(key, one) for key, values in query.items() if key != "cursor" for one in values]
    text = "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs)
    return f'<{endpoint}/api/models?{text}&cursor={cursor}>; rel="next"'
