"""The index worker with real folders and a real database; the test plays the window."""

import os
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.document_events import (
    AttachmentsKept,
    CollectionChangeRequest,
    CollectionDeleted,
    CollectionRequest,
    DocumentsForgotten,
    EmbeddingModels,
    EmbedFailed,
    FileRequest,
    IndexChanged,
    IndexFailed,
    NewCollectionRequest,
)
from app.core.documents.collections import CollectionState, FileState
from app.core.documents.embedding_model import EmbeddingProfile
from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.core.events import EngineState, EngineStatus
from app.core.settings import SettingKey
from app.store import document_index
from app.store.document_contents import DocumentContents
from app.store.document_files import DocumentFiles, PendingFile
from app.store.document_rows import ReadDocument
from app.worker import index_documents, index_reading
from app.worker.index_documents import Checked, FileStat
from app.worker.signal_types import signal_of
from tests.worker.index_rig import BUILT_IN, LONG_AGO, OTHER, SCAN, Rig, running_rig, write

TEXT = "The rent is 840 euros a month.\nPets may be kept if the owner agrees."


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    yield from running_rig(tmp_path, qtbot, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    write(folder / "lease.txt", TEXT)
    write(folder / "notes" / "kitchen.txt", "The oven was repaired.\fIt cost 120 euros.")
    return folder


def test_a_folder_is_found_by_words_and_by_meaning(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.show()
    rig.until(lambda: len(rig.window.files) == 2)
    kitchen = rig.window.files["kitchen.txt"]
    assert kitchen.state is FileState.READY
    assert (kitchen.n_pages, kitchen.language) == (2, "en")
    summary = rig.window.summaries["flat"]
    assert (summary.n_pages, summary.n_skipped, summary.languages) == (3, 0, ("en",))
    assert rig.rows("SELECT count(*) FROM chunk_search WHERE chunk_search MATCH 'oven'") == [(1,)]
    n_chunks = rig.rows("SELECT count(*) FROM chunk")[0][0]
    assert rig.rows("SELECT count(*), min(length(vector)) FROM vector") == [(n_chunks, 16)]
    rig.until(lambda: any(isinstance(one, IndexChanged) for one in rig.window.heard))


def test_what_is_unchanged_is_not_read_again(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    n_requests = len(rig.window.requests)
    rig.restart()
    rig.until_ready(2)
    write(folder / "more.txt", "The cellar is dry.")
    rig.look_again()
    rig.until_ready(3)
    assert sorted(rig.reader.read_names) == ["kitchen.txt", "lease.txt", "more.txt"]
    assert sum(len(one.texts) for one in rig.window.requests) == 1
    assert n_requests


def test_a_renamed_a_touched_and_a_copied_file_cost_nothing(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    n_read, n_requests = len(rig.reader.read_names), len(rig.window.requests)
    (folder / "lease.txt").rename(folder / "contract.txt")
    os.utime(folder / "notes" / "kitchen.txt", (LONG_AGO + 9, LONG_AGO + 9))
    write(folder / "copy.txt", TEXT)
    rig.look_again()
    rig.until_ready(3)
    rig.show()
    rig.until(lambda: set(rig.window.files) == {"contract.txt", "kitchen.txt", "copy.txt"})
    assert (len(rig.reader.read_names), len(rig.window.requests)) == (n_read, n_requests)
    assert rig.rows("SELECT count(*) FROM content") == [(2,)]


def test_a_changed_file_embeds_only_what_is_new(rig: Rig, folder: Path) -> None:
    paragraphs = [f"Paragraph {n}. " + f"Words of part {n} go on. " * 20 for n in range(6)]
    path = write(folder / "lease.txt", "\n".join(paragraphs))
    rig.create(folder)
    rig.until_ready(2)
    rig.window.requests.clear()
    paragraphs[3] = "Something else. " + "The text is another one now. " * 18
    write(path, "\n".join(paragraphs), LONG_AGO + 60)
    rig.look_again()
    rig.until(lambda: rig.reader.read_names.count("lease.txt") == 2)
    rig.until(lambda: bool(rig.window.requests))
    rig.until_ready(2)
    assert 0 < sum(len(one.texts) for one in rig.window.requests) <= 2
    rig.until(lambda: rig.rows("SELECT count(*) FROM content") == [(2,)])


def test_a_deleted_file_is_found_no_more_at_once(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.window.heard.clear()
    (folder / "lease.txt").unlink()
    rig.until_ready(1)  # By the watch, without being asked.
    rig.until(lambda: IndexChanged(("flat",)) in rig.window.heard)
    assert rig.rows("SELECT count(*) FROM file") == [(1,)]


def test_a_disk_that_is_not_connected_loses_nothing(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    hidden = folder.rename(folder.with_name("elsewhere"))
    rig.look_again()
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.AWAY)
    summary = rig.window.summaries["flat"]
    assert summary.failure is not None
    assert summary.failure.code is ErrorCode.FOLDER_ABSENT
    hidden.rename(folder)
    rig.look_again()
    rig.until_ready(2)
    assert len(rig.reader.read_names) == 2


def test_every_file_that_cannot_be_read_says_why(rig: Rig, folder: Path) -> None:
    write(folder / "locked.txt", "secret")
    write(folder / "empty.txt", "")
    write(folder / "film.bin", "binary")
    os.mkfifo(folder / "pipe.txt")
    rig.reader.refusals["locked.txt"] = ErrorCode.DOCUMENT_NEEDS_PASSWORD
    rig.create(folder)
    rig.until_ready(6)
    rig.show()
    rig.until(lambda: len(rig.window.files) == 6)
    codes = {
        name: one.failure.code for name, one in rig.window.files.items() if one.failure is not None
    }
    assert codes == {
        "locked.txt": ErrorCode.DOCUMENT_NEEDS_PASSWORD,
        "empty.txt": ErrorCode.DOCUMENT_EMPTY,
        "film.bin": ErrorCode.DOCUMENT_UNSUPPORTED,
        "pipe.txt": ErrorCode.DOCUMENT_UNREADABLE,
    }
    # A film may be large: it is not even hashed.
    assert "film.bin" not in rig.reader.read_names
    failure = rig.window.files["locked.txt"].failure
    assert failure is not None
    assert failure.facts.file_name == "locked.txt"
    # Once the password is taken off, a try reads it.
    rig.reader.refusals.clear()
    file_id = rig.window.files["locked.txt"].file_id
    rig.window.retry_requested.emit(FileRequest("flat", file_id))
    rig.until(lambda: rig.window.files["locked.txt"].state is FileState.READY)


def test_a_file_that_is_being_written_is_read_when_it_is_finished(rig: Rig, folder: Path) -> None:
    path = folder / "growing.txt"
    path.write_text("Half a sen", encoding="utf-8")
    rig.create(folder)
    rig.until(lambda: len(rig.reader.read_names) == 2)
    assert "growing.txt" not in rig.reader.read_names
    path.write_text("Half a sentence is whole now.", encoding="utf-8")
    rig.until_ready(3)
    assert rig.reader.read_names.count("growing.txt") == 1
    assert rig.rows("SELECT text FROM chunk WHERE text LIKE 'Half%'") == [
        ("Half a sentence is whole now.",)
    ]


def test_a_paused_collection_waits_until_it_goes_on_also_after_a_restart(
    rig: Rig, folder: Path
) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.window.change_requested.emit(CollectionChangeRequest("flat", is_paused=True))
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.PAUSED)
    rig.restart()
    write(folder / "late.txt", "Later.")
    rig.look_again()
    rig.until(lambda: "flat" in rig.window.summaries)
    rig.until(lambda: rig.window.summaries["flat"].n_files == 3)
    assert rig.window.state_of("flat") is CollectionState.PAUSED
    assert "late.txt" not in rig.reader.read_names
    rig.window.change_requested.emit(CollectionChangeRequest("flat", is_paused=False))
    rig.until_ready(3)


def test_no_vectors_are_asked_for_while_a_chat_is_answered(rig: Rig, folder: Path) -> None:
    rig.window.engine_changed.emit(EngineStatus(EngineState.BUSY))
    rig.create(folder)
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.UNDERSTANDING)
    assert rig.window.summaries["flat"].n_searchable == 2
    assert rig.window.requests == []
    rig.window.engine_changed.emit(EngineStatus(EngineState.READY))
    rig.until_ready(2)


def test_another_model_makes_its_own_vectors_and_the_old_ones_go(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=OTHER.key))
    rig.until(lambda: any(one.model == OTHER for one in rig.window.requests))
    rig.until_ready(2)
    rig.until(lambda: rig.rows("SELECT DISTINCT embedding_key FROM vector") == [(OTHER.key,)])
    assert len(rig.reader.read_names) == 2


def test_old_vectors_stay_until_the_new_ones_are_complete(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    old = rig.rows("SELECT digest, vector FROM vector ORDER BY 1")
    assert old

    def kept() -> list[tuple[object, ...]]:
        query = "SELECT digest, vector FROM vector WHERE embedding_key = '{}' ORDER BY 1"
        return rig.rows(query.format(BUILT_IN.key))

    rig.window.answers = False
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=OTHER.key))
    rig.until(lambda: any(one.model == OTHER for one in rig.window.requests))
    # What comes in meanwhile is read, and then everything unused is cleaned away.
    rig.change("INSERT INTO vector VALUES (x'00', 'unused', x'00')")
    write(folder / "late.txt", "Later.")
    rig.look_again()
    rig.until(lambda: rig.rows("SELECT 1 FROM vector WHERE embedding_key = 'unused'") == [])
    rig.until(lambda: rig.window.summaries["flat"].n_searchable == 3)
    assert kept() == old
    failure = Failure(ErrorCode.EMBEDDING_MODEL_UNUSABLE)
    rig.window.embed_failed.emit(EmbedFailed(rig.window.requests[-1].request_id, failure))
    rig.until(lambda: rig.window.summaries["flat"].failure == failure)
    assert kept() == old
    rig.window.answers = True
    rig.look_again()
    rig.until_ready(3)
    rig.until(lambda: not kept())
    assert rig.rows("SELECT DISTINCT embedding_key FROM embedded_content") == [(OTHER.key,)]


def test_vectors_made_by_other_rules_are_made_anew_at_the_next_start(
    rig: Rig, folder: Path
) -> None:
    rig.create(folder)
    rig.until_ready(2)
    n_texts = sum(len(one.texts) for one in rig.window.requests)
    rig.restart()
    rig.until_ready(2)
    assert rig.window.requests == []
    rig.restart(replace(BUILT_IN, profile=EmbeddingProfile("new: ")))
    rig.until_ready(2)
    assert rig.window.requests == [], "questions have another prefix, not passages"
    rig.restart(replace(BUILT_IN, profile=EmbeddingProfile("", "passage: ")))
    rig.until(lambda: sum(len(one.texts) for one in rig.window.requests) == n_texts)
    rig.until_ready(2)


def test_a_change_of_model_goes_on_after_a_restart(rig: Rig, folder: Path) -> None:
    for number in range(40):
        write(folder / f"{number}.txt", f"Page {number} of the diary.")
    rig.create(folder)
    rig.until_ready(42)
    rig.window.answers = False
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=OTHER.key))
    rig.until(lambda: any(one.model == OTHER for one in rig.window.requests))
    rig.window.answer(rig.window.requests[-1])
    new = f"SELECT count(*) FROM vector WHERE embedding_key = '{OTHER.key}'"
    rig.until(lambda: rig.rows(new) != [(0,)])
    n_done = rig.rows(new)[0][0]
    rig.restart()
    rig.until_ready(42)
    assert rig.window.summaries["flat"].collection.embedding_key == OTHER.key
    texts = {text for one in rig.window.requests for text in one.texts}
    assert isinstance(n_done, int)
    assert n_done > 0
    assert rig.rows(new) == [(n_done + len(texts),)], "what was done was done again"
    assert len(rig.reader.read_names) == 42


def test_a_model_that_is_gone_is_told_though_nothing_is_left_to_do(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=OTHER.key))
    rig.until(lambda: rig.window.summaries["flat"].embedding_name == OTHER.name)
    rig.until_ready(2)
    assert rig.window.summaries["flat"].failure is None
    rig.window.models_changed.emit(EmbeddingModels((BUILT_IN,)))
    # The name of its file, not its key.
    gone = Failure(ErrorCode.EMBEDDING_MODEL_MISSING, Facts("e5-small"))
    rig.until(lambda: rig.window.summaries["flat"].failure == gone)
    assert rig.window.summaries["flat"].n_searchable == 2
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=BUILT_IN.key))
    rig.until(lambda: rig.window.summaries["flat"].failure is None)
    rig.until_ready(2)


def test_an_offer_that_was_declined_stays_so_and_language_is_told(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    assert rig.window.summaries["flat"].unknown_language == ""
    rig.reader.language = "de"
    for number in range(3):
        write(folder / f"{number}.txt", f"Die Miete {number}\nist am Monatsende zu zahlen.")
    rig.look_again()
    rig.until(lambda: rig.window.summaries["flat"].unknown_language == "de")
    rig.window.change_requested.emit(CollectionChangeRequest("flat", declined_language="de"))
    rig.until(lambda: rig.window.summaries["flat"].collection.declined_language == "de")
    rig.restart()
    rig.until(lambda: "flat" in rig.window.summaries)
    assert rig.window.summaries["flat"].collection.declined_language == "de"
    rig.window.change_requested.emit(CollectionChangeRequest("flat", embedding_key=OTHER.key))
    rig.until(lambda: rig.window.summaries["flat"].unknown_language == "")


def test_a_model_that_fails_leaves_everything_findable_by_words(rig: Rig, folder: Path) -> None:
    rig.window.answers = False
    rig.create(folder)
    rig.until(lambda: len(rig.window.requests) == 1)
    failure = Failure(ErrorCode.EMBEDDING_MODEL_UNUSABLE)
    rig.window.embed_failed.emit(EmbedFailed(rig.window.requests[0].request_id, failure))
    rig.until(lambda: rig.window.summaries["flat"].failure == failure)
    assert rig.window.summaries["flat"].n_searchable == 2
    rig.window.answers = True
    rig.window.models_changed.emit(EmbeddingModels((BUILT_IN,)))
    rig.until_ready(2)
    assert rig.window.summaries["flat"].failure is None


def test_a_removed_collection_comes_back_or_goes_for_good(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.window.delete_requested.emit(CollectionRequest("flat"))
    rig.until(lambda: CollectionDeleted("flat", "Flat") in rig.window.heard)
    rig.until(lambda: not rig.window.summaries)
    rig.window.restore_requested.emit(CollectionRequest("flat"))
    rig.until_ready(2)
    assert len(rig.reader.read_names) == 2
    rig.window.delete_requested.emit(CollectionRequest("flat"))
    rig.window.purge_requested.emit()
    rig.until(lambda: rig.rows("SELECT count(*) FROM vector") == [(0,)])
    for table in ("collection", "file", "content", "page", "chunk", "chunk_search"):
        assert rig.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    rig.stop()
    files = rig.database_path.parent.glob("documents.db*")
    assert not any(b"repaired" in one.read_bytes() for one in files)
    rig.start()


def test_pasted_text_belongs_to_its_chat_and_goes_with_it(rig: Rig) -> None:
    request = NewCollectionRequest("paste", "A: letter?", is_attachment=True, pasted_text=TEXT)
    rig.window.create_requested.emit(request)
    rig.until_ready(1, "paste")
    (path,) = rig.window.summaries["paste"].collection.sources
    assert path.read_text(encoding="utf-8") == TEXT
    rig.window.kept.emit(AttachmentsKept(()))  # It is younger than this start.
    rig.window.forgotten.emit(DocumentsForgotten(("paste",)))
    rig.until(lambda: not rig.window.summaries and not path.exists())


def test_documents_of_a_chat_that_cannot_be_kept_are_told_by_their_id(rig: Rig) -> None:
    (rig.home / "pasted").write_text("a file where the folder should be")
    for key in ("first", "second"):
        request = NewCollectionRequest(key, "Letter", is_attachment=True, pasted_text=TEXT)
        rig.window.create_requested.emit(request)

    def told() -> list[str]:
        heard = (one for one in rig.window.heard if isinstance(one, IndexFailed))
        return [one.attachment_id for one in heard]

    rig.until(lambda: told() == ["first", "second"])
    assert not rig.window.summaries


def test_documents_of_a_chat_tell_why_they_cannot_be_read(rig: Rig, folder: Path) -> None:
    (folder / "film.bin").write_bytes(b"PK\x03\x04 no document")
    rig.create(folder, key="chat", is_attachment=True)
    rig.create(folder)
    rig.until_ready(3, "chat")
    rig.until_ready(3)
    (reason,) = rig.window.summaries["chat"].skipped
    assert reason.code is ErrorCode.DOCUMENT_UNSUPPORTED
    assert reason.facts.file_name == "film.bin"
    assert rig.window.summaries["flat"].skipped == (), "the Documents page has a table"


def test_attachments_of_chats_that_are_gone_go_at_the_next_start(rig: Rig, folder: Path) -> None:
    rig.create(folder / "lease.txt", key="kept", is_attachment=True)
    rig.create(folder / "lease.txt", key="left", is_attachment=True)
    rig.create(folder)
    rig.until_ready(1, "left")
    rig.restart()
    rig.window.kept.emit(AttachmentsKept(("kept",)))
    rig.until(lambda: set(rig.window.summaries) == {"kept", "flat"})


def test_a_damaged_index_is_begun_anew_with_the_same_collections(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(2)
    rig.stop()
    root = rig.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'chunk'")[0][0]
    size = rig.rows("PRAGMA page_size")[0][0]
    assert isinstance(root, int)
    assert isinstance(size, int)
    with rig.database_path.open("r+b") as stream:
        stream.seek((root - 1) * size)
        stream.write(b"\xff" * size)
    rig.start()
    rig.until(lambda: ErrorCode.DOCUMENT_INDEX_DAMAGED in rig.window.failures())
    rig.until_ready(2)
    assert len(list(rig.home.glob("documents.db.damaged-*"))) >= 1
    # Whoever has read the old one is told that nothing of it holds.
    assert IndexChanged(()) in rig.window.heard


class Harm(QObject):
    """Tells the worker, on its thread, that its database is damaged."""

    done = signal_of(Failure)


def test_what_was_on_its_way_into_a_damaged_index_never_comes_into_the_next(
    rig: Rig, folder: Path
) -> None:
    rig.window.answers = False
    rig.create(folder)
    rig.until(lambda: bool(rig.window.requests))
    (late,) = rig.window.requests
    rig.window.answers = True
    harm = Harm()
    harm.done.connect(rig.worker._take_failure)
    harm.done.emit(Failure(ErrorCode.DATABASE_DAMAGED))
    rig.until(lambda: ErrorCode.DOCUMENT_INDEX_DAMAGED in rig.window.failures())
    rig.window.answer(late)
    rig.until_ready(2)
    assert len(rig.window.requests) > 1
    assert rig.rows("SELECT count(*) FROM vector") == rig.rows(
        "SELECT count(DISTINCT digest) FROM chunk"
    )


def test_a_mistake_that_is_no_files_is_told_and_tried_again_later(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending, broken = DocumentFiles.pending, [True]

    def pending_if_whole(
        files: DocumentFiles, n_at_most: int, besides: Iterable[int] = ()
    ) -> list[PendingFile]:
        if broken:
            raise ValueError
        return pending(files, n_at_most, besides)

    monkeypatch.setattr(DocumentFiles, "pending", pending_if_whole)
    rig.create(folder)
    rig.until(lambda: ErrorCode.BUG in rig.window.failures())
    n_told = len(rig.window.failures())
    broken.clear()
    rig.until_ready(2)
    assert n_told < 20
    assert rig.window.summaries["flat"].collection.sources == (folder,)


def test_a_full_disk_is_told_once_and_everything_goes_on_later(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, full = DocumentContents.keep, [True]

    def keep_if_there_is_room(
        contents: DocumentContents,
        file_id: int,
        document: ReadDocument,
        version: int,
        unfinished_id: int = 0,
    ) -> None:
        if full:
            raise WorldError(ErrorCode.DISK_FULL)
        keep(contents, file_id, document, version, unfinished_id)

    monkeypatch.setattr(DocumentContents, "keep", keep_if_there_is_room)
    rig.create(folder)
    rig.until(lambda: ErrorCode.DISK_FULL in rig.window.failures())
    rig.until(lambda: rig.window.summaries["flat"].failure == Failure(ErrorCode.DISK_FULL))
    n_tries = len(rig.reader.read_names)
    rig.until(lambda: len(rig.reader.read_names) > n_tries + 1)
    assert rig.window.failures() == [ErrorCode.DISK_FULL]
    full.clear()
    rig.until_ready(2)
    assert rig.window.summaries["flat"].failure is None


def test_a_thousand_unchanged_files_are_looked_at_within_a_second(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    for number in range(1000):
        write(folder / f"{number % 20}" / f"{number}.txt", f"Number {number} is written here.")
    rig.create(folder)
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.READY, 60_000)
    rig.until_ready(1000)
    write(folder / "new.txt", "One more.")
    n_read = len(rig.reader.read_names)
    rig.window.requests.clear()
    hashed: list[Path] = []
    check = index_documents.check

    def check_and_note(path: Path, known: FileStat, settled: FileStat | None) -> Checked:
        hashed.append(path)
        return check(path, known, settled)

    monkeypatch.setattr(index_reading, "check", check_and_note)
    began_s = time.process_time()
    rig.look_again()
    rig.until_ready(1001)
    assert time.process_time() - began_s < 1.5
    # Not one of the others is opened, read, cut into chunks or embedded again.
    assert hashed == [folder / "new.txt"]
    assert len(rig.reader.read_names) == n_read + 1
    assert [len(one.texts) for one in rig.window.requests] == [1]
    assert rig.rows("SELECT count(*), max(chunk_id) FROM chunk") == [(1001, 1001)]


def test_files_with_scans_are_read_again_when_scans_are_to_be_read(rig: Rig, folder: Path) -> None:
    write(folder / "letter.txt", f"Typed.\f{SCAN} Signed by Ada.")
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.READ_SCANS: False}))
    rig.create(folder)
    rig.until_ready(3)
    assert rig.window.summaries["flat"].n_partly == 1
    assert rig.rows("SELECT count(*) FROM chunk WHERE text LIKE '%Ada%'") == [(0,)]
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.READ_SCANS: True}))
    rig.until(lambda: rig.rows("SELECT count(*) FROM chunk WHERE text LIKE '%Ada%'") == [(1,)])
    rig.until_ready(3)
    rig.until(lambda: rig.window.summaries["flat"].n_partly == 0)
    # Once more each, and only those that had something to gain.
    assert sorted(rig.reader.read_names) == [
        "kitchen.txt",
        "lease.txt",
        "letter.txt",
        "letter.txt",
    ]
    # To switch it off again takes nothing away.
    rig.window.settings_changed.emit(events.SettingsChanged({SettingKey.READ_SCANS: False}))
    rig.look_again()
    rig.until_ready(3)
    assert len(rig.reader.read_names) == 4


def test_a_big_collection_that_is_deleted_gives_its_room_back(
    rig: Rig, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_index, "COMPACT_BYTES", 1 << 18)
    chance = random.Random(7)
    big = tmp_path / "big"
    for number in range(16):
        words = " ".join(f"{chance.getrandbits(40):x}" for _ in range(2000))
        write(big / f"{number}.txt", words)
    rig.create(folder)
    rig.until_ready(2)
    rig.create(big, key="big")
    rig.until_ready(16, "big")

    def n_bytes() -> int:
        return sum(one.stat().st_size for one in rig.home.glob("documents.db*"))

    n_before = n_bytes()
    assert n_before > 1_000_000
    rig.window.delete_requested.emit(CollectionRequest("big"))
    rig.until(lambda: set(rig.window.summaries) == {"flat"})
    rig.window.purge_requested.emit()
    rig.until(lambda: n_bytes() < n_before / 5)
    rig.until_ready(2)
    assert rig.rows("SELECT count(*) FROM chunk_search WHERE chunk_search MATCH 'oven'") == [(1,)]
    assert rig.rows("PRAGMA integrity_check") == [("ok",)]


def test_settings_and_events_are_taken(rig: Rig) -> None:
    rig.window.settings_changed.emit(events.SettingsChanged({}))
    rig.create(Path("/nowhere/at/all"))
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.AWAY)
