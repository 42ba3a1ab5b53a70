"""What exactly is downloaded, once the Hub has said what there is."""

from dataclasses import replace

from app.core.candidate import Candidate, RemoteFile
from app.core.download import DownloadSpec
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf_name import FileKind, parse_gguf_name


def completed(
    spec: DownloadSpec, candidate: Candidate, *, is_from_mirror: bool = False
) -> DownloadSpec:
    """Give a download with what the Hub says of its files, and pinned to a commit.

    Files whose names are only supposed are found by their quantization.

    Args:
        spec: what is wanted.
        candidate: what there is.
        is_from_mirror: hashes that `spec` knows count, and the mirror must have those files.

    Raises:
        WorldError: REMOTE_FILE_MISSING; NOT_VERIFIABLE where no size or hash is stated;
            ANSWER_UNREADABLE for a mirror with another file than the one that is known.
    """
    files = _present(spec, candidate)
    pins = {one.path: one for one in spec.files if one.is_verified}
    for one in files:
        if not one.is_verified:
            facts = Facts(one.name, repo_id=spec.repo_id)
            raise WorldError(ErrorCode.NOT_VERIFIABLE, facts)
        if is_from_mirror and not one.has_content_of(pins.get(one.path, one)):
            facts = Facts(one.name, repo_id=spec.repo_id, reason="another file")
            raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts, one.path)
    return replace(
        spec,
        commit=candidate.commit,
        files=files,
        licence_id=spec.licence_id or candidate.licence_id,
        licence_name=spec.licence_name or candidate.licence_name,
        licence_link=spec.licence_link or candidate.licence_link,
    )


def _present(spec: DownloadSpec, candidate: Candidate) -> tuple[RemoteFile, ...]:
    """Give the files that are wanted as the repository has them."""
    listed = [*(one.files for one in candidate.versions), candidate.projectors]
    known = {file.path: file for files in listed for file in files}
    missing = [one for one in spec.files if one.path not in known]
    if not missing:
        return tuple(known[one.path] for one in spec.files)
    if any(one.is_verified for one in missing):
        # It was seen there, so another of the same quantization may be another model.
        raise _missing(spec, missing[0])
    is_projector = {one: _is_projector(one.path) for one in spec.files}
    wanted = [one for one in spec.files if not is_projector[one]]
    files = _version_like(spec, wanted, candidate) if wanted else ()
    return (
        *files,
        *(_projector_like(spec, one, candidate) for one in spec.files if is_projector[one]),
    )


def _version_like(
    spec: DownloadSpec, wanted: list[RemoteFile], candidate: Candidate
) -> tuple[RemoteFile, ...]:
    """Find the files of a version by its quantization: the plainest, where there are several."""
    paths = {one.path for one in wanted}
    quantization = spec.quantization or parse_gguf_name(wanted[0].path).quantization
    same = [
        one
        for one in candidate.versions
        if paths == {file.path for file in one.files}
        or (quantization and one.quantization == quantization)
    ]
    if not same:
        raise _missing(spec, wanted[0])
    return min(same, key=lambda one: _plainness(one.files, paths)).files


def _plainness(files: tuple[RemoteFile, ...], paths: set[str]) -> tuple[bool, int, int, int]:
    path = files[0].path
    return path not in paths, len(files), path.count("/"), len(path)


def _projector_like(spec: DownloadSpec, wanted: RemoteFile, candidate: Candidate) -> RemoteFile:
    """Find a projector: of this name, else of its quantization, else any."""
    quantization = parse_gguf_name(wanted.path).quantization
    ranked = sorted(
        candidate.projectors,
        key=lambda one: (
            one.path != wanted.path,
            parse_gguf_name(one.path).quantization != quantization,
        ),
    )
    if not ranked:
        raise _missing(spec, wanted)
    return ranked[0]


def _is_projector(path: str) -> bool:
    return parse_gguf_name(path).kind is FileKind.PROJECTOR


def _missing(spec: DownloadSpec, file: RemoteFile) -> WorldError:
    return WorldError(ErrorCode.REMOTE_FILE_MISSING, Facts(file.name, repo_id=spec.repo_id))
