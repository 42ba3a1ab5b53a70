"""The library worker with a real database and real files; the test plays window and engine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import ErrorCode, Failure
from app.core.model import ModelFile
from app.core.placement import Placement
from app.core.settings import DEFAULTS, SettingKey
from app.store.library import STARTER_NAME
from app.store.model_files import inspect_model
from tests.gguf_samples import chat_model
from tests.worker.store_rig import StoreRig


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return make_model(tmp_path, "starter.gguf").path


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path, starter: Path) -> Iterator[StoreRig]:
    rig = StoreRig(qtbot, tmp_path, starter)
    yield rig
    assert rig.close()


def make_model(folder: Path, name: str, title: str = "Tiny Sample") -> ModelFile:
    path = folder / name
    path.write_bytes(chat_model().set("general.name", "str", title).file())
    return inspect_model(path)


def load(rig: StoreRig, model: ModelFile) -> None:
    """Play an engine that loads a model."""
    rig.window.load_began.emit(events.LoadRequest(model.path))
    rig.window.loaded.emit(events.LoadedModel(model, Placement(512), (), 0, 0.1, "processor"))


def library(rig: StoreRig) -> events.Library:
    """Give the list once everything asked for is done."""
    rig.settle()
    return rig.all(events.Library)[-1]


def restarted(qtbot: QtBot, rig: StoreRig, starter: Path | None) -> StoreRig:
    """Close and start again; the next start has heard all that it says by itself."""
    assert rig.close()
    again = StoreRig(qtbot, rig.database_path.parent, starter)
    again.settle()
    return again


def test_the_first_start_begins_with_the_starter(rig: StoreRig, starter: Path) -> None:
    assert rig.nth(events.SettingsChanged).values == DEFAULTS
    assert rig.nth(events.LoadRequest).path == starter
    listed = library(rig)
    assert listed.starter is not None
    assert listed.starter.display_name == STARTER_NAME
    assert listed.models == (listed.starter,)
    assert rig.all(events.ModelSkipped) == []


def test_without_a_starter_nothing_is_loaded_at_the_first_start(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = StoreRig(qtbot, tmp_path)
    assert library(rig) == events.Library((), (), None)
    assert rig.all(events.LoadRequest) == []
    assert rig.close()


def test_a_damaged_starter_keeps_nothing_else_from_working(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "starter.gguf").write_bytes(b"half a download")
    rig = StoreRig(qtbot, tmp_path, tmp_path / "starter.gguf")
    assert library(rig) == events.Library((), (), None)
    assert rig.nth(events.SettingsChanged).values == DEFAULTS
    assert rig.close()


def test_a_changed_setting_is_told_and_kept(qtbot: QtBot, rig: StoreRig, starter: Path) -> None:
    rig.window.setting_requested.emit(events.SettingRequest(SettingKey.APPEARANCE, "dark"))
    changed = rig.nth(events.SettingsChanged, 2)
    assert changed.values == {**DEFAULTS, SettingKey.APPEARANCE: "dark"}
    again = restarted(qtbot, rig, starter)
    assert again.nth(events.SettingsChanged).values[SettingKey.APPEARANCE] == "dark"
    again.window.setting_requested.emit(events.SettingRequest(SettingKey.APPEARANCE, None))
    assert again.nth(events.SettingsChanged, 2).values == DEFAULTS
    assert again.close()


def test_the_next_first_frame_looks_as_was_chosen(rig: StoreRig) -> None:
    rig.nth(events.SettingsChanged)
    rig.window.setting_requested.emit(events.SettingRequest(SettingKey.APPEARANCE, "dark"))
    rig.nth(events.SettingsChanged, 2)
    assert rig.look.read()[SettingKey.APPEARANCE] == "dark"
    rig.window.setting_requested.emit(events.SettingRequest(SettingKey.APPEARANCE, None))
    rig.nth(events.SettingsChanged, 3)
    assert rig.look.read() == DEFAULTS


def test_a_look_that_was_lost_is_known_again_after_a_start(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    rig.window.setting_requested.emit(events.SettingRequest(SettingKey.RAIL_COLLAPSED, True))
    rig.nth(events.SettingsChanged, 2)
    (tmp_path / "look.json").unlink()
    again = restarted(qtbot, rig, starter)
    assert again.look.read()[SettingKey.RAIL_COLLAPSED] is True
    assert again.close()


def test_the_next_start_begins_with_the_model_used_last(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    models = [make_model(tmp_path, name, name) for name in ("a.gguf", "b.gguf")]
    for model in models:
        load(rig, model)
    assert library(rig).models[:2] == (models[1], models[0])
    again = restarted(qtbot, rig, starter)
    assert again.nth(events.LoadRequest).path == models[1].path
    load(again, replace(inspect_model(starter), display_name=STARTER_NAME))
    assert len(library(again).models) == 3
    third = restarted(qtbot, again, starter)
    assert third.nth(events.LoadRequest).path == starter
    assert third.close()


def test_a_model_that_is_gone_is_listed_apart_and_the_starter_taken(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    load(rig, model)
    rig.settle()
    model.path.unlink()
    again = restarted(qtbot, rig, starter)
    assert again.nth(events.LoadRequest).path == starter
    assert library(again).missing == (model,)
    assert library(again).models == (library(again).starter,)
    assert again.close()


def test_a_replaced_file_is_listed_as_it_is_now(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    load(rig, make_model(tmp_path, "a.gguf", "Old"))
    rig.settle()
    make_model(tmp_path, "a.gguf", "Newer")
    again = restarted(qtbot, rig, starter)
    assert library(again).models[0].display_name == "Newer"
    assert again.close()


def kill_while_loading(rig: StoreRig, path: Path) -> None:
    """Leave the file as a program does that is killed while it loads a model."""
    rig.window.load_began.emit(events.LoadRequest(path))
    rig.settle()
    copies = {
        one: one.read_bytes()
        for one in rig.database_path.parent.glob("chats.db*")
        if one.is_file()
    }
    assert rig.close()
    for one, content in copies.items():
        if not one.name.endswith("-shm"):
            one.write_bytes(content)


def test_a_model_that_brought_the_last_start_down_is_skipped_once(
    qtbot: QtBot, tmp_path: Path, starter: Path
) -> None:
    rig = StoreRig(qtbot, tmp_path, starter)
    model = make_model(tmp_path, "heavy.gguf")
    load(rig, model)
    kill_while_loading(rig, model.path)
    again = StoreRig(qtbot, tmp_path, starter)
    assert again.nth(events.ModelSkipped).path == model.path
    assert again.nth(events.LoadRequest).path == starter
    third = restarted(qtbot, again, starter)
    assert third.all(events.ModelSkipped) == []
    assert third.nth(events.LoadRequest).path == model.path
    assert third.close()


def test_the_starter_is_never_skipped(qtbot: QtBot, tmp_path: Path, starter: Path) -> None:
    kill_while_loading(StoreRig(qtbot, tmp_path, starter), starter)
    again = StoreRig(qtbot, tmp_path, starter)
    assert again.nth(events.LoadRequest).path == starter
    again.settle()
    assert again.all(events.ModelSkipped) == []
    assert again.close()


def test_closing_while_a_model_is_loading_is_no_crash(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    load(rig, model)
    rig.window.load_began.emit(events.LoadRequest(model.path))
    again = restarted(qtbot, rig, starter)
    assert again.all(events.ModelSkipped) == []
    assert again.nth(events.LoadRequest).path == model.path
    assert again.close()


def test_a_load_that_fails_is_no_crash_and_is_not_remembered(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    path = tmp_path / "a.gguf"
    rig.window.load_began.emit(events.LoadRequest(path))
    rig.window.load_failed.emit(events.LoadFailed(path, Failure(ErrorCode.MODEL_DAMAGED)))
    kill_while_loading(rig, starter)
    again = StoreRig(qtbot, tmp_path, starter)
    assert again.nth(events.LoadRequest).path == starter
    assert library(again).missing == ()
    assert again.all(events.ModelSkipped) == []
    assert again.close()


def test_a_model_whose_file_has_gone_meanwhile_is_listed_as_missing(
    rig: StoreRig, tmp_path: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    load(rig, model)
    assert model.path in {one.path for one in library(rig).models}
    model.path.unlink()
    gone = Failure(ErrorCode.FILE_MISSING)
    rig.window.load_failed.emit(events.LoadFailed(model.path, gone))
    assert [one.path for one in library(rig).missing] == [model.path]


def test_a_model_taken_off_the_list_keeps_its_file_and_is_not_begun_with(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    model = make_model(tmp_path, "a.gguf")
    load(rig, model)
    rig.window.forget_model_requested.emit(events.LoadRequest(model.path))
    assert library(rig).models == (library(rig).starter,)
    assert model.path.is_file()
    again = restarted(qtbot, rig, starter)
    assert again.nth(events.LoadRequest).path == starter
    assert again.close()


def test_a_model_given_at_start_comes_before_the_one_used_last(
    qtbot: QtBot, rig: StoreRig, tmp_path: Path, starter: Path
) -> None:
    load(rig, inspect_model(make_model(tmp_path, "mine.gguf").path))
    rig.settle()
    assert rig.close()
    wanted = make_model(tmp_path, "wanted.gguf").path
    again = StoreRig(qtbot, tmp_path, starter, wanted)
    assert again.nth(events.LoadRequest).path == wanted
    assert again.close()


def test_without_a_database_there_is_the_starter_all_the_same(
    qtbot: QtBot, tmp_path: Path, starter: Path
) -> None:
    (tmp_path / "chats.db").mkdir()
    rig = StoreRig(qtbot, tmp_path, starter)
    assert rig.nth(events.LoadRequest).path == starter
    assert rig.nth(events.Library).starter is not None
    load(rig, inspect_model(starter))
    rig.window.draft_requested.emit(events.DraftRequest(None, "half a thou"))
    rig.settle()
    assert rig.close()
    failed = [one.failure.code for one in rig.all(events.StoreFailed)]
    assert failed == [ErrorCode.DATA_FOLDER_UNWRITABLE]
