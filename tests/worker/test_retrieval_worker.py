"""Questions are answered from the documents, with vectors or without."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import document_events as events
from app.core.conversation import Conversation
from app.core.documents.document_names import name_terms
from app.core.documents.embedding_model import BUILT_IN_KEY, EmbeddingModel, EmbeddingProfile
from app.core.documents.evidence import AnswerMode, ChatDocuments, Evidence, Verdict
from app.core.errors import ErrorCode, Failure
from app.core.events import ShownConversation
from app.store import name_search
from app.store.document_index import document_database
from app.worker import retrieval_worker
from app.worker.retrieval_worker import RetrievalWorker
from tests.retrieval_rig import N_DIMENSIONS, DocumentRig, vectors_of

MODEL = EmbeddingModel(BUILT_IN_KEY, "English", Path("/m.gguf"), EmbeddingProfile())
OTHER = EmbeddingModel("e5-1", "Many", Path("/e.gguf"), EmbeddingProfile(languages=("*",)))
LEASE = """# Lease
## Rent
The monthly rent is 1,250 euros. It is due on the third working day of each month.
## Deposit
The deposit is three months' rent and is kept in an account that bears interest.
## Notice
Either party may end the lease with three months' notice, in writing.
## Pets
Dogs need the landlord's consent. Small animals in cages are allowed.
"""
MINUTES = """# Minutes of the garden club
The club met on 4 March. Anna reported that the new greenhouse was finished in February.
The members chose to plant forty apple trees along the northern fence.
"""


class Room:
    """The worker, what it said, and somebody who makes vectors."""

    def __init__(self, folder: Path) -> None:
        self.rig = DocumentRig(folder)
        self.rig.add_collection("home")
        self.worker = RetrievalWorker(document_database(self.rig.path))
        self.found: dict[str, Evidence] = {}
        self.failed: dict[str, Failure] = {}
        self.asked: list[events.EmbedRequest] = []
        self.worker.evidence_found.connect(self._note)
        self.worker.evidence_failed.connect(self._note_failed)
        self.worker.embed_requested.connect(self.asked.append)
        self.worker.take_embedding_models(events.EmbeddingModels((MODEL, OTHER)))

    def _note(self, found: events.EvidenceFound) -> None:
        self.found[found.request_id] = found.evidence

    def _note_failed(self, failed: events.EvidenceFailed) -> None:
        self.failed[failed.request_id] = failed.failure

    def ask(self, question: str, **changes: object) -> Evidence:
        """Ask, and make the vectors that are wanted."""
        request = events.EvidenceRequest("1", ("home",), question, mode=AnswerMode.QUOTES)
        self.found.clear()
        self.worker.find(replace(request, **changes))  # type: ignore[arg-type]
        self.embed()
        return self.found["1"]

    def embed(self) -> None:
        while self.asked:
            request = self.asked.pop(0)
            vectors = vectors_of(request.texts).tobytes()
            self.worker.take_embedded(events.Embedded(request.request_id, N_DIMENSIONS, vectors))


@pytest.fixture
def room(tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.worker._database.close()
    made.rig.database.close()
    made.worker.deleteLater()


def full(room: Room) -> None:
    room.rig.add("home", "lease.txt", LEASE)
    room.rig.add("home", "club.txt", MINUTES)
    room.rig.embed()


def test_the_right_sentence_is_quoted_with_its_place(room: Room) -> None:
    full(room)
    evidence = room.ask("How much is the monthly rent?")
    assert evidence.verdict is Verdict.FOUND
    assert evidence.has_vectors
    assert evidence.n_files == 2
    quote = evidence.quotes[0]
    assert quote.text.startswith("The monthly rent is 1,250 euros.")
    assert quote.place.path == Path("/documents/lease.txt")
    pages = room.rig.database.read("SELECT text FROM chunk")
    span = quote.place.spans[0]
    assert any(quote.text in row["text"] for row in pages)
    assert span.end - span.start == len(quote.text)


def test_what_is_not_there_is_said_not_to_be(room: Room) -> None:
    full(room)
    evidence = room.ask("Who won the football championship in Brazil?")
    assert evidence.verdict is Verdict.NOT_FOUND
    assert room.ask("How many parking spaces does the building have?").verdict is Verdict.NOT_FOUND


def test_small_documents_are_given_as_a_whole(room: Room) -> None:
    full(room)
    evidence = room.ask("How much is the monthly rent?", mode=AnswerMode.MODEL)
    assert evidence.verdict is Verdict.EVERYTHING
    text = "\n".join(one.text for one in evidence.passages)
    assert "forty apple trees" in text
    assert "Small animals" in text
    assert "rent" in evidence.passages[0].text


def test_a_summary_is_of_everything(room: Room) -> None:
    full(room)
    evidence = room.ask("Summarize these documents", mode=AnswerMode.MODEL)
    assert evidence.verdict is Verdict.EVERYTHING


def test_a_question_that_leans_on_the_one_before(room: Room) -> None:
    full(room)
    evidence = room.ask("And when is it due?", earlier_questions=("How much is the rent?",))
    assert "rent" in evidence.question
    assert "third working day" in evidence.quotes[0].text


@pytest.mark.parametrize("question", ["How much is the rent?", "Are dogs allowed?"])
def test_a_short_question_about_something_else_is_judged_by_itself(
    room: Room, question: str
) -> None:
    full(room)
    earlier = ("Who won the football championship in Brazil?",)
    assert room.ask(question, earlier_questions=earlier).verdict is Verdict.FOUND


@pytest.mark.parametrize("question", ["And how much rent did he win there?", "For the rent?"])
def test_what_leans_on_a_question_needs_what_that_asked_for(room: Room, question: str) -> None:
    full(room)
    earlier = ("Who won the football championship in Brazil?",)
    assert room.ask(question, earlier_questions=earlier).verdict is Verdict.NOT_FOUND


def test_without_vectors_words_are_enough(room: Room) -> None:
    room.rig.add("home", "lease.txt", LEASE)
    evidence = room.ask("Are dogs allowed?")
    assert not evidence.has_vectors
    assert "Dogs need the landlord's consent." in evidence.quotes[0].text


def test_late_vectors_are_not_waited_for(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval_worker, "VECTOR_WAIT_MS", 1)
    full(room)
    room.worker.find(events.EvidenceRequest("late", ("home",), "Are dogs allowed?"))
    assert len(room.asked) == 1
    qtbot.waitUntil(lambda: "late" in room.found)
    assert not room.found["late"].has_vectors
    room.found.clear()
    room.embed()
    assert not room.found


def test_each_question_waits_for_its_own_time(
    room: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(room)
    monkeypatch.setattr(retrieval_worker, "VECTOR_WAIT_MS", 60_000)
    room.worker.find(events.EvidenceRequest("patient", ("home",), "How much is the rent?"))
    monkeypatch.setattr(retrieval_worker, "VECTOR_WAIT_MS", 1)
    room.worker.find(events.EvidenceRequest("late", ("home",), "Are dogs allowed?"))
    qtbot.waitUntil(lambda: "late" in room.found)
    assert "patient" not in room.found
    room.embed()
    assert room.found["patient"].has_vectors


def test_vectors_that_cannot_be_made(room: Room) -> None:
    full(room)
    room.worker.find(events.EvidenceRequest("1", ("home",), "Are dogs allowed?"))
    failure = Failure(ErrorCode.EMBEDDING_MODEL_UNUSABLE)
    room.worker.take_embed_failed(events.EmbedFailed(room.asked[0].request_id, failure))
    assert not room.found["1"].has_vectors


def changed_model(room: Room) -> None:
    """Two documents with vectors of the built-in model, and another one chosen since."""
    room.rig.add("home", "lease.txt", LEASE)
    room.rig.add("home", "club.txt", MINUTES)
    room.rig.embed(is_complete=True)
    change = events.CollectionChangeRequest("home", embedding_key=OTHER.key)
    room.rig.index.collections.change(change)


def asked_models(room: Room) -> list[EmbeddingModel]:
    """Ask, and give the models from which a vector is wanted."""
    request = events.EvidenceRequest("m", ("home",), "How much is the monthly rent?")
    room.worker.find(request)
    models = [one.model for one in room.asked]
    room.embed()
    return models


def test_old_vectors_serve_until_the_new_ones_are_complete(room: Room) -> None:
    changed_model(room)
    assert asked_models(room) == [MODEL]
    assert room.found["m"].has_vectors
    room.rig.embed(OTHER.key, n_files=1, is_complete=True)
    assert asked_models(room) == [MODEL], "half of the new ones is less than all of the old"
    room.rig.embed(OTHER.key, is_complete=True)
    assert room.rig.index.contents.drop_unused_vectors() > 0
    assert asked_models(room) == [OTHER]
    assert room.found["m"].has_vectors


def test_where_the_old_model_is_gone_the_new_vectors_serve_as_far_as_they_are(
    room: Room,
) -> None:
    changed_model(room)
    room.worker.take_embedding_models(events.EmbeddingModels((OTHER,)))
    assert asked_models(room) == []
    assert not room.found["m"].has_vectors
    assert "1,250 euros" in room.found["m"].quotes[0].text
    room.rig.embed(OTHER.key, n_files=1, is_complete=True)
    assert asked_models(room) == [OTHER]


def test_where_the_new_model_is_gone_the_old_vectors_go_on_serving(room: Room) -> None:
    changed_model(room)
    room.rig.embed(OTHER.key, n_files=1, is_complete=True)
    room.worker.take_embedding_models(events.EmbeddingModels((MODEL,)))
    assert asked_models(room) == [MODEL]


def test_what_has_no_vector_yet_is_not_put_behind_what_has_one(room: Room) -> None:
    others = [f"The garden of plot {n} has roses, a hedge and a gate." for n in range(40)]
    for number, text in enumerate(others):
        room.rig.add("home", f"{number}.txt", text)
    room.rig.embed(is_complete=True)
    room.rig.add("home", "new.txt", "The gate of the allotment is locked at nine by Mr Finch.")
    evidence = room.ask("When is the gate of the allotment locked?")
    assert evidence.has_vectors
    assert evidence.passages[0].place.path.name == "new.txt"
    assert "locked at nine" in evidence.quotes[0].text
    room.rig.embed(is_complete=True)
    later = room.ask("When is the gate of the allotment locked?")
    # The order of the forty that say the same means nothing.
    assert later.quotes[0] == evidence.quotes[0]
    assert later.passages[0].text == evidence.passages[0].text


def test_nothing_read(room: Room) -> None:
    room.rig.add_file("home", "scan.pdf")
    evidence = room.ask("Are dogs allowed?")
    assert evidence.verdict is Verdict.NOTHING_READ
    assert (evidence.n_files, evidence.n_files_unread) == (1, 1)


def test_collections_that_were_removed_are_told(room: Room) -> None:
    full(room)
    room.worker.find(events.EvidenceRequest("1", ("gone",), "Anything?"))
    room.worker.find_in_file(events.FileEvidenceRequest("2", "gone", 1, "Anything?"))
    assert room.failed["1"].code is ErrorCode.COLLECTION_MISSING
    assert room.failed["2"].code is ErrorCode.COLLECTION_MISSING


def test_only_the_chosen_collection_and_file_are_searched(room: Room) -> None:
    room.rig.add("home", "lease.txt", LEASE)
    room.rig.add_collection("club")
    club = room.rig.add("club", "club.txt", MINUTES)
    room.rig.embed()
    evidence = room.ask("How much is the monthly rent?", collection_ids=("club",))
    assert evidence.verdict is Verdict.NOT_FOUND
    assert all(one.place.file_id == club for one in evidence.passages)
    request = events.FileEvidenceRequest("1", "club", club, "How many apple trees?")
    room.found.clear()
    room.worker.find_in_file(request)
    room.embed()
    assert "forty apple trees" in room.found["1"].passages[0].text


def test_new_and_removed_documents_are_noticed(room: Room) -> None:
    full(room)
    assert room.ask("Which planet is largest?").verdict is Verdict.NOT_FOUND
    file_id = room.rig.add("home", "sky.txt", "Jupiter is the largest planet of all.")
    room.rig.embed()
    evidence = room.ask("Which planet is largest?")
    assert evidence.verdict is Verdict.FOUND
    assert evidence.has_vectors
    with room.rig.database.write() as connection:
        connection.execute("UPDATE file SET is_away = 1 WHERE file_id = ?", (file_id,))
    assert room.ask("Which planet is largest?").verdict is Verdict.NOT_FOUND


def test_without_a_database_only_the_question_fails(tmp_path: Path, qtbot: QtBot) -> None:
    worker = RetrievalWorker(document_database(tmp_path / "none.db"))
    failures: list[events.EvidenceFailed] = []
    worker.evidence_failed.connect(failures.append)
    worker.find(events.EvidenceRequest("1", ("home",), "Anything?"))
    assert failures[0].request_id == "1"
    assert failures[0].failure.code is ErrorCode.DATABASE_BUSY
    worker.deleteLater()


def test_text_of_the_user_is_never_search_syntax(room: Room) -> None:
    full(room)
    for question in (
        'rent" OR *',
        "NEAR(rent dogs)",
        "words:rent -dogs",
        "'); DROP TABLE x",
        "^*",
    ):
        room.ask(question)
    assert not room.failed


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the names that have been worked out so far: one in each step of a preparation."""
    names: list[str] = []

    def terms_of(name: str, languages: tuple[str, ...]) -> frozenset[str]:
        names.append(name.splitlines()[-1])
        return name_terms(name, languages)

    monkeypatch.setattr(name_search, "name_terms", terms_of)
    monkeypatch.setattr(name_search, "N_AT_ONCE", 1)
    return names


def test_what_a_question_needs_is_prepared_when_its_chat_is_opened(
    room: Room, qtbot: QtBot, worked_out: list[str]
) -> None:
    full(room)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    chat = Conversation("c", "Rent", moment, moment, documents=ChatDocuments(("home",)))
    room.worker.prepare_chat(ShownConversation(chat, ()))
    # Nothing is done at once: a question that comes now does not wait.
    assert worked_out == []
    qtbot.waitUntil(lambda: sorted(worked_out) == ["club", "lease"])
    room.worker.prepare_chat(ShownConversation(chat, ()))
    room.worker.prepare_collection(events.CollectionRequest("home"))
    assert room.ask("How much is the monthly rent?").verdict is Verdict.FOUND
    assert len(worked_out) == 2


def fill_club(room: Room) -> None:
    """Add a collection of three documents beside the two that are asked."""
    room.rig.add_collection("club")
    for number in range(3):
        room.rig.add("club", f"plot{number}.txt", f"Plot {number} has roses and a hedge.")


def test_a_question_does_not_wait_for_the_end_of_a_preparation(
    room: Room, worked_out: list[str]
) -> None:
    full(room)
    fill_club(room)
    room.worker.prepare_collection(events.CollectionRequest("club"))
    # Its scope and one of three names.
    room.worker._prepare_on()
    room.worker._prepare_on()
    assert worked_out == ["plot0"]
    assert room.ask("How much is the monthly rent?").verdict is Verdict.FOUND
    assert sorted(worked_out[1:]) == ["club", "lease"]


def test_what_is_not_prepared_yet_is_not_worked_out_after_the_question(
    room: Room, qtbot: QtBot, worked_out: list[str]
) -> None:
    full(room)
    room.worker.prepare_collection(events.CollectionRequest("home"))
    room.worker._prepare_on()
    room.worker._prepare_on()
    assert len(worked_out) == 1
    assert room.ask("How much is the monthly rent?").verdict is Verdict.FOUND
    qtbot.waitUntil(lambda: not room.worker._pause.isActive())
    assert sorted(worked_out) == ["club", "lease"]


def test_nothing_is_prepared_while_a_question_waits(
    room: Room, qtbot: QtBot, worked_out: list[str]
) -> None:
    full(room)
    fill_club(room)
    room.worker.find(events.EvidenceRequest("waits", ("home",), "Are dogs allowed?"))
    room.worker.prepare_collection(events.CollectionRequest("club"))
    for _ in range(5):
        room.worker._prepare_on()
    qtbot.waitUntil(lambda: not room.worker._pause.isActive())
    assert worked_out == []
    room.embed()
    assert "waits" in room.found
    assert sorted(worked_out) == ["club", "lease"]
    qtbot.waitUntil(lambda: sorted(worked_out[2:]) == ["plot0", "plot1", "plot2"])


def test_a_preparation_goes_on_when_no_collection_is_looked_at_any_more(
    room: Room, qtbot: QtBot, worked_out: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    full(room)
    room.worker.prepare_collection(events.CollectionRequest("home"))
    room.worker.prepare_collection(events.CollectionRequest(""))
    qtbot.waitUntil(lambda: not room.worker._pause.isActive())
    assert sorted(worked_out) == ["club", "lease"]
    assert caplog.text == ""


def test_a_preparation_ends_with_the_index_that_it_was_for(
    room: Room, qtbot: QtBot, worked_out: list[str]
) -> None:
    full(room)
    room.worker.prepare_collection(events.CollectionRequest("home"))
    room.worker._prepare_on()
    room.worker._prepare_on()
    room.worker.take_index_changed(events.IndexChanged(()))
    qtbot.waitUntil(lambda: not room.worker._pause.isActive())
    assert len(worked_out) == 1
    assert room.worker._search._vectors == {}
    room.worker.prepare_collection(events.CollectionRequest("home"))
    qtbot.waitUntil(lambda: sorted(worked_out) == ["club", "lease"])
    qtbot.waitUntil(lambda: len(room.worker._search._vectors) == 1)


def test_what_could_not_be_prepared_is_tried_again(
    tmp_path: Path, qtbot: QtBot, worked_out: list[str]
) -> None:
    worker = RetrievalWorker(document_database(tmp_path / "documents.db"))
    worker.prepare_collection(events.CollectionRequest("home"))
    qtbot.waitUntil(lambda: not worker._pause.isActive())
    rig = DocumentRig(tmp_path)
    rig.add_collection("home")
    rig.add("home", "lease.txt", LEASE)
    rig.add("home", "club.txt", MINUTES)
    worker.prepare_collection(events.CollectionRequest("home"))
    qtbot.waitUntil(lambda: sorted(worked_out) == ["club", "lease"])
    worker._database.close()
    rig.database.close()
    worker.deleteLater()


def test_what_cannot_be_prepared_fails_no_question(
    room: Room, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    full(room)
    room.worker.find(events.EvidenceRequest("waits", ("home",), "Are dogs allowed?"))
    room.worker.prepare_collection(events.CollectionRequest("missing"))
    # It comes to nothing between a question that waits for its vector and another one.
    room.worker.find(events.EvidenceRequest("1", ("home",), "Are dogs allowed?"))
    room.embed()
    assert room.found.keys() == {"waits", "1"}
    qtbot.waitUntil(lambda: ErrorCode.COLLECTION_MISSING in caplog.text)
    assert room.failed == {}
    assert room.ask("How much is the monthly rent?").verdict is Verdict.FOUND
