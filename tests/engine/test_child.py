"""The request loop with a fake engine and pipes in memory: no process, no model."""

import io
import threading
from collections.abc import Callable

import pytest

from app.core.computer import Device, DeviceKind
from app.core.errors import ErrorCode, WorldError
from app.core.events import FinishReason
from app.core.placement import Placement
from app.core.sampling import Sampling
from app.engine import protocol
from app.engine.chat_model import Stop
from app.engine.child import _Inbox, serve
from app.engine.protocol import AnyReply

Emit = Callable[[AnyReply], None]


class EventStop:
    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()

    def wait(self) -> bool:
        return self._event.wait(5)


class FakeEngine:
    """Answers as told; `then` is called while a generation runs."""

    version = "fake"
    devices: tuple[str, ...] = ("Abacus",)

    def __init__(self, then: Callable[["FakeEngine"], None] = lambda _: None) -> None:
        self.stop: Stop = EventStop()
        self.served: list[str] = []
        self._then = then

    def load(self, request: protocol.Load, emit: Emit) -> None:
        self.served.append(request.path.decode())
        emit(protocol.LoadAdvanced(request.request_id, 1.0))

    def generate(self, request: protocol.Generate, emit: Emit) -> None:
        self.served.append(request.request_id)
        self._then(self)
        emit(protocol.Finished(request.request_id, FinishReason.END_OF_TURN, 1, 0, 1, 0.1, 0.1))

    def wants_saving(self) -> bool:
        return False

    def save_memory(self, request_id: str, emit: Emit) -> None:
        emit(protocol.PhaseBegan(request_id, protocol.Phase.IDLE))

    def forget_conversation(self, conversation_id: str) -> None:
        self.served.append(f"forget {conversation_id}")


class FakeSurvey:
    """Knows one device."""

    def serve(self, request: protocol.SurveyRequest, emit: Emit) -> None:
        device = Device("CPU", "Abacus", "CPU", DeviceKind.PROCESSOR, 8, 4)
        emit(protocol.Devices(request.request_id, (device,)))


class FakeEmbedding:
    """Knows one vector."""

    def serve(self, request: protocol.EmbeddingRequest, emit: Emit) -> None:
        emit(protocol.Embedded(request.request_id, b"1234", 1, 1, 0, 0.1))


def generate(request_id: str) -> protocol.Generate:
    return protocol.Generate(request_id, "c", (), Sampling())


def replies_to(engine: FakeEngine, *requests: protocol.AnyRequest) -> list[AnyReply]:
    sent = io.BytesIO(b"".join(map(protocol.encode, requests)))
    received = io.BytesIO()
    serve(engine, FakeSurvey(), FakeEmbedding(), sent, received)
    return [protocol.decode_reply(line) for line in received.getvalue().splitlines()]


def test_the_first_message_says_who_is_there() -> None:
    first = replies_to(FakeEngine())[0]
    assert first == protocol.Hello("", protocol.PROTOCOL_VERSION, "fake", ("Abacus",))


def test_requests_are_served_in_order_until_the_pipe_closes() -> None:
    engine = FakeEngine()
    replies_to(
        engine,
        protocol.Load("1", b"model.gguf", "Model", Placement(512)),
        generate("2"),
        protocol.ForgetConversation("", "c"),
    )
    assert engine.served == ["model.gguf", "2", "forget c"]


def test_questions_about_the_computer_go_to_the_survey() -> None:
    engine = FakeEngine()
    reply = replies_to(engine, protocol.ReadDevices("1"))[1]
    assert isinstance(reply, protocol.Devices)
    assert (reply.request_id, reply.devices[0].description) == ("1", "Abacus")
    assert engine.served == []


def test_texts_go_to_what_makes_vectors() -> None:
    engine = FakeEngine()
    reply = replies_to(engine, protocol.Embed("1", ("text",), 1))[1]
    assert reply == protocol.Embedded("1", b"1234", 1, 1, 0, 0.1)
    assert engine.served == []


def test_an_error_becomes_a_reply_and_the_next_request_is_served() -> None:
    def fail_once(engine: FakeEngine) -> None:
        if engine.served == ["1"]:
            raise WorldError(ErrorCode.MEMORY_TOO_SMALL)

    replies = replies_to(FakeEngine(fail_once), generate("1"), generate("2"))
    assert isinstance(replies[1], protocol.Failed)
    assert replies[1].failure.code is ErrorCode.MEMORY_TOO_SMALL
    assert isinstance(replies[2], protocol.Finished)


def test_a_mistake_of_ours_becomes_a_reply_too() -> None:
    def stumble(_: FakeEngine) -> None:
        raise KeyError("oops")

    reply = replies_to(FakeEngine(stumble), generate("1"))[1]
    assert isinstance(reply, protocol.Failed)
    assert reply.failure.code is ErrorCode.BUG


@pytest.mark.parametrize("raises", [False, True])
def test_stop_is_heard_while_the_engine_works_and_an_error_after_it_counts_as_stopped(
    *, raises: bool
) -> None:
    heard = []

    def wait_for_stop(engine: FakeEngine) -> None:
        assert isinstance(engine.stop, EventStop)
        heard.append(engine.stop.wait())
        if raises:
            raise RuntimeError("decode aborted")

    replies = replies_to(FakeEngine(wait_for_stop), generate("1"), protocol.Stop("1"))
    assert heard == [True]
    finished = replies[-1]
    assert isinstance(finished, protocol.Finished)
    assert finished.reason is (FinishReason.STOPPED if raises else FinishReason.END_OF_TURN)


def test_stop_of_a_waiting_request_does_not_touch_the_running_one() -> None:
    stop = EventStop()
    inbox = _Inbox(stop)
    inbox.put(generate("1"))
    inbox.put(generate("2"))
    inbox.next(1)
    inbox.put(protocol.Stop("2"))
    assert not stop.is_set
    inbox.end_current()
    inbox.next(1)
    assert stop.is_set


def test_a_stop_that_comes_too_late_does_not_stop_the_next_request_of_the_same_id() -> None:
    stop = EventStop()
    inbox = _Inbox(stop)
    for late in (True, False):
        inbox.put(generate("1"))
        inbox.next(1)
        assert not stop.is_set
        if not late:
            inbox.put(protocol.Stop("1"))
            assert stop.is_set
        inbox.end_current()
        inbox.put(protocol.Stop("1"))
    inbox.put(generate("1"))
    inbox.next(1)
    assert not stop.is_set


def test_a_window_that_talks_nonsense_ends_the_engine() -> None:
    closed = []
    nonsense = io.BytesIO(b"nonsense\n")
    serve(
        FakeEngine(),
        FakeSurvey(),
        FakeEmbedding(),
        nonsense,
        io.BytesIO(),
        lambda: closed.append(True),
    )
    assert closed == [True]
