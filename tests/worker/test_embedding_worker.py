"""Vectors through the worker on its thread, with a real engine process of its own."""

import os
import shutil
import signal as os_signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.document_events import Embedded, EmbeddingModels, EmbedFailed, EmbedRequest
from app.core.documents.embedding_model import EmbeddingModel, EmbeddingProfile, EmbedPurpose
from app.core.errors import ErrorCode
from app.core.events import EngineState
from app.core.settings import SettingKey
from app.engine import protocol
from app.store.embedding_models import built_in_model
from app.worker.embed_queue import EmbedJob, EmbedQueue
from app.worker.embedding_worker import EmbeddingWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread
from tests.engine import tiny_embedders
from tests.engine.tiny_embedders import KINDS

WAIT_MS = 90_000
PASSAGE = "The tenant shall pay the rent by the third working day of each month. " * 10


class Asker(QObject):
    """Asks as other workers do, and writes down what comes, in its order."""

    open_requested = signal()
    close_requested = signal()
    embed_requested = signal_of(EmbedRequest)
    status_changed = signal_of(events.EngineStatus)
    settings_changed = signal_of(events.SettingsChanged)

    def __init__(self, worker: EmbeddingWorker) -> None:
        super().__init__()
        self.embedded: dict[str, Embedded] = {}
        self.failed: dict[str, EmbedFailed] = {}
        self.models: tuple[EmbeddingModel, ...] = ()
        self.open_requested.connect(worker.open)
        self.close_requested.connect(worker.close)
        self.embed_requested.connect(worker.embed)
        self.status_changed.connect(worker.take_engine_status)
        self.settings_changed.connect(worker.apply_settings)
        worker.embedded.connect(self._on_embedded)
        worker.embed_failed.connect(self._on_failed)
        worker.models_changed.connect(self._on_models)

    @Slot(object)
    def _on_embedded(self, embedded: Embedded) -> None:
        self.embedded[embedded.request_id] = embedded

    @Slot(object)
    def _on_failed(self, failed: EmbedFailed) -> None:
        self.failed[failed.request_id] = failed

    @Slot(object)
    def _on_models(self, models: EmbeddingModels) -> None:
        self.models = models.models


class Rig:
    """The worker on its thread, who asks it, and the wait for what one expects."""

    def __init__(self, qtbot: QtBot, built_in: EmbeddingModel, folder: Path, idle_ms: int) -> None:
        self.model = built_in
        self.worker = EmbeddingWorker(built_in, folder, idle_ms)
        self.asker = Asker(self.worker)
        self._qtbot = qtbot
        self.thread = WorkerThread("embedding")
        self.thread.adopt(self.worker)
        self.thread.start()
        self.asker.open_requested.emit()

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def ask(
        self,
        request_id: str,
        *texts: str,
        purpose: EmbedPurpose = EmbedPurpose.PASSAGE,
        model: EmbeddingModel | None = None,
    ) -> None:
        request = EmbedRequest(request_id, model or self.model, texts, purpose)
        self.asker.embed_requested.emit(request)

    def ended(self, *request_ids: str) -> bool:
        ended = {*self.asker.embedded, *self.asker.failed}
        return ended.issuperset(request_ids)


MakeRig = Callable[..., Rig]


@pytest.fixture
def make_rig(qtbot: QtBot, embedding_path: Path, tmp_path: Path) -> Iterator[MakeRig]:
    rigs = []

    def make(idle_ms: int = 60_000) -> Rig:
        (tmp_path / "models").mkdir()
        rigs.append(Rig(qtbot, built_in_model(embedding_path), tmp_path / "models", idle_ms))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.asker.close_requested.emit()
        assert rig.thread.wait()


def test_texts_come_back_as_vectors_in_their_order(make_rig: MakeRig) -> None:
    rig = make_rig()
    texts = [f"{number} {PASSAGE}" for number in range(7)]
    rig.ask("passages", *texts, "cats")
    rig.ask("alone", texts[3])
    rig.ask("nothing")
    rig.until(lambda: rig.ended("passages", "alone", "nothing"))
    assert not rig.asker.failed
    found = rig.asker.embedded["passages"]
    rows = np.frombuffer(found.vectors, np.float32).reshape(8, found.n_dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    alone = np.frombuffer(rig.asker.embedded["alone"].vectors, np.float32)
    assert float(rows[3] @ alone) > 0.99999
    assert rig.asker.embedded["nothing"].vectors == b""


def test_a_question_overtakes_passages(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.ask("passages", *[PASSAGE] * 20)
    rig.ask("more passages", *[PASSAGE] * 20)
    rig.ask("question", "When is the rent due?", purpose=EmbedPurpose.QUERY)
    rig.until(lambda: rig.ended("question"))
    assert not rig.ended("passages")
    rig.until(lambda: rig.ended("passages", "more passages"))
    assert list(rig.asker.embedded) == ["question", "passages", "more passages"]
    assert len(rig.asker.embedded["passages"].vectors) == 20 * 384 * 4


def test_a_slice_that_was_cut_short_teaches_nothing_of_the_speed(
    make_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, learn = EmbeddingWorker._take_vectors, EmbedQueue.learn
    n_taken: list[int] = []
    learnt: list[int] = []

    def take_one_at_first(worker: EmbeddingWorker, reply: protocol.Embedded) -> None:
        if not n_taken:
            # As the engine answers when a question stops it after the first text.
            one = reply.vectors[: len(reply.vectors) // reply.n_texts]
            reply = msgspec.structs.replace(reply, n_texts=1, vectors=one)
        n_taken.append(reply.n_texts)
        take(worker, reply)

    def noted(queue: EmbedQueue, n_characters: int, compute_s: float) -> None:
        learnt.append(n_characters)
        learn(queue, n_characters, compute_s)

    monkeypatch.setattr(EmbeddingWorker, "_take_vectors", take_one_at_first)
    monkeypatch.setattr(EmbedQueue, "learn", noted)
    rig = make_rig()
    texts = [f"{number} cats" for number in range(5)]
    rig.ask("passages", *texts)
    rig.until(lambda: rig.ended("passages"))
    assert len(rig.asker.embedded["passages"].vectors) == 5 * 384 * 4
    assert n_taken == [1, 4]
    assert learnt == [sum(map(len, texts[1:]))]


def test_a_questions_model_stays_a_while_though_passages_wait_for_another(
    make_rig: MakeRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    load = EmbeddingWorker._load

    def noted(worker: EmbeddingWorker, job: EmbedJob) -> None:
        loads.append(job.request.model.key)
        load(worker, job)

    monkeypatch.setattr(EmbeddingWorker, "_load", noted)
    rig = make_rig()
    tiny = KINDS["bge-m3"](tmp_path / "bge-m3.gguf")
    new = EmbeddingModel("new", "New", tiny.path, EmbeddingProfile())
    for name in ("first", "second", "third"):
        rig.ask(name, "When is the rent due?", purpose=EmbedPurpose.QUERY)
        rig.ask(f"passages after the {name}", PASSAGE, model=new)
        rig.until(partial(rig.ended, name))
    assert loads == [rig.model.key]
    rig.until(lambda: rig.ended("passages after the third"))
    assert loads == [rig.model.key, "new"]


def test_the_models_prefixes_are_added(make_rig: MakeRig, embedding_path: Path) -> None:
    rig = make_rig()
    profile = EmbeddingProfile("query: ", "passage: ")
    prefixed = EmbeddingModel("other", "Other", embedding_path, profile)
    rig.ask("query", "the rent", purpose=EmbedPurpose.QUERY, model=prefixed)
    rig.ask("passage", "the rent", model=prefixed)
    rig.ask("written out", "query: the rent", "passage: the rent")
    rig.until(lambda: rig.ended("query", "passage", "written out"))
    both = rig.asker.embedded["query"].vectors + rig.asker.embedded["passage"].vectors
    assert both == rig.asker.embedded["written out"].vectors


def test_passages_wait_while_the_chat_writes_but_questions_do_not(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.asker.status_changed.emit(events.EngineStatus(EngineState.BUSY))
    rig.ask("passages", PASSAGE)
    rig.ask("question", "When is the rent due?", purpose=EmbedPurpose.QUERY)
    rig.until(lambda: rig.ended("question"))
    rig.ask("another", "Who pays?", purpose=EmbedPurpose.QUERY)
    rig.until(lambda: rig.ended("another"))
    assert not rig.ended("passages")
    rig.asker.status_changed.emit(events.EngineStatus(EngineState.READY))
    rig.until(lambda: rig.ended("passages"))


def test_a_model_that_is_gone_or_damaged_fails_its_requests_only(
    make_rig: MakeRig, tmp_path: Path
) -> None:
    rig = make_rig()
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(rig.model.path.read_bytes()[:1_000_000])
    for name, path in (("gone", tmp_path / "gone.gguf"), ("damaged", damaged)):
        model = EmbeddingModel(name, name, path, EmbeddingProfile())
        rig.ask(name, "text", model=model)
    rig.ask("good", "text")
    rig.until(lambda: rig.ended("gone", "damaged", "good"))
    codes = {name: one.failure.code for name, one in rig.asker.failed.items()}
    assert codes == {
        "gone": ErrorCode.EMBEDDING_MODEL_MISSING,
        "damaged": ErrorCode.EMBEDDING_MODEL_UNUSABLE,
    }


def test_a_process_that_dies_is_started_again_and_nothing_is_lost(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.ask("first", "text")
    rig.until(lambda: rig.ended("first"))
    rig.ask("passages", *[PASSAGE] * 40)
    os.kill(rig.worker.process_id, os_signal.SIGKILL)
    rig.until(lambda: rig.ended("passages"))
    assert not rig.asker.failed
    assert len(rig.asker.embedded["passages"].vectors) == 40 * 384 * 4


def test_the_process_ends_after_a_rest_and_comes_back(make_rig: MakeRig) -> None:
    rig = make_rig(idle_ms=50)
    assert not rig.worker.process_id
    rig.ask("first", "text")
    rig.until(lambda: rig.ended("first") and not rig.worker.process_id)
    rig.ask("second", "text")
    rig.until(lambda: rig.ended("second") and not rig.worker.process_id)
    assert not rig.asker.failed


def test_downloaded_embedding_models_are_found_where_they_lie(
    make_rig: MakeRig, tmp_path: Path, starter_path: Path
) -> None:
    rig = make_rig()
    rig.until(lambda: rig.asker.models == (rig.model,))
    other = tmp_path / "chosen"
    (other / "maker__e5-GGUF").mkdir(parents=True)
    shutil.copy(rig.model.path, other / "maker__e5-GGUF" / "multilingual-e5-small-Q8_0.gguf")
    shutil.copy(starter_path, other / "chat.gguf")
    (other / "broken-bge-m3.gguf").write_bytes(b"GGUF")
    settings = events.SettingsChanged({SettingKey.MODELS_FOLDER: str(other)})
    rig.asker.settings_changed.emit(settings)
    rig.until(lambda: len(rig.asker.models) == 2)
    found = rig.asker.models[-1]
    assert rig.asker.models[0] == rig.model
    assert found.key == "multilingual-e5-small-Q8_0-25279424"
    assert found.profile.query_prefix == "query: "


def test_every_kind_is_known_by_its_name_and_given_its_prefixes(
    make_rig: MakeRig, tmp_path: Path
) -> None:
    rig, folder = make_rig(), tmp_path / "chosen"
    folder.mkdir()
    for name, write in KINDS.items():
        write(folder / f"{name}-F32.gguf")
    rig.asker.settings_changed.emit(
        events.SettingsChanged({SettingKey.MODELS_FOLDER: str(folder)})
    )
    rig.until(lambda: len(rig.asker.models) == 1 + len(KINDS))
    names = []
    for model in rig.asker.models[1:]:
        profile, key = model.profile, model.key
        bare = replace(model, profile=replace(profile, query_prefix="", passage_prefix=""))
        rig.ask(f"query {key}", "the rent", purpose=EmbedPurpose.QUERY, model=model)
        rig.ask(f"passage {key}", "the rent", model=model)
        written_out = (profile.query_prefix + "the rent", profile.passage_prefix + "the rent")
        rig.ask(f"both {key}", *written_out, model=bare)
        names += [f"query {key}", f"passage {key}", f"both {key}"]
    rig.until(lambda: rig.ended(*names))
    assert not rig.asker.failed
    vectors = {name: one.vectors for name, one in rig.asker.embedded.items()}
    for model in rig.asker.models[1:]:
        key, profile = model.key, model.profile
        assert vectors[f"query {key}"] + vectors[f"passage {key}"] == vectors[f"both {key}"]
        is_same = profile.query_prefix == profile.passage_prefix
        assert (vectors[f"query {key}"] == vectors[f"passage {key}"]) == is_same, key


def test_a_model_whose_file_is_gone_is_not_offered_any_more(
    make_rig: MakeRig, tmp_path: Path
) -> None:
    rig, folder = make_rig(), tmp_path / "chosen"
    folder.mkdir()
    tiny = KINDS["bge-m3"](folder / "bge-m3-F32.gguf")
    settings = events.SettingsChanged({SettingKey.MODELS_FOLDER: str(folder)})
    rig.asker.settings_changed.emit(settings)
    rig.until(lambda: len(rig.asker.models) == 2)
    model = rig.asker.models[1]
    tiny.path.unlink()
    rig.ask("text", "the rent", model=model)
    rig.until(lambda: rig.ended("text"))
    assert rig.asker.failed["text"].failure.code is ErrorCode.EMBEDDING_MODEL_MISSING
    rig.until(lambda: rig.asker.models == (rig.model,))


def test_a_model_that_kills_its_process_is_given_up_and_others_go_on(
    make_rig: MakeRig, tmp_path: Path
) -> None:
    rig = make_rig()
    # Without a layer that sees the whole text llama.cpp aborts at the first text.
    tiny = tiny_embedders.gemma(tmp_path / "embeddinggemma.gguf", n_layers=2)
    deadly = EmbeddingModel("deadly", "Deadly", tiny.path, EmbeddingProfile())
    rig.ask("deadly", "the rent", model=deadly)
    rig.ask("good", "the rent")
    rig.until(lambda: rig.ended("deadly", "good"))
    assert rig.asker.failed["deadly"].failure.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
    assert rig.asker.failed["deadly"].failure.facts.file_name == "Deadly"
    assert "good" in rig.asker.embedded
