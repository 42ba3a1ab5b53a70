"""A file that is still arriving: written beside its place, and put there once it is verified.

What each step protects from:
- Every piece goes to the system at once (no buffer of Python's): a killed program loses none.
- Every few seconds the file is flushed to the disk and noted how far it is: a power cut loses
  no more than what came since. What a file system shows of that may be zeros, so it is looked at.
- What is here is hashed again before it is added to, against the notes: a damaged disk.
- The verified file is flushed, renamed, and the folder flushed: a name never stands for less
  than the whole file.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from app.core.errors import WorldError
from app.core.file_identity import FileIdentity
from app.store.data_folder import PRIVATE_FILE, PRIVATE_FOLDER
from app.store.disk_room import check_room, part_error
from app.store.durable_file import NO_FOLLOW, flush_to_disk, new_name, sync_folder
from app.store.file_lock import FileLock
from app.store.part_notes import PartNotes, present_boot, read_notes, write_notes
from app.store.running_hash import RunningHash

SYNC_BYTES = 8 << 20
SYNC_S, MIN_SYNC_S = 2.0, 0.5
"""The file is flushed after this many bytes or seconds, and not more often than the last: on a
very fast line flushing would take longer than receiving."""
ROOM_BYTES = 64 << 20
"""How often it is looked whether the rest still fits on the disk."""
HASH_PIECE_BYTES = 1 << 20
ZERO_BLOCK_BYTES = 4096
"""File systems lose whole blocks, of this size at least."""
N_RENAME_TRIES, RENAME_WAIT_S = 5, 0.2
"""Virus scanners on Windows hold new files open for a moment."""

OnBytes = Callable[[int], None]


class PartialFile:
    """A file on its way to `target`; makes no file before `opened`.

    Methods raise WorldError DISK_FULL, DISK_TOO_SMALL, FILE_TOO_LARGE_FOR_DISK,
    FOLDER_ABSENT or DATA_FOLDER_UNWRITABLE when the disk is at fault.
    """

    def __init__(self, target: Path, identity: FileIdentity) -> None:
        self.target, self.identity = target, identity
        self.part = target.with_name(f"{target.name}.part")
        self.notes = target.with_name(f"{target.name}.part.json")

    def locked(self) -> FileLock:
        """Give the lock that keeps other windows from writing the same file."""
        try:
            self.target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            raise part_error(error, self.target, 0) from error
        return FileLock(self.target.with_name(f"{self.target.name}.part.lock"), self.target.name)

    def present_bytes(self) -> int:
        """Give how much of this very file is here."""
        notes = read_notes(self.notes)
        if notes is None or not notes.identity.is_same_content(self.identity):
            return 0
        try:
            return min(self.part.stat().st_size, self.identity.size_bytes)
        except OSError:
            return 0

    def is_begun(self) -> bool:
        """Say whether anything of it is here."""
        return any(os.path.lexists(one) for one in (self.part, self.notes, new_name(self.notes)))

    @contextmanager
    def opened(self, on_checked: OnBytes) -> "Iterator[PartWriter]":
        """Open what is here for more, or begin.

        Args:
            on_checked: is told how much has been looked at; may raise to stop that.
        """
        try:
            descriptor = os.open(
                self.part, os.O_RDWR | os.O_CREAT | _BINARY | NO_FOLLOW, PRIVATE_FILE
            )
        except OSError as error:
            raise part_error(error, self.target, self.identity.size_bytes) from error
        with FileIO(descriptor, "r+b") as raw:
            writer = PartWriter(self, raw)
            try:
                writer.begin(on_checked)
                yield writer
            finally:
                writer.close()

    def publish(self) -> None:
        """Put the verified file into its place."""
        try:
            self._rename()
            sync_folder(self.target.parent)
            self.notes.unlink(missing_ok=True)
        except OSError as error:
            raise part_error(error, self.target, self.identity.size_bytes) from error

    def discard(self) -> None:
        """Delete what has arrived."""
        try:
            self.part.unlink(missing_ok=True)
            self.notes.unlink(missing_ok=True)
            new_name(self.notes).unlink(missing_ok=True)
        except OSError as error:
            raise part_error(error, self.target, self.identity.size_bytes) from error

    def _rename(self) -> None:
        for n_left in range(N_RENAME_TRIES - 1, -1, -1):
            try:
                self.part.replace(self.target)
            except PermissionError:
                if not n_left:
                    raise
                time.sleep(RENAME_WAIT_S)
            else:
                return


class PartWriter:
    """Adds to a part, keeps its hash and sees that it reaches the disk.

    Attributes:
        done_bytes: how much is here.
        was_replaced: there was a part of another version of the file.
        was_damaged: there was a part that is not as it was written.
    """

    def __init__(self, partial: PartialFile, raw: FileIO) -> None:
        self._partial, self._raw = partial, raw
        self._hash = RunningHash()
        self._flusher = ThreadPoolExecutor(1, "flush")
        self._flushing: Future[None] | None = None
        self._flushed_bytes = 0
        self._flushed_s = time.monotonic()
        self._room_checked_bytes = 0
        self._boot = present_boot()
        self.done_bytes = 0
        self.was_replaced = self.was_damaged = False

    @property
    def size_bytes(self) -> int:
        """Size of the whole file."""
        return self._partial.identity.size_bytes

    def begin(self, on_checked: OnBytes) -> None:
        """Look at what is here, and see that the rest fits."""
        with self._reported():
            notes = read_notes(self._partial.notes)
            here_bytes = os.fstat(self._raw.fileno()).st_size
            if notes is None or here_bytes > self.size_bytes:
                self.restart()
            elif not notes.identity.is_same_content(self._partial.identity):
                self.was_replaced = here_bytes > 0
                self.restart()
            else:
                self._check(notes, here_bytes, on_checked)
        check_room(self._partial.target.parent, self.size_bytes - self.done_bytes)

    def write(self, piece: memoryview) -> None:
        """Add a piece."""
        with self._reported():
            if self._flushing is not None and self._flushing.done():
                self._flushing.result()
            n_written = 0
            while n_written < len(piece):
                n_written += self._raw.write(piece[n_written:]) or 0
        self._hash.update(piece)
        self.done_bytes += len(piece)
        if self.done_bytes - self._room_checked_bytes >= ROOM_BYTES:
            self._room_checked_bytes = self.done_bytes
            check_room(self._partial.target.parent, self.size_bytes - self.done_bytes)
        self._flush_sometimes()

    def restart(self) -> None:
        """Begin from nothing."""
        with self._reported():
            self._wait_for_flush()
            self._raw.seek(0)
            self._raw.truncate()
            self._hash.restart()
            self.done_bytes = self._flushed_bytes = self._room_checked_bytes = 0
            self._note(0, "")

    def finish(self) -> str:
        """See that all is on the disk, and give its SHA-256."""
        with self._reported():
            self._wait_for_flush()
            flush_to_disk(self._raw.fileno())
            digest = self._hash.digest_so_far().result()
            self._note(self.done_bytes, digest)
        return digest

    def close(self) -> None:
        """End the threads; what was written stays."""
        self._flusher.shutdown()
        self._hash.close()

    # --- what is here already ---

    def _check(self, notes: PartNotes, here_bytes: int, on_checked: OnBytes) -> None:
        safe_bytes = notes.synced_bytes
        if here_bytes < safe_bytes:
            self.was_damaged = True
            self.restart()
            return
        self._hash_up_to(safe_bytes, on_checked)
        if safe_bytes and self._hash.digest_so_far().result() != notes.synced_sha256:
            self.was_damaged = True
            self.restart()
            return
        if not notes.is_of_this_boot():
            here_bytes = self._first_zeros(safe_bytes, here_bytes)
            self._raw.truncate(here_bytes)
        self._hash_up_to(here_bytes, on_checked)
        self._raw.seek(self.done_bytes)
        self._flushed_bytes = safe_bytes
        self._room_checked_bytes = self.done_bytes

    def _hash_up_to(self, end_bytes: int, on_checked: OnBytes) -> None:
        self._raw.seek(self.done_bytes)
        while self.done_bytes < end_bytes:
            piece = self._raw.read(min(HASH_PIECE_BYTES, end_bytes - self.done_bytes))
            if not piece:
                break
            self._hash.update(piece)
            self.done_bytes += len(piece)
            on_checked(self.done_bytes)

    def _first_zeros(self, start_bytes: int, end_bytes: int) -> int:
        """Find where a power cut may have left zeros instead of what was written."""
        self._raw.seek(start_bytes)
        place, empty = start_bytes, bytes(ZERO_BLOCK_BYTES)
        while place < end_bytes:
            # Blocks begin at whole multiples of their size.
            length = min(ZERO_BLOCK_BYTES - place % ZERO_BLOCK_BYTES, end_bytes - place)
            block = self._raw.read(length)
            if block == empty[: len(block)]:
                return place
            place += len(block)
        return end_bytes

    # --- reaching the disk ---

    def _flush_sometimes(self) -> None:
        if self._flushing is not None and not self._flushing.done():
            return
        now_s = time.monotonic()
        passed_s, n_bytes = now_s - self._flushed_s, self.done_bytes - self._flushed_bytes
        if passed_s < MIN_SYNC_S or (passed_s < SYNC_S and n_bytes < SYNC_BYTES):
            return
        self._flushed_bytes, self._flushed_s = self.done_bytes, now_s
        digest = self._hash.digest_so_far()
        self._flushing = self._flusher.submit(self._flush, self.done_bytes, digest)

    def _flush(self, done_bytes: int, digest: Future[str]) -> None:
        flush_to_disk(self._raw.fileno())
        self._note(done_bytes, digest.result())

    def _wait_for_flush(self) -> None:
        flushing, self._flushing = self._flushing, None
        if flushing is not None:
            flushing.result()

    def _note(self, synced_bytes: int, sha256: str) -> None:
        notes = PartNotes(self._partial.identity, synced_bytes, sha256, self._boot)
        write_notes(self._partial.notes, notes)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._world_error(error) from error

    def _world_error(self, error: OSError) -> WorldError:
        return part_error(error, self._partial.target, self.size_bytes)


_BINARY = getattr(os, "O_BINARY", 0)
