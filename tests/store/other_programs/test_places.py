"""Where programs keep their models, on each system."""

from collections.abc import Mapping
from pathlib import Path, PurePath

import pytest

from app.core.origin import Program
from app.store.other_programs.found import Layout, Place
from app.store.other_programs.places import MAC, WINDOWS, places_of

LINUX = "linux"
SYSTEMS = [WINDOWS, MAC, LINUX]


def places(
    system: str, home: Path, environment: Mapping[str, str] | None = None
) -> tuple[Place, ...]:
    return places_of(system, environment or {}, home, home / "usr" / "share")


def paths(
    program: Program, system: str, home: Path, environment: Mapping[str, str] | None = None
) -> list[str]:
    """Give the folders of a program below `home`."""
    found = [one for one in places(system, home, environment) if one.program is program]
    return [PurePath(one.path).relative_to(home).as_posix() for one in found]


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_program_has_a_place_of_its_own(system: str, tmp_path: Path) -> None:
    found = places(system, tmp_path)
    own = {Program.QUILLHOUSE, Program.OPENED}
    assert {one.program for one in found} == set(Program) - own
    assert len({one.path for one in found}) == len(found)
    assert all(one.path.is_absolute() for one in found)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (WINDOWS, "AppData/Local/nomic.ai/GPT4All"),
        (MAC, "Library/Application Support/nomic.ai/GPT4All"),
        (LINUX, ".local/share/nomic.ai/GPT4All"),
    ],
)
def test_gpt4all_is_where_its_system_has_it(system: str, expected: str, tmp_path: Path) -> None:
    assert expected in paths(Program.GPT4ALL, system, tmp_path)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (WINDOWS, "AppData/Roaming/Jan/data/llamacpp/models"),
        (MAC, "Library/Application Support/Jan/data/llamacpp/models"),
        (LINUX, ".config/Jan/data/llamacpp/models"),
        (LINUX, ".local/share/Jan/data/llamacpp/models"),
    ],
)
def test_jan_is_where_its_system_has_it(system: str, expected: str, tmp_path: Path) -> None:
    assert expected in paths(Program.JAN, system, tmp_path)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (WINDOWS, "AppData/Local/llama.cpp"),
        (MAC, "Library/Caches/llama.cpp"),
        (LINUX, ".cache/llama.cpp"),
    ],
)
def test_llama_cpp_is_where_its_system_has_it(system: str, expected: str, tmp_path: Path) -> None:
    assert expected in paths(Program.LLAMA_CPP, system, tmp_path)


@pytest.mark.parametrize("system", SYSTEMS)
def test_stores_that_are_the_same_everywhere(system: str, tmp_path: Path) -> None:
    assert ".lmstudio/models" in paths(Program.LM_STUDIO, system, tmp_path)
    assert ".ollama/models" in paths(Program.OLLAMA, system, tmp_path)
    assert ".cache/huggingface/hub" in paths(Program.HUB_CACHE, system, tmp_path)
    assert paths(Program.DOWNLOADS, system, tmp_path) == ["Downloads"]


def test_the_service_of_ollama_is_looked_for_on_linux_only(tmp_path: Path) -> None:
    service = "usr/share/ollama/.ollama/models"
    assert service in paths(Program.OLLAMA, LINUX, tmp_path)
    assert service not in paths(Program.OLLAMA, WINDOWS, tmp_path)


@pytest.mark.parametrize(
    ("variable", "program", "expected"),
    [
        ("OLLAMA_MODELS", Program.OLLAMA, "moved"),
        ("HF_HUB_CACHE", Program.HUB_CACHE, "moved"),
        ("HF_HOME", Program.HUB_CACHE, "moved/hub"),
        ("XDG_CACHE_HOME", Program.HUB_CACHE, "moved/huggingface/hub"),
        ("LLAMA_CACHE", Program.LLAMA_CPP, "moved"),
    ],
)
@pytest.mark.parametrize("system", SYSTEMS)
def test_variables_of_the_environment_come_first(
    system: str, variable: str, program: Program, expected: str, tmp_path: Path
) -> None:
    environment = {variable: str(tmp_path / "moved")}
    assert paths(program, system, tmp_path, environment)[0] == expected


@pytest.mark.parametrize(
    ("variable", "program", "expected"),
    [
        ("XDG_DATA_HOME", Program.GPT4ALL, "moved/nomic.ai/GPT4All"),
        ("XDG_CONFIG_HOME", Program.MSTY, "moved/Msty/models"),
        ("XDG_CACHE_HOME", Program.LLAMA_CPP, "moved/llama.cpp"),
    ],
)
def test_folders_of_a_linux_may_be_elsewhere(
    variable: str, program: Program, expected: str, tmp_path: Path
) -> None:
    environment = {variable: str(tmp_path / "moved")}
    assert expected in paths(program, LINUX, tmp_path, environment)


@pytest.mark.parametrize("value", ["", "relative/path", "~nobody-has-this/x", "a\0b", "//host/x"])
def test_variables_that_are_no_good_are_passed_over(value: str, tmp_path: Path) -> None:
    assert places(LINUX, tmp_path, {"OLLAMA_MODELS": value}) == places(LINUX, tmp_path)


def test_lm_studio_says_where_it_has_moved(tmp_path: Path) -> None:
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'big disk' / 'lms'}\n")
    assert paths(Program.LM_STUDIO, WINDOWS, tmp_path)[0] == "big disk/lms/models"


@pytest.mark.parametrize(
    ("system", "ini"),
    [
        (WINDOWS, "AppData/Roaming/nomic.ai/GPT4All.ini"),
        (MAC, ".config/nomic.ai/GPT4All.ini"),
        (LINUX, ".config/nomic.ai/GPT4All.ini"),
    ],
)
def test_gpt4all_says_where_its_models_are(system: str, ini: str, tmp_path: Path) -> None:
    path = tmp_path / ini
    path.parent.mkdir(parents=True)
    path.write_text(f"[General]\nthreadCount=4\nmodelPath={tmp_path / 'chosen'}\n")
    assert paths(Program.GPT4ALL, system, tmp_path)[0] == "chosen"


def test_jan_says_where_its_data_is(tmp_path: Path) -> None:
    path = tmp_path / ".config" / "Jan" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(f'{{"data_folder": "{tmp_path}/jan data"}}')
    assert paths(Program.JAN, LINUX, tmp_path)[0] == "jan data/llamacpp/models"


@pytest.mark.parametrize(
    "text", ["", "[]", '{"data_folder": 7}', "{", "[" * 100_000, '{"data_folder": "//host/x"}']
)
def test_settings_that_are_no_good_are_passed_over(text: str, tmp_path: Path) -> None:
    usual = places(LINUX, tmp_path)
    path = tmp_path / ".config" / "Jan" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert places(LINUX, tmp_path) == usual


def test_downloads_may_have_a_name_in_the_users_language(tmp_path: Path) -> None:
    path = tmp_path / ".config" / "user-dirs.dirs"
    path.parent.mkdir(parents=True)
    path.write_text('# comment\nXDG_DOWNLOAD_DIR="$HOME/Herunterladen"\n')
    assert paths(Program.DOWNLOADS, LINUX, tmp_path) == ["Herunterladen"]
    path.write_text('XDG_DOWNLOAD_DIR="$HOME/"\n')
    assert paths(Program.DOWNLOADS, LINUX, tmp_path) == ["Downloads"]


def test_layouts(tmp_path: Path) -> None:
    layouts = {one.program: one.layout for one in places(LINUX, tmp_path)}
    assert layouts[Program.OLLAMA] is Layout.OLLAMA
    assert layouts[Program.HUB_CACHE] is Layout.HUB_CACHE
    assert layouts[Program.DOWNLOADS] is Layout.FOLDERS
