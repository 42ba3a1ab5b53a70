"""Names of files: hostile ones are refused, and none leads out of its folder."""

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import ErrorCode, WorldError
from app.store.model_names import MAX_NAME_BYTES, file_names, folder_name, is_same_name

HOSTILE = [
    "../evil.gguf",
    "a/../../evil.gguf",
    "..\\evil.gguf",
    "/etc/evil.gguf",
    "//server/share/evil.gguf",
    "\\\\server\\share\\evil.gguf",
    "C:evil.gguf",
    "C:\\evil.gguf",
    "C:/evil.gguf",
    "model.gguf:stream.gguf",
    "NUL.gguf",
    "con.gguf",
    "Com1.Q4_K_M.gguf",
    "LPT¹.gguf",
    "CON/model.gguf",
    "conin$.gguf",
    "nul .gguf",
    ".gguf",
    ".hidden.gguf",
    " model.gguf",
    "model.gguf ",
    "model.gguf.",
    "model.gguf\n",
    "mod\x00el.gguf",
    "mod\u202eel.gguf",
    "mod\u200bel.gguf",
    "mod\u2028el.gguf",
    "mod\ud800el.gguf",
    "mod\uff0fel.gguf",
    "\uff0e\uff0e\uff0fmodel.gguf",
    "mode\u0301l.gguf",
    "mod?el.gguf",
    'mod"el.gguf',
    "mod|el.gguf",
    "",
    "/",
    ".",
    "..",
    "folder/",
    "folder//model.gguf",
    "./model.gguf",
    "m" * 200 + ".gguf",
    "田" * 80 + ".gguf",
    "model.exe",
    "model.json",
    "model.gguf.part",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_names_are_refused(path: str) -> None:
    with pytest.raises(WorldError) as error:
        file_names([path])
    assert error.value.code is ErrorCode.FILE_NAME_REFUSED
    assert error.value.facts.file_name


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["model-Q4_K_M.gguf"], ["model-Q4_K_M.gguf"]),
        (["BF16/model-00001-of-00002.gguf"], ["model-00001-of-00002.gguf"]),
        (["Q4/model.gguf", "Q8/model.gguf"], ["Q4__model.gguf", "Q8__model.gguf"]),
        (["Q4/model.gguf", "MODEL.gguf"], ["Q4__model.gguf", "MODEL.gguf"]),
        (["Qwen 3 (8B) [instruct].gguf"], ["Qwen 3 (8B) [instruct].gguf"]),
        (["模型-Q4_K_M.gguf"], ["模型-Q4_K_M.gguf"]),
        (["console.gguf", "null.gguf"], ["console.gguf", "null.gguf"]),
        (["model.GGUF"], ["model.GGUF"]),
    ],
)
def test_ordinary_names_stay(paths: list[str], names: list[str]) -> None:
    assert list(file_names(paths)) == names


def test_names_that_only_capitals_tell_apart_are_refused() -> None:
    with pytest.raises(WorldError):
        file_names(["a/model.gguf", "A/model.gguf"])


def test_a_repository_becomes_one_folder() -> None:
    assert folder_name("bartowski/Qwen3-8B-GGUF") == "bartowski__Qwen3-8B-GGUF"


@pytest.mark.parametrize(
    "repo_id",
    [
        "",
        "model",
        "a/b/c",
        "../b",
        "a/..",
        "a/.",
        "/b",
        "a/",
        "a\\b/c",
        "C:/b",
        "con/model",
        "a/nul",
        "a/b.",
        "a/b\n",
        "ä/b",
        "a/b c",
        "a/x..y",
        "a/" + "b" * 200,
    ],
)
def test_what_is_no_repository_is_refused(repo_id: str) -> None:
    with pytest.raises(WorldError) as error:
        folder_name(repo_id)
    assert error.value.code is ErrorCode.FILE_NAME_REFUSED


SIGNS = st.one_of(
    st.text(alphabet="aB/\\.: ~\0\n*\u202e\uff0f\u2024%$", max_size=12),
    st.text(max_size=12),
    st.sampled_from(["..", "CON", "nul", "C:", "//", "\\\\", "com1", "model"]),
)


@given(
    paths=st.lists(
        st.lists(SIGNS, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".gguf"),
        min_size=1,
        max_size=4,
    )
)
@example(paths=["..\uff0fmodel.gguf"])
def test_no_name_leads_anywhere(paths: list[str]) -> None:
    try:
        names = file_names(paths)
    except WorldError:
        return
    for number, name in enumerate(names):
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
        assert (Path("/models") / name).parent == Path("/models")
        assert len(name.encode()) <= MAX_NAME_BYTES
        assert not any(unicodedata.category(sign).startswith("C") for sign in name)
        assert not any(is_same_name(name, other) for other in names[number + 1 :])
