"""Letters of Outlook of which a part is damaged or missing: all the rest is read."""

import gc
import io
import struct
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, WorldError
from app.readers.compound_file import CompoundFile
from app.readers.formats.mail_source import MAX_TEXT_BYTES
from app.readers.formats.outlook import outlook_letter
from app.readers.kinds import kind_of
from tests.document_samples import read_document, shown
from tests.readers.outlook_samples import Known, attached, outlook_file, person

SUBJECT, PLAIN, PAGE, RICH, HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
RICH_TEXT = struct.pack("<2I4sI", 28, 16, b"MELA", 0) + b"{\\rtf1 the rest}"


def blocks_of(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert kind_of(path) is DocumentKind.EMAIL
    return shown(read_document(path, DocumentKind.EMAIL)[1])


def with_broken(data: bytes, *names: str) -> bytes:
    """Give a file in which streams begin, and storages go on, where there is nothing."""
    broken = bytearray(data)
    for name in names:
        place = broken.index(name.encode("utf-16-le") + b"\0\0")
        struct.pack_into("<I", broken, place + 76, 0x00FFFFFF)
        struct.pack_into("<I", broken, place + 116, 0x00FFFFFF)
    return bytes(broken)


def test_a_damaged_recipient_is_left_out(tmp_path: Path) -> None:
    known = Known({SUBJECT: "a", PLAIN: "text"})
    data = outlook_file(known, [person(1, "Ada"), person(1, "Bo"), person(2, "Cy")])
    told = ["heading1: a", "paragraph: To: Ada", "paragraph: Cc: Cy", "paragraph: text"]
    assert blocks_of(tmp_path, with_broken(data, "__recip_version1.0_#00000001")) == told


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (f"__substg1.0_{HEADERS:04X}001F", ["heading1: a", "paragraph: From: Ada",
                                            "paragraph: To: Bo", "paragraph: text"]),
        (f"__substg1.0_{SUBJECT:04X}001F", ["heading1: sent", "paragraph: From: x@y.z",
                                            "paragraph: To: Bo", "paragraph: text"]),
        ("__substg1.0_0042001F", ["heading1: a", "paragraph: From: x@y.z",
                                  "paragraph: To: Bo", "paragraph: text"]),
    ],
)  # fmt: skip
def test_what_is_known_of_a_letter_can_be_damaged(
    tmp_path: Path, broken: str, told: list[str]
) -> None:
    known = Known({SUBJECT: "a", PLAIN: "text", HEADERS: "From: x@y.z\r\nSubject: sent\r\n\r\n"})
    known.texts |= {0x0042: "Ada"}
    assert blocks_of(tmp_path, with_broken(outlook_file(known, [person(1, "Bo")]), broken)) == told


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ((), "plain text"),
        (("1000001F",), "the page"),
        (("10130102",), "plain text"),
        (("1000001F", "10130102"), "the rest"),
    ],
)
def test_one_form_of_the_text_can_be_damaged(
    tmp_path: Path, broken: tuple[str, ...], told: str
) -> None:
    known = Known({SUBJECT: "a", PLAIN: "plain text"}, {PAGE: b"<p>the page", RICH: RICH_TEXT})
    names = [f"__substg1.0_{one}" for one in broken]
    data = with_broken(outlook_file(known), *names)
    assert blocks_of(tmp_path, data) == ["heading1: a", f"paragraph: {told}"]


def test_a_letter_of_whose_text_nothing_is_left_is_refused(tmp_path: Path) -> None:
    known = Known({SUBJECT: "a", PLAIN: "plain text"}, {RICH: RICH_TEXT})
    names = ("__substg1.0_1000001F", "__substg1.0_10090102")
    with pytest.raises(WorldError) as caught:
        blocks_of(tmp_path, with_broken(outlook_file(known), *names))
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED


@pytest.mark.parametrize(
    ("texts", "subject"),
    [
        ({0x0E1D: "without Re"}, "without Re"),
        ({HEADERS: "Subject: =?utf-8?Q?M=C3=A4rz?=\r\n\r\n"}, "März"),
        ({SUBJECT: "first", 0x0E1D: "second", HEADERS: "Subject: third\r\n\r\n"}, "first"),
        ({0x0E1D: "second", HEADERS: "Subject: third\r\n\r\n"}, "second"),
    ],
)
def test_the_subject_is_taken_from_where_it_is(
    tmp_path: Path, texts: dict[int, str], subject: str
) -> None:
    known = Known({PLAIN: "text", **texts})
    assert blocks_of(tmp_path, outlook_file(known))[0] == f"heading1: {subject}"


@pytest.mark.parametrize("before", ["\r\n", "\r\n\r\n", "Microsoft Mail Version 2.0\r\n\r\n"])
def test_headers_can_begin_with_empty_lines(tmp_path: Path, before: str) -> None:
    known = Known({SUBJECT: "a", HEADERS: before + "From: x@y.z\r\n\r\n"})
    assert blocks_of(tmp_path, outlook_file(known)) == ["heading1: a", "paragraph: From: x@y.z"]


@pytest.mark.parametrize(("name", "is_cut"), [("a.txt", True), ("a.eml", True), ("a.msg", False)])
def test_no_more_is_taken_of_what_is_sent_along_than_is_read(
    tmp_path: Path, name: str, is_cut: bool
) -> None:
    n_bytes = MAX_TEXT_BYTES + 1_000
    data = outlook_file(Known({SUBJECT: "a"}), parts=[attached(name, b"x" * n_bytes)], shift=12)
    message = outlook_letter(io.BytesIO(data), tmp_path)
    part = next(one for one in message.walk() if one.get_filename() == name)
    assert len(str(part.get_payload())) == (MAX_TEXT_BYTES if is_cut else n_bytes)


def test_a_closed_file_is_let_go_of_at_once(tmp_path: Path) -> None:
    stream = io.BytesIO(outlook_file(Known({SUBJECT: "a"}), [person(1, "Ada")]))
    gone = weakref.ref(stream)
    gc.disable()
    try:
        compound = CompoundFile(stream, tmp_path)
        for entry in compound.entries_in(compound.root).values():
            if not entry.is_storage:
                compound.read(entry, 100)
        del entry
        compound.close()
        del compound, stream
        assert gone() is None
    finally:
        gc.enable()


class Counting(io.BytesIO):
    """Bytes of which it is counted how many were read."""

    n_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and count."""
        data = super().read(size)
        self.n_read += len(data)
        return data


def test_a_damaged_table_of_small_streams_is_read_once(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({SUBJECT: "a", PLAIN: "text"})))
    (table,) = struct.unpack_from("<I", data, 76)
    number = (len(data) >> 9) - 1
    # A number of this table is cut through at the end of the file.
    struct.pack_into("<I", data, 60, number)
    struct.pack_into("<I", data, ((table + 1) << 9) + 4 * number, 0xFFFFFFFE)
    stream = Counting(data + bytes(511))
    compound = CompoundFile(stream, tmp_path)
    entries = compound.entries_in(compound.root)

    def read_subject() -> None:
        with pytest.raises(WorldError) as caught:
            compound.read(entries["__substg1.0_0037001f"], 100)
        assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED

    assert count_of(stream, read_subject) > 0
    assert count_of(stream, read_subject) == 0


def count_of(stream: Counting, act: Callable[[], None]) -> int:
    before = stream.n_read
    act()
    return stream.n_read - before
