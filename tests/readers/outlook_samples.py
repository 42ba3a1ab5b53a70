"""Writes compound files, and letters as Outlook saves them in these."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, END, TABLE, TABLE_OF_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
MINI, CUTOFF = 64, 4096
N_IN_HEADER = 109
Storage = Mapping[str, "bytes | Storage"]


def compound_file(root: Storage, shift: int = 9) -> bytes:
    """Give a file with these storages and streams, in sectors of 2 to the power of `shift`."""
    return _Writer(shift).whole(root)


@dataclass
class _Line:
    """An entry of the directory."""

    name: str
    kind: int
    left: int = FREE
    right: int = FREE
    child: int = FREE
    first: int = 0
    n_bytes: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        numbers = (len(name) + 2, self.kind, 1, self.left, self.right, self.child)
        return struct.pack("<64sHBB3I36xIQ", name, *numbers, self.first, self.n_bytes)


class _Writer:
    def __init__(self, shift: int) -> None:
        self.shift, self.size = shift, 1 << shift
        self.sectors: list[bytes] = []
        self.table: list[int] = []
        self.mini = bytearray()
        self.mini_table: list[int] = []
        self.lines: list[_Line] = []

    def whole(self, root: Storage) -> bytes:
        top = _Line("Root Entry", 5)
        self.lines.append(top)
        top.child = self._add_all(root)
        top.first, top.n_bytes = self._put(bytes(self.mini)), len(self.mini)
        first_mini, n_mini = self._put_numbers(self.mini_table)
        directory = b"".join(line.packed() for line in self.lines)
        first_directory = self._put(directory + bytes(-len(directory) % self.size))
        places, first_of_rest, n_of_rest = self._put_table()
        header = MARK + bytes(16) + struct.pack("<5H6x", 62, 3 if self.shift == 9 else 4, 0xFFFE,
                                                self.shift, 6)  # fmt: skip
        n_directory = -(-len(directory) // self.size) if self.shift != 9 else 0
        header += struct.pack("<4I", n_directory, len(places), first_directory, 0)
        header += struct.pack("<I2I2I", CUTOFF, first_mini, n_mini, first_of_rest, n_of_rest)
        named = (places + [FREE] * N_IN_HEADER)[:N_IN_HEADER]
        header += struct.pack(f"<{N_IN_HEADER}I", *named)
        return header.ljust(self.size, b"\0") + b"".join(self.sectors)

    def _add_all(self, storage: Storage) -> int:
        names = sorted(storage, key=lambda name: (len(name), name.upper()))
        numbers = [self._add(name, storage[name]) for name in names]
        return self._tree(numbers)

    def _add(self, name: str, content: "bytes | Storage") -> int:
        number = len(self.lines)
        line = _Line(name, 2 if isinstance(content, bytes) else 1)
        self.lines.append(line)
        if not isinstance(content, bytes):
            line.child = self._add_all(content)
        elif len(content) < CUTOFF:
            line.first, line.n_bytes = self._put_mini(content), len(content)
        else:
            line.first, line.n_bytes = self._put(content), len(content)
        return number

    def _tree(self, numbers: Sequence[int]) -> int:
        if not numbers:
            return FREE
        middle = len(numbers) // 2
        line = self.lines[numbers[middle]]
        line.left, line.right = self._tree(numbers[:middle]), self._tree(numbers[middle + 1 :])
        return numbers[middle]

    def _put(self, data: bytes) -> int:
        return _chained(data, self.size, self.sectors, self.table)

    def _put_mini(self, data: bytes) -> int:
        pieces: list[bytes] = []
        first = _chained(data, MINI, pieces, self.mini_table)
        self.mini += b"".join(pieces)
        return first

    def _put_numbers(self, numbers: Sequence[int]) -> tuple[int, int]:
        data = struct.pack(f"<{len(numbers)}I", *numbers)
        data += b"\xff" * (-len(data) % self.size)
        return self._put(data), len(data) // self.size

    def _put_table(self) -> tuple[list[int], int, int]:
        """Put the table, and what says where it is beyond the header's room."""
        n_numbers = self.size // 4
        n_table, n_rest = 0, 0
        while True:
            n_all = len(self.table) + n_table + n_rest
            wanted = -(-n_all // n_numbers), -(-max(n_table - N_IN_HEADER, 0) // (n_numbers - 1))
            if wanted == (n_table, n_rest):
                break
            n_table, n_rest = wanted
        start = len(self.table)
        places = list(range(start, start + n_table))
        rest = list(range(start + n_table, start + n_table + n_rest))
        self.table += [TABLE] * n_table + [TABLE_OF_TABLE] * n_rest
        padded = self.table + [FREE] * (n_table * n_numbers - len(self.table))
        packed = struct.pack(f"<{len(padded)}I", *padded)
        self.sectors += [packed[at : at + self.size] for at in range(0, len(packed), self.size)]
        for at, number in enumerate(rest):
            begin = N_IN_HEADER + at * (n_numbers - 1)
            some = places[begin : begin + n_numbers - 1]
            some += [FREE] * (n_numbers - 1 - len(some))
            following = number + 1 if at + 1 < n_rest else END
            self.sectors.append(struct.pack(f"<{n_numbers}I", *some, following))
        return places, rest[0] if rest else END, n_rest


def _chained(data: bytes, size: int, pieces: list[bytes], table: list[int]) -> int:
    if not data:
        return END
    first = len(table)
    n_pieces = -(-len(data) // size)
    pieces += [data[at * size : (at + 1) * size].ljust(size, b"\0") for at in range(n_pieces)]
    table += [*range(first + 1, first + n_pieces), END]
    return first


@dataclass
class Known:
    """What is known of a letter, a recipient or an attachment, by its numbers.

    Attributes:
        within: storages that are values.
        page: texts are in this encoding, not in two bytes for each character.
    """

    texts: dict[int, str] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)
    within: dict[int, Storage] = field(default_factory=dict)
    page: str = ""

    def storage(self, n_header_bytes: int) -> dict[str, "bytes | Storage"]:
        """Give the storage that describes it."""
        entries: dict[str, bytes | Storage] = {}
        fixed = b""
        for number, text in self.texts.items():
            kind = "001E" if self.page else "001F"
            entries[_name(number, kind)] = text.encode(self.page or "utf-16-le")
            fixed += struct.pack("<2HI2I", int(kind, 16), number, 6, len(text), 0)
        for number, data in self.data.items():
            entries[_name(number, "0102")] = data
            fixed += struct.pack("<2HI2I", 0x0102, number, 6, len(data), 0)
        for number, storage in self.within.items():
            entries[_name(number, "000D")] = storage
        for number, value in self.numbers.items():
            fixed += struct.pack("<2HIIi", 3, number, 6, value, 0)
        for number, time in self.times.items():
            passed = time - datetime(1601, 1, 1, tzinfo=UTC)
            fixed += struct.pack("<2HIQ", 0x40, number, 6, int(passed.total_seconds()) * 10**7)
        entries["__properties_version1.0"] = bytes(n_header_bytes) + fixed
        return entries


def _name(number: int, kind: str) -> str:
    return f"__substg1.0_{number:04X}{kind}"


def person(role: int, name: str, address: str = "", page: str = "") -> Known:
    """Give somebody whom a letter is sent to: 1 is To, 2 is Cc, 3 is Bcc."""
    texts = {0x3001: name} | ({0x39FE: address} if address else {})
    return Known(texts, numbers={0x0C15: role}, page=page)


def attached(name: str, data: bytes = b"%PDF", kind: str = "") -> Known:
    """Give a file that is sent along."""
    texts = {0x3707: name} | ({0x370E: kind} if kind else {})
    return Known(texts, {0x3701: data}, {0x3705: 1})


def enclosed(letter: Storage, name: str) -> Known:
    """Give a letter, made by `letter_storage` as one within another, that is sent along."""
    return Known({0x3001: name}, numbers={0x3705: 5}, within={0x3701: letter})


def letter_storage(
    known: Known,
    people: Sequence[Known] = (),
    parts: Sequence[Known] = (),
    *,
    is_within: bool = False,
) -> dict[str, "bytes | Storage"]:
    """Give a letter with whom it goes to and what is sent along."""
    entries = known.storage(24 if is_within else 32)
    for at, one in enumerate(people):
        entries[f"__recip_version1.0_#{at:08X}"] = one.storage(8)
    for at, one in enumerate(parts):
        entries[f"__attach_version1.0_#{at:08X}"] = one.storage(8)
    if not is_within:
        entries["__nameid_version1.0"] = {_name(2, "0102"): b"", _name(3, "0102"): bytes(16)}
    return entries


def outlook_file(
    known: Known, people: Sequence[Known] = (), parts: Sequence[Known] = (), shift: int = 9
) -> bytes:
    """Give a letter as a file."""
    return compound_file(letter_storage(known, people, parts), shift)
