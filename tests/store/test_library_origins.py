"""Where models come from, copies of them, and taking found ones off the list."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.model import ModelFile
from app.core.origin import Origin, Program
from app.store.database import Database
from app.store.library import ModelLibrary
from app.store.model_files import inspect_model
from app.store.model_identity import fingerprint_of
from app.store.model_rows import ModelRow
from tests.store.conftest import Clock
from tests.store.other_programs.stores import write_model

SHA, OTHER_SHA = "a" * 64, "b" * 64


@pytest.fixture
def library(database: Database, clock: Clock) -> ModelLibrary:
    return ModelLibrary(database, clock)


def found(
    path: Path, program: Program = Program.LM_STUDIO, title: str = "Tiny", sha256: str = ""
) -> ModelRow:
    """Write a model and give it as a scan would."""
    write_model(path, title)
    return again(path, program, sha256)


def again(path: Path, program: Program = Program.LM_STUDIO, sha256: str = "") -> ModelRow:
    return ModelRow(inspect_model(path), Origin(program, sha256=sha256), fingerprint_of(path))


def names(library: ModelLibrary) -> list[str]:
    return [model.display_name for model in library.models().present]


def paths(library: ModelLibrary) -> list[Path]:
    return [model.path for model in library.models().present]


def origin(library: ModelLibrary) -> Origin:
    """Give the origin of the only model."""
    (one,) = library.models().origins.values()
    return one


def test_found_models_come_after_used_ones_by_name(library: ModelLibrary, tmp_path: Path) -> None:
    used = found(tmp_path / "u.gguf", title="zz used")
    new = library.take([found(tmp_path / f"{n}.gguf", title=n) for n in ("Cé", "a", "B")])
    assert len(new) == 3
    library.remember(used.model)
    assert names(library) == ["zz used", "a", "B", "Cé"]


def test_a_file_that_was_opened_says_so_until_a_scan_finds_it(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf", sha256=SHA)
    library.remember(row.model)
    assert origin(library) == Origin(Program.OPENED)
    assert library.take([row]) == frozenset()
    assert origin(library) == Origin(Program.LM_STUDIO, sha256=SHA)
    library.remember(row.model)
    assert origin(library) == Origin(Program.LM_STUDIO, sha256=SHA)


def test_a_file_in_a_named_folder_stays_its_programs(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf")
    library.take([row])
    library.take([again(row.path, Program.FOLDER)])
    assert origin(library).program is Program.LM_STUDIO


def test_names_of_other_programs_stay(library: ModelLibrary, tmp_path: Path) -> None:
    row = found(tmp_path / "sha256-abc", Program.OLLAMA)
    library.take([replace(row, model=replace(row.model, display_name="llama3.2:3b"))])
    library.remember(row.model)
    assert names(library) == ["llama3.2:3b"]
    os.utime(row.path, ns=(1, 1))
    assert names(library) == ["llama3.2:3b"]


def test_a_hash_is_forgotten_with_the_content_that_it_was_of(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf", sha256=SHA)
    library.take([row])
    os.utime(row.path, ns=(1, 1))
    library.models()
    assert origin(library).sha256 == SHA
    write_model(row.path, "Other")
    library.models()
    assert origin(library).sha256 == ""


# --- copies ---


def test_copies_with_the_same_hash_are_one_model(library: ModelLibrary, tmp_path: Path) -> None:
    rows = [
        found(tmp_path / "ollama", Program.OLLAMA, sha256=SHA),
        found(tmp_path / "hub.gguf", Program.HUB_CACHE, sha256=SHA),
    ]
    library.take(rows)
    assert paths(library) == [tmp_path / "hub.gguf"]
    assert origin(library).also_at == (str(tmp_path / "ollama"),)
    assert origin(library).also_probably_at == ()


def test_copies_without_a_hash_are_probably_one_model(
    library: ModelLibrary, tmp_path: Path
) -> None:
    rows = [
        found(tmp_path / "a.gguf", Program.DOWNLOADS),
        found(tmp_path / "b.gguf", Program.JAN, sha256=SHA),
    ]
    library.take(rows)
    assert paths(library) == [tmp_path / "b.gguf"]
    assert origin(library).also_at == ()
    assert origin(library).also_probably_at == (str(tmp_path / "a.gguf"),)


def test_files_opened_before_there_were_copies_are_compared_too(
    library: ModelLibrary, database: Database, tmp_path: Path
) -> None:
    library.remember(found(tmp_path / "a.gguf").model)
    with database.write() as connection:
        connection.execute("UPDATE model SET origin = ''")
    library.take([found(tmp_path / "b.gguf")])
    assert len(paths(library)) == 2
    library.complete()
    assert paths(library) == [tmp_path / "a.gguf"]


def test_two_names_of_one_file_are_certainly_one_model(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf", Program.JAN)
    os.link(row.path, tmp_path / "b.gguf")
    library.take([row, again(tmp_path / "b.gguf", Program.DOWNLOADS)])
    assert origin(library).also_at == (str(tmp_path / "b.gguf"),)


@pytest.mark.parametrize("title", ["Tiny", "Twin"])
def test_files_that_differ_are_two_models(
    title: str, library: ModelLibrary, tmp_path: Path
) -> None:
    """By their hashes, or (whatever other programs say) by what was read of them."""
    other_sha = OTHER_SHA if title == "Tiny" else SHA
    one = found(tmp_path / "a.gguf", sha256=SHA)
    other = found(tmp_path / "b.gguf", title=title, sha256=other_sha)
    library.take([one, other])
    assert len(paths(library)) == 2


def test_which_copy_is_shown(library: ModelLibrary, tmp_path: Path) -> None:
    """Our own before the one used last, that before all others."""
    used = found(tmp_path / "used.gguf", Program.OPENED)
    studio = found(tmp_path / "studio.gguf", Program.LM_STUDIO)
    downloads = found(tmp_path / "downloads.gguf", Program.DOWNLOADS)
    own = found(tmp_path / "own.gguf", Program.QUILLHOUSE)
    library.take([downloads, studio])
    assert paths(library) == [studio.path]
    library.remember(used.model)
    assert paths(library) == [used.path]
    library.take([own])
    assert paths(library) == [own.path]
    for gone, next_one in ((own, used), (used, studio), (studio, downloads)):
        gone.path.unlink()
        assert paths(library) == [next_one.path]
    assert library.models().missing == ()
    downloads.path.unlink()
    assert len(library.models().missing) == 1


def test_a_kept_link_is_shown_only_when_the_other_programs_file_is_gone(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "studio.gguf")
    link = tmp_path / "kept.gguf"
    os.link(row.path, link)
    kept = again(link)
    library.take([row, replace(kept, origin=replace(kept.origin, is_kept=True))])
    assert paths(library) == [row.path]
    assert origin(library) == Origin(Program.LM_STUDIO, also_at=(str(link),), is_kept=True)
    row.path.unlink()
    assert paths(library) == [link]
    assert origin(library) == Origin(Program.LM_STUDIO, is_kept=True)


# --- taking off the list ---


def test_a_found_model_that_is_taken_off_does_not_come_back_by_itself(
    library: ModelLibrary, tmp_path: Path
) -> None:
    rows = [found(tmp_path / "a.gguf"), found(tmp_path / "b.gguf", Program.OLLAMA)]
    library.take(rows)
    library.forget(rows[0].path)
    assert paths(library) == []
    assert library.take(rows) == frozenset()
    assert paths(library) == []


def test_a_model_that_is_opened_comes_back(library: ModelLibrary, tmp_path: Path) -> None:
    row = found(tmp_path / "a.gguf")
    library.take([row])
    library.forget(row.path)
    library.remember(row.model)
    assert paths(library) == [row.path]
    assert origin(library).program is Program.LM_STUDIO


def test_a_model_comes_back_when_its_folder_is_named(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf")
    library.take([row])
    library.forget(row.path)
    library.take([row], is_explicit=True)
    assert paths(library) == [row.path]


def test_an_opened_model_is_really_forgotten(library: ModelLibrary, tmp_path: Path) -> None:
    row = found(tmp_path / "a.gguf")
    library.remember(row.model)
    library.forget(row.path)
    assert library.rows() == []


# --- files that go ---


@pytest.fixture
def gone(library: ModelLibrary, tmp_path: Path) -> dict[str, ModelFile]:
    """Four models of LM Studio and one of another program, all gone."""
    rows = {
        name: found(tmp_path / "store" / f"{name}.gguf", title=name)
        for name in ("found", "used", "hidden")
    }
    rows["elsewhere"] = found(tmp_path / "elsewhere.gguf", title="elsewhere")
    other = tmp_path / "store" / "other.gguf"
    rows["other"] = found(other, Program.FOLDER, title="other")
    library.take(rows.values())
    library.remember(rows["used"].model)
    library.forget(rows["hidden"].path)
    for row in rows.values():
        row.path.unlink()
    return {name: row.model for name, row in rows.items()}


def missing_names(library: ModelLibrary) -> set[str]:
    return {model.display_name for model in library.models().missing}


def test_a_model_that_is_gone_stays_as_missing_until_its_folder_is_read(
    library: ModelLibrary, gone: dict[str, ModelFile], tmp_path: Path
) -> None:
    assert missing_names(library) == {"found", "used", "elsewhere", "other"}
    origins = library.models().origins
    assert origins[gone["found"].path].program is Program.LM_STUDIO
    library.drop_gone({Program.LM_STUDIO}, tmp_path / "store")
    assert missing_names(library) == {"used", "elsewhere", "other"}
    assert gone["hidden"].path not in {row.path for row in library.rows()}


def test_a_folder_that_is_no_longer_looked_into_leaves_what_was_used(
    library: ModelLibrary, tmp_path: Path
) -> None:
    used = found(tmp_path / "f" / "used.gguf", Program.FOLDER, "used")
    others = [
        found(tmp_path / "f" / "a.gguf", Program.FOLDER, "never used"),
        found(tmp_path / "f" / "b.gguf", Program.LM_STUDIO, "of LM Studio"),
        found(tmp_path / "g" / "c.gguf", Program.FOLDER, "elsewhere"),
    ]
    library.take([used, *others])
    library.remember(used.model)
    library.drop_unused(tmp_path / "f")
    assert set(names(library)) == {"used", "of LM Studio", "elsewhere"}


def test_an_origin_of_another_version_says_nothing(
    library: ModelLibrary, database: Database, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf")
    for text in ("", "{", "[]", '{"program": "of_the_future"}'):
        library.take([row])
        with database.write() as connection:
            connection.execute("UPDATE model SET origin = ?", (text,))
        assert origin(library) == Origin(Program.OPENED)


def test_a_thousand_files_of_one_size_are_soon_sorted_out(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "a.gguf")
    library.take(
        replace(row, model=replace(row.model, path=tmp_path / f"{n}.gguf"), fingerprint=str(n))
        for n in range(1000)
    )
    assert len(library.models().missing) == 1000


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_path_that_is_no_text_is_kept_as_what_is_replaced(
    library: ModelLibrary, tmp_path: Path
) -> None:
    row = found(tmp_path / "new.gguf", Program.QUILLHOUSE)
    replaces = os.fsdecode(b"/disk/mod\xe8les/old.gguf")
    library.take([replace(row, origin=replace(row.origin, replaces=replaces))])
    assert origin(library) == Origin(Program.QUILLHOUSE, replaces=replaces)
