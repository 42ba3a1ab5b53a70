"""What exactly is downloaded, once the Hub has said what there is."""

from dataclasses import replace

import pytest

from app.core.candidate import Candidate, RemoteFile
from app.core.completed_spec import completed
from app.core.download import DownloadSpec
from app.core.errors import ErrorCode, WorldError
from app.core.gguf_name import group_files

COMMIT = "c" * 40
OURS, THEIRS = "a" * 64, "b" * 64


def candidate_with(*paths: str, sha256: str = OURS) -> Candidate:
    groups = group_files(RemoteFile(path, 7, sha256) for path in paths)
    return Candidate(
        "maker/m-GGUF",
        "M",
        versions=groups.versions,
        projectors=groups.projectors,
        commit=COMMIT,
        licence_id="mit",
    )


def spec_for(*paths: str, quantization: str = "Q4_K_M", sha256: str = "") -> DownloadSpec:
    files = tuple(RemoteFile(path, 7 if sha256 else 0, sha256) for path in paths)
    return DownloadSpec("maker/m-GGUF", "", "M", quantization, files)


def paths_of(spec: DownloadSpec, candidate: Candidate) -> list[str]:
    return [one.path for one in completed(spec, candidate).files]


def code_of(
    spec: DownloadSpec, candidate: Candidate, *, is_from_mirror: bool = False
) -> ErrorCode:
    with pytest.raises(WorldError) as raised:
        completed(spec, candidate, is_from_mirror=is_from_mirror)
    return raised.value.code


def test_files_of_these_names_are_pinned() -> None:
    found = completed(spec_for("m-Q4_K_M.gguf"), candidate_with("m-Q4_K_M.gguf", "m-Q8_0.gguf"))
    assert found.files == (RemoteFile("m-Q4_K_M.gguf", 7, OURS),)
    assert (found.commit, found.licence_id) == (COMMIT, "mit")


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (["maker_M-Q4_K_M.gguf", "maker_M-Q8_0.gguf"], ["maker_M-Q4_K_M.gguf"]),
        (["m.q4_k_m.gguf", "m.q5_k_m.gguf"], ["m.q4_k_m.gguf"]),
        (["old/M-Q4_K_M.gguf", "M-Q4_K_M.gguf"], ["M-Q4_K_M.gguf"]),
        (
            ["M-Q4_K_M-00001-of-00002.gguf", "M-Q4_K_M-00002-of-00002.gguf"],
            ["M-Q4_K_M-00001-of-00002.gguf", "M-Q4_K_M-00002-of-00002.gguf"],
        ),
    ],
)
def test_a_supposed_name_is_found_by_its_quantization(
    there: list[str], expected: list[str]
) -> None:
    assert paths_of(spec_for("m-Q4_K_M.gguf"), candidate_with(*there)) == expected


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (["mmproj-BF16.gguf", "mmproj-F16.gguf"], "mmproj-F16.gguf"),
        (["mmproj-BF16.gguf", "M-mmproj-f16.gguf"], "M-mmproj-f16.gguf"),
        (["mmproj-model.gguf"], "mmproj-model.gguf"),
    ],
)
def test_so_is_a_projector(there: list[str], expected: str) -> None:
    spec = spec_for("m-Q4_K_M.gguf", "mmproj-F16.gguf")
    found = paths_of(spec, candidate_with("M.Q4_K_M.gguf", *there))
    assert found == ["M.Q4_K_M.gguf", expected]


def test_a_known_version_with_a_supposed_projector_stays_itself() -> None:
    spec = spec_for("a-Q4_K_M.gguf", "mmproj-F16.gguf")
    there = candidate_with("b-Q4_K_M.gguf", "a-Q4_K_M.gguf", "a-mmproj.gguf")
    assert paths_of(spec, there) == ["a-Q4_K_M.gguf", "a-mmproj.gguf"]


@pytest.mark.parametrize(
    ("spec", "there"),
    [
        (spec_for("m-Q4_K_M.gguf"), ["m-Q8_0.gguf"]),
        (spec_for("m.gguf", quantization=""), ["other.gguf"]),
        (spec_for("m-Q4_K_M.gguf", "mmproj-F16.gguf"), ["M-Q4_K_M.gguf"]),
        (spec_for("m-Q4_K_M.gguf", sha256=OURS), ["another-Q4_K_M.gguf"]),
    ],
)
def test_what_is_not_there_is_said(spec: DownloadSpec, there: list[str]) -> None:
    assert code_of(spec, candidate_with(*there)) is ErrorCode.REMOTE_FILE_MISSING


def test_without_a_hash_nothing_is_downloaded() -> None:
    there = candidate_with("M-Q4_K_M.gguf", sha256="")
    assert code_of(spec_for("m-Q4_K_M.gguf"), there) is ErrorCode.NOT_VERIFIABLE


def test_a_known_hash_counts_more_than_that_of_a_mirror() -> None:
    spec = spec_for("m-Q4_K_M.gguf", sha256=OURS)
    there = candidate_with("m-Q4_K_M.gguf", sha256=THEIRS)
    assert code_of(spec, there, is_from_mirror=True) is ErrorCode.ANSWER_UNREADABLE
    assert completed(spec, there).files[0].sha256 == THEIRS  # The Hub has replaced it.
    same = replace(there, versions=candidate_with("m-Q4_K_M.gguf").versions)
    assert completed(spec, same, is_from_mirror=True).commit == COMMIT
