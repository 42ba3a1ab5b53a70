"""The one table from every error to what the user reads and can do."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.core.errors import ErrorCode, Facts, Failure
from app.ui.quantities import bytes_text, count_text


class Action(StrEnum):
    """What one button under a message does."""

    CHOOSE_MODEL_FILE = "choose_model_file"
    SHOW_MODELS = "show_models"
    TRY_AGAIN = "try_again"
    NEW_CHAT = "new_chat"
    OPEN_DATA_FOLDER = "open_data_folder"


def action_words(action: Action) -> str:
    """Give what stands on the button."""
    return QCoreApplication.translate("messages", _ACTION_WORDS[action])


_ACTION_WORDS = {
    Action.CHOOSE_MODEL_FILE: "Open a model file…",
    Action.SHOW_MODELS: "Choose another model",
    Action.TRY_AGAIN: "Try again",
    Action.NEW_CHAT: "Start a new chat",
    Action.OPEN_DATA_FOLDER: "Open the data folder",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What the user reads: a short title, what happened, what to do, and one button."""

    title: str
    what_happened: str
    what_to_do: str
    action: Action | None = None


_MESSAGES: dict[ErrorCode, Message] = {
    ErrorCode.NOT_A_GGUF: Message(
        "This is not a model file",
        "{file_name} is {reason}, not a model in the GGUF format.",
        "Choose a file whose name ends in .gguf, or download it again if it should be one.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_TRUNCATED: Message(
        "The model file is incomplete",
        "{file_name} ends too early.{sizes} Its download probably broke off.",
        "Download it again, or choose another model.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_DAMAGED: Message(
        "The model file is damaged",
        "{file_name} contradicts itself, so it was not loaded.{because}",
        "Download it again, or choose another model.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_UNSUPPORTED: Message(
        "This model cannot run yet",
        "{file_name} is of a kind that this version does not know.{because}",
        "Choose another model, or look for a newer version of Quillhouse.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_NOT_FOR_CHAT: Message(
        "This file is not for chatting",
        "{file_name} is {reason}, which cannot answer by itself.",
        "Choose a chat model; their names often contain “Instruct” or “Chat”.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.CHAT_TEMPLATE_MISSING: Message(
        "Not made for chat",
        "{file_name} does not say how a conversation is to be written for it, so its answers"
        " would make no sense.",
        "Choose a chat model; their names often contain “Instruct” or “Chat”.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.CHAT_TEMPLATE_UNUSABLE: Message(
        "This model's chat instructions fail",
        "The instructions in {file_name} for writing down a conversation could not be followed"
        " safely.{because}",
        "Download the model from another source, or choose another one.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MEMORY_TOO_SMALL: Message(
        "Not enough memory",
        "{file_name} needs more memory than this computer can spare now.{numbers}",
        "Close other programs, lower “How much the model remembers” in the settings, or choose a"
        " smaller model.",
        Action.SHOW_MODELS,
    ),
    ErrorCode.FILE_MISSING: Message(
        "The model file is gone",
        "{file_name} is no longer where it was.",
        "Put it back, connect the disk it is on, or choose another model.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.FILE_UNREADABLE: Message(
        "The file cannot be read",
        "{file_name} is there, but cannot be opened.{because}",
        "Check that you are allowed to read it, or choose another file.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.PROMPT_TOO_LONG: Message(
        "The message is too long",
        "It has about {needed_tokens} tokens (pieces of words); this model can take"
        " {limit_tokens} at once.",
        "Send it in parts, or let the model remember more in the settings.",
        Action.NEW_CHAT,
    ),
    ErrorCode.MODEL_OUTPUT_INVALID: Message(
        "The model computes nonsense",
        "{file_name} loads, but what it computes are no numbers: the file is damaged.",
        "Download it again, or choose another model.",
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.ENGINE_LOST: Message(
        "The engine stopped unexpectedly",
        "The part of Quillhouse that runs the model has ended. Nothing was lost, and it is"
        " starting again.",
        "Ask again. If it happens often with this model, try another one.",
        Action.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_LOST_REPEATEDLY: Message(
        "The engine keeps stopping",
        "The part of Quillhouse that runs the model ended three times within five minutes, so"
        " it was not started again.",
        "Try again, or choose a smaller model.",
        Action.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_UNUSABLE: Message(
        "The engine cannot start",
        "The part of Quillhouse that runs the model does not start.",
        "Try again; if that does not help, install Quillhouse anew. Your chats are kept.",
        Action.TRY_AGAIN,
    ),
    ErrorCode.DISK_FULL: Message(
        "The disk is full",
        "It could not be saved: only {available_bytes} are free on the disk of {path}.",
        "Make room and try again; nothing that was saved before is lost.",
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATA_FOLDER_UNWRITABLE: Message(
        "The data folder is locked",
        "Quillhouse may not write to {path}.{because}",
        "Allow writing to that folder, then try again.",
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_DAMAGED: Message(
        "Your chats cannot be read",
        "The file with your chats is damaged. It was kept as {path}.",
        "Keep that file: it may be possible to repair it. New chats are saved as usual.",
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_TOO_NEW: Message(
        "Made by a newer Quillhouse",
        "Your chats in {path} were saved by a newer version and were not touched.",
        "Start the newer version of Quillhouse.",
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_BUSY: Message(
        "Your chats are in use",
        "Another program is using {path}.",
        "Close it, for example a backup or a second Quillhouse, then try again.",
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.OTHER_WINDOW_DEAF: Message(
        "Quillhouse is running already",
        "Another Quillhouse uses the data in {path}, but does not answer.",
        "Wait a moment and try again. If that does not help, end it in the list of running"
        " programs, or restart the computer.",
        Action.TRY_AGAIN,
    ),
    ErrorCode.BUG: Message(
        "Something went wrong in Quillhouse",
        "This is a mistake of ours ({reason}). What was saved is safe.",
        "Try again. The log in the data folder has the details.",
        Action.OPEN_DATA_FOLDER,
    ),
}

_REASONS: dict[str, str] = {
    "empty": "an empty file",
    "html": "a web page",
    "json": "a text file",
    "text": "a text file",
    "zip": "a compressed archive",
    "gzip": "a compressed archive",
    "safetensors": "a model in the safetensors format",
    "pytorch": "a model in the PyTorch format",
    "git_lfs_pointer": "only a pointer to a download",
    "ggml": "a model in an old format",
    "zeros": "full of zeros, as after a broken download",
    "pdf": "a document",
    "unknown": "something else",
    "folder": "a folder",
    "embedding": "a model for searching texts",
    "projector": "the eye of a model that can see pictures",
    "imatrix": "a by-product of making models",
    "adapter": "an addition to another model",
    "part_of_set": "one part of a model in several files",
    "not_causal": "a model that does not write",
}
"""Reasons that `core/gguf.py` gives as keys, in words that complete "It is ..."."""


def translated(text: str) -> str:
    """Translate a text of this table."""
    return QCoreApplication.translate("messages", text)


def reason_words(reason: str) -> str:
    """Give the words for a reason; one that has none stands as it is."""
    return translated(_REASONS.get(reason, "")) or reason


def message_for(failure: Failure) -> Message:
    """Give what the user reads about a failure, with its facts filled in."""
    message, facts = _MESSAGES[failure.code], failure.facts
    words = {
        "file_name": facts.file_name or translated("The file"),
        "path": facts.path or translated("the data folder"),
        "reason": reason_words(facts.reason) or translated("no reason was given"),
        "because": _because(facts),
        "numbers": _numbers(facts),
        "sizes": _sizes(facts),
        "needed_bytes": bytes_text(facts.needed_bytes),
        "available_bytes": bytes_text(facts.available_bytes),
        "needed_tokens": count_text(facts.needed_tokens),
        "limit_tokens": count_text(facts.limit_tokens),
    }
    return Message(
        translated(message.title),
        translated(message.what_happened).format(**words),
        translated(message.what_to_do),
        message.action,
    )


def _because(facts: Facts) -> str:
    if not facts.reason:
        return ""
    return " " + translated("({reason})").format(reason=reason_words(facts.reason))


def _sizes(facts: Facts) -> str:
    if not (facts.needed_bytes and facts.available_bytes):
        return ""
    needed, available = bytes_text(facts.needed_bytes), bytes_text(facts.available_bytes)
    text = translated("It should have {needed} but has only {available}.")
    return " " + text.format(needed=needed, available=available)


def _numbers(facts: Facts) -> str:
    if not facts.needed_bytes:
        return ""
    needed, available = bytes_text(facts.needed_bytes), bytes_text(facts.available_bytes)
    if not facts.available_bytes:
        return " " + translated("It needs at least {needed}.").format(needed=needed)
    text = translated("It needs at least {needed}; {available} are free.")
    return " " + text.format(needed=needed, available=available)
