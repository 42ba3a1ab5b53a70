"""The errors that cross room, thread and process borders.

An error carries a code and facts (numbers, names), never a sentence: `app/ui/messages.py`
holds the one table that turns a code into what the user reads. `detail` is for the log.
"""

from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """Every way in which something can fail that a user may be told about."""

    NOT_A_GGUF = "not_a_gguf"
    """The file is something else. Facts: `file_name`, `reason` (what it looks like)."""
    MODEL_TRUNCATED = "model_truncated"
    """The file ends early. Facts: `file_name`, `needed_bytes`, `available_bytes`."""
    MODEL_PART_MISSING = "model_part_missing"
    """A model in several files lacks one. Facts: `file_name` (of the part), `path`."""
    MODEL_DAMAGED = "model_damaged"
    """The header contradicts itself. Facts: `file_name`, `reason`."""
    MODEL_UNSUPPORTED = "model_unsupported"
    """This engine does not know it. Facts: `file_name`, `reason` (architecture or type)."""
    MODEL_NOT_FOR_CHAT = "model_not_for_chat"
    """An embedding model, a projector, one part of a set. Facts: `file_name`, `reason`."""
    CHAT_TEMPLATE_MISSING = "chat_template_missing"
    """The model brings no chat template. Facts: `file_name`."""
    CHAT_TEMPLATE_UNUSABLE = "chat_template_unusable"
    """Its chat template failed, or took too long. Facts: `file_name`, `reason`."""
    MEMORY_TOO_SMALL = "memory_too_small"
    """Not enough memory. Facts: `file_name`, `needed_bytes`, `available_bytes`."""
    DEVICE_MISSING = "device_missing"
    """A graphics device is not there (any more). Facts: `file_name`, `reason` (its name)."""
    FILE_MISSING = "file_missing"
    """The file was moved or deleted. Facts: `file_name`, `path`."""
    FILE_UNREADABLE = "file_unreadable"
    """The file is there but cannot be read. Facts: `file_name`, `path`, `reason`."""
    PROMPT_TOO_LONG = "prompt_too_long"
    """One message alone is longer than the context. Facts: `needed_tokens`, `limit_tokens`."""
    MODEL_OUTPUT_INVALID = "model_output_invalid"
    """The model computes nonsense (NaN): damaged weights. Facts: `file_name`."""
    ENGINE_LOST = "engine_lost"
    """The engine process died. Facts: `reason` (signal or exit code)."""
    ENGINE_LOST_REPEATEDLY = "engine_lost_repeatedly"
    """It died three times in five minutes; retrying has stopped. Facts: `reason`."""
    ENGINE_UNUSABLE = "engine_unusable"
    """The engine process cannot be started at all. Facts: `reason`."""
    DISK_FULL = "disk_full"
    """No room on the disk. Facts: `path`, `available_bytes`."""
    DATA_FOLDER_UNWRITABLE = "data_folder_unwritable"
    """The data folder cannot be written. Facts: `path`, `reason`."""
    DATABASE_DAMAGED = "database_damaged"
    """The chat database cannot be read. Facts: `path` (where the damaged file is kept)."""
    DATABASE_TOO_NEW = "database_too_new"
    """A newer Quillhouse wrote it. Facts: `path`, `reason` (schema versions)."""
    DATABASE_BUSY = "database_busy"
    """Another program holds the database. Facts: `path`."""
    OTHER_WINDOW_DEAF = "other_window_deaf"
    """Quillhouse runs already with this data folder but does not answer. Facts: `path`."""
    COMPUTER_FILE_UNUSABLE = "computer_file_unusable"
    """A recorded computer cannot be read or written. Facts: `file_name`, `path`, `reason`."""
    OFFLINE = "offline"
    """The network is switched off in Quillhouse."""
    NO_CONNECTION = "no_connection"
    """The host cannot be reached. Facts: `host`, `reason`."""
    PROXY_FAILED = "proxy_failed"
    """The proxy cannot be reached, or refuses. Facts: `host` (the proxy), `reason`."""
    CERTIFICATE_REFUSED = "certificate_refused"
    """The connection cannot be trusted. Facts: `host`, `reason`."""
    SIGN_IN_PAGE = "sign_in_page"
    """Something in between answers instead of the Hub: a hotel's page. Facts: `host`."""
    SERVER_SILENT = "server_silent"
    """The server stopped sending. Facts: `host`."""
    SERVER_FAILED = "server_failed"
    """The server answered with an error. Facts: `host`, `reason` (status)."""
    RATE_LIMITED = "rate_limited"
    """Asked too often. Facts: `host`, `seconds`."""
    REPOSITORY_MISSING = "repository_missing"
    """No such repository, or a private one. Facts: `repo_id`."""
    REVISION_MISSING = "revision_missing"
    """The pinned commit is gone. Facts: `repo_id`."""
    REMOTE_FILE_MISSING = "remote_file_missing"
    """The repository no longer has the file. Facts: `repo_id`, `file_name`."""
    NO_MODEL_FILES = "no_model_files"
    """The repository has no model in the GGUF format. Facts: `repo_id`."""
    ACCESS_NEEDED = "access_needed"
    """Gated: the terms have to be accepted and a token given. Facts: `repo_id`."""
    ACCESS_REFUSED = "access_refused"
    """Gated: the token's account has no access (yet). Facts: `repo_id`."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code, not a secret
    """The Hub does not accept the token."""
    TOKEN_NOT_FOR_MIRROR = "token_not_for_mirror"  # noqa: S105 - a code, not a secret
    """Tokens are shown to the Hub itself only. Facts: `host` (the mirror)."""
    KEYRING_UNUSABLE = "keyring_unusable"
    """The system keeps no passwords, or refuses. Facts: `reason`."""
    REPOSITORY_DISABLED = "repository_disabled"
    """The Hub has blocked it. Facts: `repo_id`."""
    NOT_VERIFIABLE = "not_verifiable"
    """The Hub gives no size or hash to check the file with. Facts: `repo_id`, `file_name`."""
    DOWNLOAD_DAMAGED = "download_damaged"
    """The hash was wrong twice. Facts: `file_name`, `reason` (both hashes)."""
    ANSWER_UNREADABLE = "answer_unreadable"
    """The Hub's answer is none that can be understood. Facts: `host`, `reason`."""
    DISK_TOO_SMALL = "disk_too_small"
    """No room for a download. Facts: `path`, `needed_bytes` (still missing),
    `available_bytes`."""
    FILE_TOO_LARGE_FOR_DISK = "file_too_large_for_disk"
    """FAT32 holds files up to 4 GB. Facts: `path`, `file_name`, `needed_bytes`."""
    FILE_NAME_REFUSED = "file_name_refused"
    """A name that would lead out of the models folder. Facts: `file_name`."""
    FOLDER_ABSENT = "folder_absent"
    """The folder of models, or its disk, is not there now. Facts: `path`, `reason`."""
    ALREADY_DOWNLOADING = "already_downloading"
    """It is in the queue. Facts: `file_name`."""
    SETTING_UNUSABLE = "setting_unusable"
    """Facts: `reason` ("proxy", "certificates" or "endpoint")."""
    FILE_NOT_OURS = "file_not_ours"
    """Another program's file, which is never deleted. Facts: `file_name`, `path`."""
    LINK_IMPOSSIBLE = "link_impossible"
    """The file cannot be kept by a hard link. Facts: `file_name`, `reason`."""
    FOLDER_UNREADABLE = "folder_unreadable"
    """A folder cannot be looked into. Facts: `path`, `reason`."""
    DOCUMENT_NEEDS_PASSWORD = "document_needs_password"  # noqa: S105 - a code, not a secret
    """The file is locked. Facts: `file_name`, `path`."""
    DOCUMENT_IS_SCAN = "document_is_scan"
    """Pictures of pages, and no text could be recognised. Facts: `file_name`, `path`."""
    OCR_MISSING = "ocr_missing"
    """Pictures of pages, and Tesseract is not installed. Facts: `file_name`, `path`."""
    DOCUMENT_EMPTY = "document_empty"
    """There is nothing in it. Facts: `file_name`, `path`."""
    DOCUMENT_DAMAGED = "document_damaged"
    """It cannot be understood. Facts: `file_name`, `path`, `reason`."""
    DOCUMENT_UNSUPPORTED = "document_unsupported"
    """A format that is not read. Facts: `file_name`, `path`, `reason` (the format)."""
    DOCUMENT_TOO_LARGE = "document_too_large"
    """It unpacks to more than is safe. Facts: `file_name`, `path`, `needed_bytes`."""
    DOCUMENT_TOO_COMPLEX = "document_too_complex"
    """Reading it took too long or too much memory. Facts: `file_name`, `path`, `reason`."""
    DOCUMENT_UNREADABLE = "document_unreadable"
    """It may not be opened. Facts: `file_name`, `path`, `reason`."""
    DOCUMENT_IN_CLOUD = "document_in_cloud"
    """Only a stand-in is on this computer. Facts: `file_name`, `path`."""
    DOCUMENT_MISSING = "document_missing"
    """It was moved or deleted since it was read. Facts: `file_name`, `path`."""
    READER_UNUSABLE = "reader_unusable"
    """The process that reads documents cannot be started. Facts: `reason`."""
    EMBEDDING_MODEL_MISSING = "embedding_model_missing"
    """A collection's embedding model is gone. Facts: `file_name`, `path`."""
    EMBEDDING_MODEL_UNUSABLE = "embedding_model_unusable"
    """It cannot be loaded, or makes no vectors. Facts: `file_name`, `reason`."""
    DOCUMENT_INDEX_DAMAGED = "document_index_damaged"
    """The index could not be read and is made anew. Facts: `path` (where it was put)."""
    COLLECTION_MISSING = "collection_missing"
    """The collection that a chat asks was removed."""
    BUG = "bug"
    """Our own mistake. Facts: `reason` (type of the exception)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a failure; which fields are set is said at each `ErrorCode`."""

    file_name: str = ""
    path: str = ""
    reason: str = ""
    needed_bytes: int = 0
    available_bytes: int = 0
    needed_tokens: int = 0
    limit_tokens: int = 0
    host: str = ""
    repo_id: str = ""
    seconds: float = 0.0


class AppError(Exception):
    """An error with a code, facts and a technical detail.

    Attributes:
        code: what went wrong, one of a closed list.
        facts: numbers and names for the sentence shown.
        detail: technical text for the log; contains no text of the user.
    """

    def __init__(self, code: ErrorCode, facts: Facts | None = None, detail: str = "") -> None:
        super().__init__(code.value, detail)
        self.code = code
        self.facts = facts if facts is not None else Facts()
        self.detail = detail


class WorldError(AppError):
    """Something outside the program: a full disk, a damaged file, a process that died."""


class BugError(AppError):
    """A mistake of ours. The window shows it as such and offers the technical detail."""

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(ErrorCode.BUG, Facts(reason=reason), detail)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a value, to cross a signal or the pipe of the engine process."""

    code: ErrorCode
    facts: Facts = Facts()
    detail: str = ""

    @classmethod
    def of(cls, error: AppError) -> "Failure":
        """Give `error` as a value."""
        return cls(error.code, error.facts, error.detail)
