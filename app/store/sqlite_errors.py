"""What an error of SQLite means for the user."""

import sqlite3
from pathlib import Path

from app.core.errors import AppError, BugError, ErrorCode, Facts, WorldError
from app.store.data_folder import disk_full

_CODES: dict[int, ErrorCode] = {
    sqlite3.SQLITE_FULL: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_BUSY: ErrorCode.DATABASE_BUSY,
    sqlite3.SQLITE_LOCKED: ErrorCode.DATABASE_BUSY,
    sqlite3.SQLITE_PROTOCOL: ErrorCode.DATABASE_BUSY,
    sqlite3.SQLITE_CORRUPT: ErrorCode.DATABASE_DAMAGED,
    sqlite3.SQLITE_NOTADB: ErrorCode.DATABASE_DAMAGED,
    sqlite3.SQLITE_READONLY: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_PERM: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_AUTH: ErrorCode.DATA_FOLDER_UNWRITABLE,
    # Failed writes mean a disk or a quota that is full. A disk that cannot be read, or a
    # network folder that has gone, is another matter, and no reason to give the file up.
    sqlite3.SQLITE_IOERR_READ: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_SHORT_READ: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_FSTAT: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_ACCESS: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_LOCK: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_RDLOCK: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_IOERR_CORRUPTFS: ErrorCode.DATA_FOLDER_UNWRITABLE,
}
"""What is the world's fault, by extended, then by primary code (sqlite.org/rescode.html)."""


def error_of(error: sqlite3.Error, path: Path) -> AppError:
    """Give our error for one of SQLite about the database at `path`."""
    result = getattr(error, "sqlite_errorcode", None)
    code = _CODES.get(result, _CODES.get(result & 0xFF)) if isinstance(result, int) else None
    if code is None:
        return BugError(f"sqlite {result}: {error}", type(error).__name__)
    if code is ErrorCode.DISK_FULL:
        return disk_full(path, str(error))
    reason = str(error) if code is ErrorCode.DATA_FOLDER_UNWRITABLE else ""
    return WorldError(code, Facts(path=str(path), reason=reason), f"sqlite {result}: {error}")


def is_search_index_damaged(error: sqlite3.Error) -> bool:
    """Say whether only the search index is damaged, which can be made anew from the chats."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB
