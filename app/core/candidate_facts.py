"""What becomes of a candidate when the Hub, or the header of a file, says more about it."""

from dataclasses import replace
from pathlib import Path

from app.core.candidate import Candidate, RemoteFile, RemoteVersion, Use
from app.core.documents.embedding_profiles import embedding_profile
from app.core.download import DownloadSpec
from app.core.errors import Failure, WorldError
from app.core.gguf import GgufHeader
from app.core.gguf_checks import check_chat, check_loadable
from app.core.gguf_shape import shape_of
from app.core.gguf_types import EMBEDDING_ARCHITECTURES
from app.core.licences import licence_of, stricter

USUAL_QUANTIZATIONS = (
    "Q4_K_M",
    "UD-Q4_K_XL",
    "Q4_K_S",
    "IQ4_XS",
    "Q4_0",
    "MXFP4",
    "MXFP4_MOE",
    "Q5_K_M",
    "Q6_K",
    "Q8_0",
)
"""Which version stands for a model, best first."""
_TOLD_BY_THE_HUB = frozenset({"repo_id", "commit", "sha256", "size", "file_names", "licence"})
_TOLD_BY_A_HEADER = frozenset({"architecture", "n_ctx_train", "n_parameters"})


def with_hub_facts(
    known: Candidate, found: Candidate, *, is_from_mirror: bool = False
) -> Candidate:
    """Give a curated model with what the Hub says of its repository now.

    Args:
        known: from the catalogue: name, publisher, sentence, uses and capabilities stay.
        found: files, commit, gate and base models count.
        is_from_mirror: sizes and hashes that the catalogue knows count, and not those found.

    Returns:
        With the stricter of two licences that are stated.
    """
    versions, projectors = found.versions, found.projectors
    if is_from_mirror:
        versions, projectors = _pinned(known, found)
    stated = known if _allows_less(known, found) else found
    return replace(
        known,
        architecture=found.architecture or known.architecture,
        n_parameters=found.n_parameters or known.n_parameters,
        n_ctx_train=found.n_ctx_train or known.n_ctx_train,
        licence_id=stated.licence_id,
        licence_name=stated.licence_name,
        licence_link=stated.licence_link,
        languages=known.languages or found.languages,
        versions=versions,
        projectors=projectors,
        base_models=found.base_models or known.base_models,
        gate=found.gate,
        commit=found.commit,
        unverified=known.unverified - _TOLD_BY_THE_HUB,
        n_downloads=found.n_downloads,
        n_likes=found.n_likes,
        updated_on=found.updated_on,
    )


def with_header(candidate: Candidate, header: GgufHeader, file: RemoteFile) -> Candidate:
    """Give a candidate with the exact shape that the header of one of its files tells."""
    return replace(
        candidate,
        architecture=header.architecture or candidate.architecture,
        n_ctx_train=header.n_ctx_train or candidate.n_ctx_train,
        n_parameters=header.n_parameters or candidate.n_parameters,
        shape=shape_of(header),
        shape_bytes=file.size_bytes,
        is_shape_exact=True,
        unverified=candidate.unverified - _TOLD_BY_A_HEADER,
    )


def representative(candidate: Candidate) -> RemoteVersion | None:
    """Choose the version whose header is read for all: a usual one that is in one file.

    The first of several parts does not tell the weights in the others, so where all versions
    are in parts there is none.
    """
    whole = [one for one in candidate.versions if len(one.files) == 1 and one.size_bytes]
    return min(whole, key=_rank, default=None)


def unfit_of(header: GgufHeader) -> Failure | None:
    """Say why this engine cannot run a model; None if it can.

    Models that find passages in documents are not chatted with, and are not refused for that.
    """
    architecture, file_name = header.architecture, Path(header.file_name).stem
    if architecture in EMBEDDING_ARCHITECTURES:
        return None
    if embedding_profile(architecture, file_name, header.name) is not None:
        return None
    try:
        check_loadable(header)
        check_chat(header)
    except WorldError as error:
        return Failure.of(error)
    return None


def newer_spec(candidate: Candidate, path: Path, commit: str, sha256: str) -> DownloadSpec | None:
    """Say what to download in place of an installed file.

    Args:
        candidate: what the Hub has now.
        path: of the installed file; its name is that of the file on the Hub.
        commit: that the installed file is of.
        sha256: of the installed file; empty if not known.

    Returns:
        None if the installed file is the newest.

    Raises:
        LookupError: the repository no longer has a file of that name.
    """
    version = next((one for one in candidate.versions if one.files[0].name == path.name), None)
    if version is None:
        raise LookupError(path.name)
    newest = version.files[0]
    is_same_file = bool(sha256) and newest.sha256 == sha256
    if is_same_file or (commit and commit == candidate.commit):
        return None
    return spec_of(candidate, version, replaces=str(path))


def spec_of(
    candidate: Candidate,
    version: RemoteVersion,
    projector: RemoteFile | None = None,
    replaces: str = "",
) -> DownloadSpec:
    """Say what to download for a version.

    Args:
        candidate: whose version it is.
        version: one of its versions.
        projector: to download with it.
        replaces: path of the installed file that it is a newer version of.
    """
    further = (projector,) if projector is not None else ()
    is_embedding = candidate.architecture in EMBEDDING_ARCHITECTURES
    return DownloadSpec(
        repo_id=candidate.repo_id,
        commit=candidate.commit,
        name=candidate.name,
        quantization=version.quantization,
        files=(*version.files, *further),
        licence_id=candidate.licence_id,
        licence_name=candidate.licence_name,
        licence_link=candidate.licence_link,
        is_embedding=is_embedding or candidate.uses[:1] == (Use.EMBEDDING,),
        replaces=replaces,
    )


def _pinned(
    known: Candidate, found: Candidate
) -> tuple[tuple[RemoteVersion, ...], tuple[RemoteFile, ...]]:
    """Give what was found with the sizes and hashes that are known."""
    listed = [*(one.files for one in known.versions), known.projectors]
    pins = {file.path: file for files in listed for file in files if file.is_verified}
    versions = tuple(
        replace(one, files=tuple(pins.get(file.path, file) for file in one.files))
        for one in found.versions
    )
    return versions, tuple(pins.get(file.path, file) for file in found.projectors)


def _allows_less(known: Candidate, found: Candidate) -> bool:
    """Whether the licence of `known` counts: it is stricter, or the only one that is stated."""
    if not (known.licence_id and found.licence_id):
        return bool(known.licence_id)
    mine, theirs = (
        licence_of(one.licence_id, one.licence_name, one.licence_link) for one in (known, found)
    )
    return stricter(theirs, mine) is mine


def _rank(version: RemoteVersion) -> tuple[int, int]:
    usual = USUAL_QUANTIZATIONS
    place = usual.index(version.quantization) if version.quantization in usual else len(usual)
    return place, version.size_bytes
