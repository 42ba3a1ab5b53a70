"""The one table from every error to what the user reads and can do."""

from PySide6.QtCore import QCoreApplication

from app.core.errors import ErrorCode, Facts, Failure
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.document_messages import DOCUMENT_MESSAGES
from app.ui.hub_messages import HUB_MESSAGES
from app.ui.message import Action, Message
from app.ui.quantities import about_seconds_text, bytes_text, count_text

translate = QCoreApplication.translate


def action_words(action: Action) -> str:
    """Give what stands on the button."""
    return QCoreApplication.translate("messages", _ACTION_WORDS[action])


_ACTION_WORDS = {
    Action.CHOOSE_MODEL_FILE: QT_TRANSLATE_NOOP("messages", "Open a model file…"),
    Action.SHOW_MODELS: QT_TRANSLATE_NOOP("messages", "Choose another model"),
    Action.TRY_AGAIN: QT_TRANSLATE_NOOP("messages", "Try again"),
    Action.NEW_CHAT: QT_TRANSLATE_NOOP("messages", "Start a new chat"),
    Action.OPEN_DATA_FOLDER: QT_TRANSLATE_NOOP("messages", "Open the data folder"),
    Action.GO_ONLINE: QT_TRANSLATE_NOOP("messages", "Use the internet"),
    Action.NETWORK_SETTINGS: QT_TRANSLATE_NOOP("messages", "Network settings"),
    Action.OPEN_MODEL_PAGE: QT_TRANSLATE_NOOP("messages", "Open the model's page"),
    Action.ENTER_TOKEN: QT_TRANSLATE_NOOP("messages", "Enter a token"),
    Action.SHOW_DOWNLOADS: QT_TRANSLATE_NOOP("messages", "Show downloads"),
    Action.DOWNLOAD_SETTINGS: QT_TRANSLATE_NOOP("messages", "Choose another folder"),
    Action.OPEN_FOLDER: QT_TRANSLATE_NOOP("messages", "Open the folder"),
    Action.SHOW_DOCUMENTS: QT_TRANSLATE_NOOP("messages", "Show documents"),
    Action.OCR_HELP: QT_TRANSLATE_NOOP("messages", "How to get Tesseract"),
    Action.CHOOSE_EMBEDDING_MODEL: QT_TRANSLATE_NOOP("messages", "Choose another model"),
}


_MESSAGES: dict[ErrorCode, Message] = {
    **HUB_MESSAGES,
    **DOCUMENT_MESSAGES,
    ErrorCode.NOT_A_GGUF: Message(
        QT_TRANSLATE_NOOP("messages", "This is not a model file"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is {reason}, not a model in the GGUF format."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Choose a file whose name ends in .gguf, or download it again if it should be one.",
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_TRUNCATED: Message(
        QT_TRANSLATE_NOOP("messages", "The model file is incomplete"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} ends too early.{sizes} Its download probably broke off."
        ),
        QT_TRANSLATE_NOOP("messages", "Download it again, or choose another model."),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_PART_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "Part of the model is missing"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} is not there. The model comes in several files, and needs all of them.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Put all its files into one folder, or download the missing one again."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_DAMAGED: Message(
        QT_TRANSLATE_NOOP("messages", "The model file is damaged"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} contradicts itself, so it was not loaded.{because}"
        ),
        QT_TRANSLATE_NOOP("messages", "Download it again, or choose another model."),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_UNSUPPORTED: Message(
        QT_TRANSLATE_NOOP("messages", "This model cannot run yet"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} is of a kind that this version does not know.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Choose another model, or look for a newer version of Quillhouse."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MODEL_NOT_FOR_CHAT: Message(
        QT_TRANSLATE_NOOP("messages", "This file is not for chatting"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is {reason}, which cannot answer by itself."),
        QT_TRANSLATE_NOOP(
            "messages", "Choose a chat model; their names often contain “Instruct” or “Chat”."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.CHAT_TEMPLATE_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "Not made for chat"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} does not say how a conversation is to be written for it, so its answers"
            " would make no sense.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Choose a chat model; their names often contain “Instruct” or “Chat”."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.CHAT_TEMPLATE_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "This model's chat instructions fail"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The instructions in {file_name} for writing down a conversation could not be followed"
            " safely.{because}",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Download the model from another source, or choose another one."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.MEMORY_TOO_SMALL: Message(
        QT_TRANSLATE_NOOP("messages", "Not enough memory"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} needs more memory than this computer can spare now.{numbers}"
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Close other programs, lower “How much the model remembers” in the settings, or choose"
            " a smaller model.",
        ),
        Action.SHOW_MODELS,
    ),
    ErrorCode.DEVICE_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "The graphics card is gone"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} was to compute on the graphics card {reason}, which this computer does"
            " not have now.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Choose the model again: it is then placed on what there is."
        ),
        Action.SHOW_MODELS,
    ),
    ErrorCode.FILE_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "The model file is gone"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is no longer at {path}."),
        QT_TRANSLATE_NOOP(
            "messages", "Put it back, connect the disk it is on, or choose another model."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.FILE_UNREADABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The file cannot be read"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is there, but cannot be opened.{because}"),
        QT_TRANSLATE_NOOP(
            "messages", "Check that you are allowed to read it, or choose another file."
        ),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.PROMPT_TOO_LONG: Message(
        QT_TRANSLATE_NOOP("messages", "The message is too long"),
        QT_TRANSLATE_NOOP(
            "messages",
            "Your message has about {needed_tokens} tokens (pieces of words); the model can take"
            " {limit_tokens} at once here.",
        ),
        QT_TRANSLATE_NOOP("messages", "Send it in parts, or use a model that remembers more."),
        Action.NEW_CHAT,
    ),
    ErrorCode.MODEL_OUTPUT_INVALID: Message(
        QT_TRANSLATE_NOOP("messages", "The model computes nonsense"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} loads, but what it computes are no numbers: the file is damaged.",
        ),
        QT_TRANSLATE_NOOP("messages", "Download it again, or choose another model."),
        Action.CHOOSE_MODEL_FILE,
    ),
    ErrorCode.ENGINE_LOST: Message(
        QT_TRANSLATE_NOOP("messages", "The engine stopped unexpectedly"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The part of Quillhouse that runs the model has ended. Nothing was lost, and it is"
            " starting again.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Ask again. If it happens often with this model, try another one."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_LOST_REPEATEDLY: Message(
        QT_TRANSLATE_NOOP("messages", "The engine keeps stopping"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The part of Quillhouse that runs the model ended three times within five minutes, so"
            " it was not started again.",
        ),
        QT_TRANSLATE_NOOP("messages", "Try again, or choose a smaller model."),
        Action.TRY_AGAIN,
    ),
    ErrorCode.ENGINE_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The engine cannot start"),
        QT_TRANSLATE_NOOP(
            "messages", "The part of Quillhouse that runs the model does not start."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Try again; if that does not help, install Quillhouse anew. Your chats are kept.",
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.DISK_FULL: Message(
        QT_TRANSLATE_NOOP("messages", "The disk is full"),
        QT_TRANSLATE_NOOP(
            "messages",
            "It could not be saved: only {available_bytes} are free on the disk of {path}.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Make room and try again; nothing that was saved before is lost."
        ),
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATA_FOLDER_UNWRITABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The data folder is locked"),
        QT_TRANSLATE_NOOP("messages", "Quillhouse may not write to {path}.{because}"),
        QT_TRANSLATE_NOOP("messages", "Allow writing to that folder, then try again."),
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_DAMAGED: Message(
        QT_TRANSLATE_NOOP("messages", "Your chats cannot be read"),
        QT_TRANSLATE_NOOP(
            "messages", "The file with your chats is damaged. It was kept as {path}."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Keep that file: it may be possible to repair it. New chats are saved as usual.",
        ),
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_TOO_NEW: Message(
        QT_TRANSLATE_NOOP("messages", "Made by a newer Quillhouse"),
        QT_TRANSLATE_NOOP(
            "messages", "Your chats in {path} were saved by a newer version and were not touched."
        ),
        QT_TRANSLATE_NOOP("messages", "Start the newer version of Quillhouse."),
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.DATABASE_BUSY: Message(
        QT_TRANSLATE_NOOP("messages", "Your chats are in use"),
        QT_TRANSLATE_NOOP("messages", "Another program is using {path}."),
        QT_TRANSLATE_NOOP(
            "messages", "Close it, for example a backup or a second Quillhouse, then try again."
        ),
        Action.OPEN_DATA_FOLDER,
    ),
    ErrorCode.OTHER_WINDOW_DEAF: Message(
        QT_TRANSLATE_NOOP("messages", "Quillhouse is running already"),
        QT_TRANSLATE_NOOP(
            "messages", "Another Quillhouse uses the data in {path}, but does not answer."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Wait a moment and try again. If that does not help, end it in the list of running"
            " programs, or restart the computer.",
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.COMPUTER_FILE_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "This file describes no computer"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} should describe a computer, but cannot be used for that.{because}",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Start Quillhouse without that file, or correct it and try again."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.BUG: Message(
        QT_TRANSLATE_NOOP("messages", "Something went wrong in Quillhouse"),
        QT_TRANSLATE_NOOP(
            "messages", "This is a mistake of ours ({reason}). What was saved is safe."
        ),
        QT_TRANSLATE_NOOP("messages", "Try again. The log in the data folder has the details."),
        Action.OPEN_DATA_FOLDER,
    ),
}

_REASONS: dict[str, str] = {
    "empty": QT_TRANSLATE_NOOP("messages", "an empty file"),
    "html": QT_TRANSLATE_NOOP("messages", "a web page"),
    "json": QT_TRANSLATE_NOOP("messages", "a text file"),
    "text": QT_TRANSLATE_NOOP("messages", "a text file"),
    "zip": QT_TRANSLATE_NOOP("messages", "a compressed archive"),
    "gzip": QT_TRANSLATE_NOOP("messages", "a compressed archive"),
    "safetensors": QT_TRANSLATE_NOOP("messages", "a model in the safetensors format"),
    "pytorch": QT_TRANSLATE_NOOP("messages", "a model in the PyTorch format"),
    "git_lfs_pointer": QT_TRANSLATE_NOOP("messages", "only a pointer to a download"),
    "ggml": QT_TRANSLATE_NOOP("messages", "a model in an old format"),
    "zeros": QT_TRANSLATE_NOOP("messages", "full of zeros, as after a broken download"),
    "pdf": QT_TRANSLATE_NOOP("messages", "a document"),
    "unknown": QT_TRANSLATE_NOOP("messages", "something else"),
    "folder": QT_TRANSLATE_NOOP("messages", "a folder"),
    "embedding": QT_TRANSLATE_NOOP("messages", "a model for searching texts"),
    "projector": QT_TRANSLATE_NOOP("messages", "the eye of a model that can see pictures"),
    "imatrix": QT_TRANSLATE_NOOP("messages", "a by-product of making models"),
    "adapter": QT_TRANSLATE_NOOP("messages", "an addition to another model"),
    "part_of_set": QT_TRANSLATE_NOOP("messages", "one part of a model in several files"),
    "not_causal": QT_TRANSLATE_NOOP("messages", "a model that does not write"),
    "other_disk": QT_TRANSLATE_NOOP("messages", "it is on another disk"),
    "fat_disk": QT_TRANSLATE_NOOP("messages", "disks formatted as FAT or exFAT cannot do that"),
    "network_disk": QT_TRANSLATE_NOOP("messages", "it is on another computer"),
    "names_taken": QT_TRANSLATE_NOOP("messages", "all names for it are taken"),
    "proxy": QT_TRANSLATE_NOOP("messages", "the proxy"),
    "certificates": QT_TRANSLATE_NOOP("messages", "the certificates"),
    "endpoint": QT_TRANSLATE_NOOP("messages", "the address of the model hub"),
    "reranker": QT_TRANSLATE_NOOP("messages", "it compares two texts and does not search"),
    "writes": QT_TRANSLATE_NOOP("messages", "it writes texts and does not search"),
    "encoder_decoder": QT_TRANSLATE_NOOP("messages", "a model that turns one text into another"),
}
"""Reasons that `core/gguf.py` gives as keys, in words that complete "It is ..."."""


def translated(text: str) -> str:
    """Translate a text of this table."""
    return translate("messages", text)


def reason_words(reason: str) -> str:
    """Give the words for a reason; one that has none stands as it is."""
    return translated(_REASONS[reason]) if reason in _REASONS else reason


def message_for(failure: Failure) -> Message:
    """Give what the user reads about a failure, with its facts filled in."""
    message, facts = _MESSAGES[failure.code], failure.facts
    words = {
        "file_name": facts.file_name or translate("messages", "The file"),
        "path": facts.path or translate("messages", "the data folder"),
        "reason": reason_words(facts.reason) or translate("messages", "no reason was given"),
        "because": _because(facts),
        "numbers": _numbers(facts),
        "sizes": _sizes(facts),
        "needed_bytes": bytes_text(facts.needed_bytes),
        "available_bytes": bytes_text(facts.available_bytes),
        "needed_tokens": count_text(facts.needed_tokens),
        "limit_tokens": count_text(facts.limit_tokens),
        "host": facts.host or translate("messages", "The server"),
        "repo_id": facts.repo_id or translate("messages", "the model"),
        "seconds": about_seconds_text(facts.seconds),
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
    return " " + translate("messages", "({reason})").format(reason=reason_words(facts.reason))


def _sizes(facts: Facts) -> str:
    if not (facts.needed_bytes and facts.available_bytes):
        return ""
    needed, available = bytes_text(facts.needed_bytes), bytes_text(facts.available_bytes)
    text = translate("messages", "It should have {needed} but has only {available}.")
    return " " + text.format(needed=needed, available=available)


def _numbers(facts: Facts) -> str:
    if not facts.needed_bytes:
        return ""
    needed, available = (
        bytes_text(facts.needed_bytes),
        bytes_text(facts.available_bytes),
    )
    if not facts.available_bytes:
        return " " + translate("messages", "It needs at least {needed}.").format(needed=needed)
    text = translate("messages", "It needs at least {needed}; {available} are free.")
    return " " + text.format(needed=needed, available=available)
