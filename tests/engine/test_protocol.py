import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Role
from app.core.documents.embedding_model import Pooling
from app.core.documents.evidence import PromptPassage
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import FinishReason, PromptTurn
from app.core.json_lines import MAX_LINE_BYTES, LineSplitter, MessageTooLongError, ProtocolError
from app.core.placement import DeviceUse, KvType, Placement
from app.core.sampling import Sampling
from app.engine import protocol

TEXT = st.text(max_size=200)
COUNTS = st.integers(0, 10**6)
PLACEMENTS = st.builds(
    Placement,
    n_ctx=COUNTS,
    kv_type=st.sampled_from(KvType),
    devices=st.lists(TEXT, max_size=3).map(tuple),
    device_layers=st.lists(COUNTS, max_size=3).map(tuple),
    n_processor_experts=COUNTS,
    use_mmap=st.booleans(),
)
DEVICE_USES = st.builds(DeviceUse, TEXT, TEXT, COUNTS, COUNTS)
SAMPLINGS = st.builds(
    Sampling,
    temperature=st.floats(0, 2),
    seed=st.none() | st.integers(0, 2**32 - 1),
    stop=st.lists(TEXT, max_size=3).map(tuple),
)
PASSAGES = st.lists(st.builds(PromptPassage, TEXT, TEXT, COUNTS), max_size=3).map(tuple)
TURNS = st.builds(PromptTurn, TEXT, st.sampled_from(Role), TEXT, PASSAGES)
REQUESTS = st.one_of(
    st.builds(protocol.Load, TEXT, st.binary(), TEXT, PLACEMENTS),
    st.builds(
        protocol.Generate,
        TEXT,
        TEXT,
        st.lists(TURNS, max_size=4).map(tuple),
        SAMPLINGS,
        state_path=st.binary(),
        may_forget=st.booleans(),
    ),
    st.builds(
        protocol.LoadEmbedding, TEXT, st.binary(), TEXT, st.sampled_from(Pooling), COUNTS, COUNTS
    ),
    st.builds(protocol.Embed, TEXT, st.lists(TEXT).map(tuple), COUNTS),
    st.builds(protocol.Stop, TEXT),
    st.builds(protocol.SaveMemory, TEXT),
    st.builds(protocol.ForgetConversation, TEXT, TEXT),
)
REPLIES = st.one_of(
    st.builds(protocol.Hello, TEXT, st.integers(0, 9), TEXT, st.lists(TEXT).map(tuple)),
    st.builds(protocol.PhaseBegan, TEXT, st.sampled_from(protocol.Phase)),
    st.builds(
        protocol.Loaded,
        TEXT,
        COUNTS,
        COUNTS,
        st.floats(0, 1e6),
        TEXT,
        st.lists(DEVICE_USES, max_size=3).map(tuple),
    ),
    st.builds(protocol.EmbeddingLoaded, TEXT, COUNTS, st.floats(0, 1e6)),
    st.builds(protocol.Embedded, TEXT, st.binary(), COUNTS, COUNTS, COUNTS, st.floats(0, 1e6)),
    st.builds(protocol.Written, TEXT, TEXT, st.integers(0, 99)),
    st.builds(
        protocol.Finished,
        TEXT,
        st.sampled_from(FinishReason),
        *[st.integers(0, 10**6)] * 3,
        *[st.floats(0, 1e6)] * 2,
    ),
    st.builds(
        protocol.Failed,
        TEXT,
        st.builds(Failure, st.sampled_from(ErrorCode), st.builds(Facts, TEXT, TEXT), TEXT),
    ),
)


@given(REQUESTS)
def test_every_request_comes_out_as_it_went_in(request: protocol.AnyRequest) -> None:
    assert protocol.decode_request(protocol.encode(request).rstrip(b"\n")) == request


@given(REPLIES)
def test_every_reply_comes_out_as_it_went_in(reply: protocol.AnyReply) -> None:
    assert protocol.decode_reply(protocol.encode(reply).rstrip(b"\n")) == reply


@given(st.lists(REPLIES, max_size=8), st.data())
def test_messages_survive_any_cutting_of_the_stream(
    replies: list[protocol.AnyReply], data: st.DataObject
) -> None:
    stream = b"".join(map(protocol.encode, replies))
    splitter = LineSplitter()
    lines: list[bytes] = []
    while stream:
        n_bytes = data.draw(st.integers(1, len(stream)))
        lines += splitter.feed(stream[:n_bytes])
        stream = stream[n_bytes:]
    assert [protocol.decode_reply(line) for line in lines] == replies


@given(st.binary(max_size=300))
def test_foreign_bytes_are_refused_in_one_way(line: bytes) -> None:
    try:
        protocol.decode_request(line)
    except ProtocolError:
        return
    raise AssertionError("random bytes were taken for a request")


def test_a_line_without_end_is_refused() -> None:
    splitter = LineSplitter(max_line_bytes=10)
    assert list(splitter.feed(b"12345")) == []
    with pytest.raises(ProtocolError):
        list(splitter.feed(b"678901"))


def test_half_a_character_is_replaced_and_the_rest_of_the_message_stays() -> None:
    turn = PromptTurn("q\udce8", Role.USER, "hi \ud83d there")
    request = protocol.Generate("1", "c", (turn,), Sampling(stop=("\ud800",)), b"mod\xe8le")
    sent = protocol.decode_request(protocol.encode(request))
    assert sent == protocol.Generate(
        "1", "c", (PromptTurn("q?", Role.USER, "hi ? there"),), Sampling(stop=("?",)), b"mod\xe8le"
    )
    lost = Failure(ErrorCode.FILE_MISSING, Facts(path="mod\udce8le"))
    reply = protocol.decode_reply(protocol.encode(protocol.Failed("1", lost)))
    assert reply == protocol.Failed("1", Failure(ErrorCode.FILE_MISSING, Facts(path="mod?le")))


def test_a_message_that_the_other_side_would_refuse_is_not_sent() -> None:
    turn = PromptTurn("q", Role.USER, "a" * MAX_LINE_BYTES)
    with pytest.raises(MessageTooLongError) as caught:
        protocol.encode(protocol.Generate("1", "c", (turn,), Sampling()))
    assert caught.value.n_bytes > MAX_LINE_BYTES
