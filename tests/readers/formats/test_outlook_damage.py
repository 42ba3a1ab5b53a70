"""Letters of Outlook that are damaged, or made to exhaust: they are read or refused, soon."""

import errno
import io
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.text import DocumentKind, PageText
from app.core.errors import ErrorCode, WorldError
from app.readers.compound_file import MAX_ENTRIES, MAX_LETTER_BYTES, CompoundFile, names_in_root
from app.readers.formats.outlook import outlook_letter
from app.readers.kinds import kind_of
from app.readers.reading import ReadingLimits
from tests.document_samples import read_document
from tests.readers.formats.test_all_formats import FUZZ, check_read_or_refused
from tests.readers.outlook_samples import (
    END,
    MARK,
    Known,
    attached,
    compound_file,
    enclosed,
    letter_storage,
    outlook_file,
    person,
)

MAX_CPU_S = 3.0
N_CUTS, N_FLIPS = 200, 400
N_ENTRY_BYTES = 128


def whole_letter() -> bytes:
    """A letter with all that there can be: a letter within it, files, people, a large stream."""
    inner = Known({0x0037: "Inner", 0x1000: "text within"})
    within = letter_storage(inner, parts=[attached("b.txt", b"text " * 50)], is_within=True)
    known = Known(
        {0x0037: "Rent", 0x1000: "The rent is due. " * 300, 0x007D: "From: a@b.c\r\n\r\n"},
        {0x1013: b"<p>The rent is due."},
        {0x3FDE: 65001, 0x3FFD: 1252},
    )
    return outlook_file(
        known,
        [person(1, "Ada", "ada@example.org"), person(2, "Bo")],
        [enclosed(within, "Inner"), attached("a.txt", b"word " * 900), attached("a.pdf")],
    )


LETTER = whole_letter()


def check(path: Path) -> list[PageText]:
    """See that a file is read or refused in time; give its pages."""
    began = time.process_time()
    try:
        kind = kind_of(path)
    except WorldError as error:
        assert error.code.value.startswith("document_")  # noqa: PT017 - others are no refusal
        kind = DocumentKind.EMAIL
    pages = check_read_or_refused(path, kind)
    assert time.process_time() - began < MAX_CPU_S
    return pages


def test_the_sound_letter_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(LETTER)
    assert len(check(path)) == 4


def test_letters_that_are_cut_off_are_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(LETTER)
    sound = check(path)
    n_read = 0
    for at in range(N_CUTS):
        path.write_bytes(LETTER[: at * len(LETTER) // N_CUTS])
        pages = check(path)
        # The table stands at the end: what is not lost with it is all there.
        assert pages in ([], sound)
        n_read += bool(pages)
    assert n_read < N_CUTS / 20


def test_letters_with_false_bytes_are_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    chance = random.Random(20261130)
    n_read = 0
    for _ in range(N_FLIPS):
        broken = bytearray(LETTER)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path.write_bytes(broken)
        n_read += bool(check(path))
    assert 0 < n_read < N_FLIPS


@FUZZ
@given(data=st.data())
def test_letters_with_a_false_header_directory_or_table(
    tmp_path: Path, data: st.DataObject
) -> None:
    # From the directory on, and in the header, every number leads somewhere.
    (first,) = struct.unpack_from("<I", LETTER, 48)
    places = st.integers(24, 511) | st.integers((first + 1) << 9, len(LETTER) - 4)
    numbers = st.integers(0, 120) | st.sampled_from([END, 0xFFFFFFFF, 0x7FFFFFFF, len(LETTER)])
    broken = bytearray(LETTER)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(places) // 4 * 4
        struct.pack_into("<I", broken, at, data.draw(numbers))
    path = tmp_path / "a.msg"
    path.write_bytes(broken)
    check(path)


def refused(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    began = time.process_time()
    with pytest.raises(WorldError) as caught:
        read_document(path, kind_of(path))
    assert time.process_time() - began < MAX_CPU_S
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED
    return caught.value.facts.reason


def place_of_entry(data: bytes | bytearray, name: str) -> int:
    return data.index(name.encode("utf-16-le") + b"\0\0")


def test_a_chain_without_end_is_damage(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text " * 2_000})))
    (first,) = struct.unpack_from("<I", data, place_of_entry(data, "__substg1.0_1000001F") + 116)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, ((table + 1) << 9) + 4 * first, first)
    assert refused(tmp_path, bytes(data)) == "compound file: chain"


@pytest.mark.parametrize("at", [48, 60])
def test_a_directory_and_small_streams_in_a_circle_are_damage(tmp_path: Path, at: int) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text"})))
    (first,) = struct.unpack_from("<I", data, at)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, ((table + 1) << 9) + 4 * first, first)
    assert refused(tmp_path, bytes(data)) == "compound file: chain"


def test_a_table_of_the_table_in_a_circle_is_damage(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text"})))
    place = len(data)
    number = (place >> 9) - 1
    data += struct.pack("<128I", *[0xFFFFFFFF] * 127, number)
    struct.pack_into("<I", data, 44, 0x7FFFFFFF)
    struct.pack_into("<2I", data, 68, number, 1)
    assert refused(tmp_path, bytes(data)) == "compound file: table"
    # Nor can one sector be all of the table.
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<2I", data, 68, END, 0)
    struct.pack_into("<109I", data, 76, *[table] * 109)
    assert refused(tmp_path, bytes(data)) == "compound file: table"


def test_a_stream_that_is_longer_than_its_sectors_is_damage(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text " * 2_000}), parts=[attached("a.pdf")]))
    place = place_of_entry(data, "__substg1.0_1000001F") + 120
    # What old programs left in the upper half of the length says nothing.
    struct.pack_into("<I", data, place + 4, 0xCDCDCDCD)
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert len(check(path)[0].text) > 9_000
    struct.pack_into("<I", data, place, 20_992)
    assert refused(tmp_path, bytes(data)) == "compound file: a stream breaks off"


def test_storages_within_themselves_are_damage_and_left_out(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text"}), [person(1, "Ada")]))
    place = place_of_entry(data, "__recip_version1.0_#00000000")
    (top,) = struct.unpack_from("<I", data, place_of_entry(data, "Root Entry") + 76)
    struct.pack_into("<I", data, place + 76, top)
    compound = CompoundFile(io.BytesIO(data), tmp_path)
    entries = compound.entries_in(compound.root)
    with pytest.raises(WorldError) as caught:
        compound.entries_in(entries["__recip_version1.0_#00000000"])
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED
    assert caught.value.facts.reason == "compound file: directory"
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert [page.text for page in check(path)] == ["text"]


def test_a_letter_within_itself_is_named_only(tmp_path: Path) -> None:
    within = letter_storage(Known({0x0037: "Inner"}), is_within=True)
    data = bytearray(outlook_file(Known({0x0037: "Outer"}), parts=[enclosed(within, "Self")]))
    (top,) = struct.unpack_from("<I", data, place_of_entry(data, "Root Entry") + 76)
    struct.pack_into("<I", data, place_of_entry(data, "__substg1.0_3701000D") + 76, top)
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert [page.text for page in check(path)] == ["Outer\nSelf"]


def test_few_sectors_that_are_many_streams_are_not_read_again_and_again(tmp_path: Path) -> None:
    text = b"word " * 200_000
    parts = [attached(f"{at}.txt", text if not at else b"x" * 5_000) for at in range(100)]
    data = bytearray(outlook_file(Known({0x0037: "a"}), parts=parts))
    name = "__substg1.0_37010102".encode("utf-16-le") + b"\0\0"
    places = [at for at in range(0, len(data), N_ENTRY_BYTES) if data.startswith(name, at)]
    assert len(places) == 100
    largest = max(places, key=lambda at: struct.unpack_from("<I", data, at + 120))
    for at in places:
        data[at + 116 : at + 128] = data[largest + 116 : largest + 128]
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    pages = check(path)
    assert sum(len(page.text) for page in pages) < 2 * len(data)
    assert pages[0].text.count(".txt") == 100


def test_a_letter_with_more_than_is_read_has_the_first_of_it(tmp_path: Path) -> None:
    people = [person(1, f"person {at}") for at in range(6_000)]
    parts = [attached(f"{at}.txt", b"text") for at in range(1_500)]
    path = tmp_path / "a.msg"
    path.write_bytes(outlook_file(Known({0x0037: "a"}), people, parts))
    pages = read_document(path, kind_of(path))[1]
    assert "person 4999" in "".join(page.text for page in pages)
    assert "person 5000" not in "".join(page.text for page in pages)
    assert 900 < sum(page.text.endswith(".txt\ntext") for page in pages) <= 1_000
    with path.open("rb") as stream:
        message = outlook_letter(stream, path)
    assert sum(part.get_filename() is not None for part in message.walk()) == 1_000


def test_a_directory_of_more_entries_than_are_read_is_refused(tmp_path: Path) -> None:
    sound = compound_file({"__substg1.0_0037001F": b"a"})
    data = bytearray(sound[:512])
    # Sectors of 4 KB, so that the table is short; the directory is all of the file but that.
    n_directory = MAX_ENTRIES // 32 + 1
    n_table = -(-(n_directory + 20) // 1024)
    data[30:32] = struct.pack("<H", 12)
    data[44:52] = struct.pack("<2I", n_table, n_table)
    data[76:512] = struct.pack("<109I", *(list(range(n_table)) + [0xFFFFFFFF] * (109 - n_table)))
    numbers = [0xFFFFFFFD] * n_table + list(range(n_table + 1, n_table + n_directory)) + [END]
    numbers += [0xFFFFFFFF] * (n_table * 1024 - len(numbers))
    path = tmp_path / "a.msg"
    with path.open("wb") as stream:
        stream.write(data.ljust(4096, b"\0") + struct.pack(f"<{len(numbers)}I", *numbers))
        stream.truncate((1 + n_table + n_directory) << 12)
    with pytest.raises(WorldError) as caught:
        kind_of(path)
    assert caught.value.code is ErrorCode.DOCUMENT_TOO_COMPLEX


def directory_as_a_tree(n_entries: int) -> bytes:
    """A file of nothing but a directory, in sectors of 4 KB, whose streams all have a length."""
    numbers = range(1, n_entries)
    sides = ([at if at < n_entries else 0xFFFFFFFF for at in (2 * one, 2 * one + 1)]
             for one in numbers)  # fmt: skip
    entries = [struct.pack("<64sHBB3I36xIQ", *("R".encode("utf-16-le"), 4, 5, 1),
                           0xFFFFFFFF, 0xFFFFFFFF, 1, END, 0)]  # fmt: skip
    for number, (left, right) in zip(numbers, sides, strict=True):
        name = f"{number}".encode("utf-16-le")
        entries.append(struct.pack("<64sHBB3I36xIQ", name, len(name) + 2, 2, 1, left, right,
                                   0xFFFFFFFF, number, 1))  # fmt: skip
    n_directory, n_table = -(-n_entries // 32), -(-n_entries // 32 // 1000)
    chain = [0xFFFFFFFD] * n_table + list(range(n_table + 1, n_table + n_directory)) + [END]
    chain += [0xFFFFFFFF] * (n_table * 1024 - len(chain))
    header = MARK + bytes(16) + struct.pack("<5H6x", 62, 4, 0xFFFE, 12, 6)
    header += struct.pack("<4I", n_directory, n_table, n_table, 0)
    header += struct.pack("<I2I2I", 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(n_table), *[0xFFFFFFFF] * (109 - n_table))
    table = struct.pack(f"<{len(chain)}I", *chain)
    return header.ljust(4096, b"\0") + table + b"".join(entries).ljust(n_directory << 12, b"\0")


def test_very_many_streams_are_looked_through_once(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(directory_as_a_tree(50_000))
    began = time.process_time()
    assert len(names_in_root(path)) == 49_999
    assert time.process_time() - began < MAX_CPU_S


def test_a_directory_that_is_a_long_list_is_read(tmp_path: Path) -> None:
    data = bytearray(directory_as_a_tree(2_000))
    first = data.index("R\0\0\0".encode("latin-1") + bytes(60))
    for number in range(1, 1_999):
        struct.pack_into("<2I", data, first + number * N_ENTRY_BYTES + 68, 0xFFFFFFFF, number + 1)
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert names_in_root(path) == {str(number) for number in range(1, 2_000)}


@pytest.mark.parametrize("n_sectors", [12, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize("at", [44, 64])
def test_tables_longer_than_the_file_are_damage(tmp_path: Path, at: int, n_sectors: int) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text"})))
    assert len(data) >> 9 < 12
    struct.pack_into("<I", data, at, n_sectors)
    assert refused(tmp_path, bytes(data)) == "compound file: table"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Root Entry", "directory"), ("__substg1.0_1000001F", "streams overlap")],
)
def test_streams_longer_than_the_file_are_damage(tmp_path: Path, name: str, reason: str) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text " * 2_000}), shift=12))
    struct.pack_into("<Q", data, place_of_entry(data, name) + 120, 1 << 62)
    # As much as is read of a text would be more than the file has.
    assert refused(tmp_path, bytes(data)) == f"compound file: {reason}"


def test_a_file_that_is_too_large_is_not_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    with path.open("wb") as stream:
        stream.write(LETTER)
        stream.truncate(MAX_LETTER_BYTES + 1)
    with pytest.raises(WorldError) as caught:
        names_in_root(path)
    assert caught.value.code is ErrorCode.DOCUMENT_TOO_LARGE
    assert caught.value.facts.needed_bytes == MAX_LETTER_BYTES + 1


def test_a_directory_without_a_root_is_damage(tmp_path: Path) -> None:
    data = bytearray(LETTER)
    data[place_of_entry(data, "Root Entry") + 66] = 1
    assert refused(tmp_path, bytes(data)) == "compound file: directory"


def test_what_holds_the_small_streams_in_a_circle_is_damage(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text " * 200})))
    (first,) = struct.unpack_from("<I", data, place_of_entry(data, "Root Entry") + 116)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, ((table + 1) << 9) + 4 * first, first)
    assert refused(tmp_path, bytes(data)) == "compound file: chain"


def test_small_streams_in_a_circle_are_damage(tmp_path: Path) -> None:
    data = bytearray(outlook_file(Known({0x1000: "text " * 100})))
    (first,) = struct.unpack_from("<I", data, place_of_entry(data, "__substg1.0_1000001F") + 116)
    (mini_table,) = struct.unpack_from("<I", data, 60)
    struct.pack_into("<I", data, ((mini_table + 1) << 9) + 4 * first, first)
    assert refused(tmp_path, bytes(data)) == "compound file: chain"


def test_a_disk_that_fails_is_no_damage(tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(errno.EIO, "broken")
            return super().read(size)

    with pytest.raises(WorldError) as caught:
        CompoundFile(Failing(LETTER), tmp_path / "a.msg")
    assert caught.value.code is ErrorCode.DOCUMENT_UNREADABLE
    assert caught.value.facts.reason == "broken"


def test_long_texts_and_numbers_are_cut(tmp_path: Path) -> None:
    known = Known({0x0037: "s" * 2_000_000, 0x1000: "word " * 6_000_000})
    path = tmp_path / "a.msg"
    path.write_bytes(outlook_file(known))
    facts, pages = read_document(path, kind_of(path), ReadingLimits())
    assert len(facts.title) <= 1_000
    assert 19_000_000 < sum(len(page.text) for page in pages) * 2 < 23_000_000


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(LETTER)
    assert "__substg1.0_0037001f" in names_in_root(path)
    with path.open("rb") as stream:
        compound = CompoundFile(stream, path)
        entries = compound.entries_in(compound.root)
        assert compound.read(entries["__substg1.0_0037001f"], 4) == "Re".encode("utf-16-le")
