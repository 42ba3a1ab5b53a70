"""What the user reads when documents cannot be read, searched or shown."""

from app.core.errors import ErrorCode
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.message import Action, Message

DOCUMENT_MESSAGES: dict[ErrorCode, Message] = {
    ErrorCode.DOCUMENT_NEEDS_PASSWORD: Message(
        QT_TRANSLATE_NOOP("messages", "This file needs a password"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} is locked with a password, so nothing in it was read."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Save a copy without the password in its own program, and add that copy.",
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_IS_SCAN: Message(
        QT_TRANSLATE_NOOP("messages", "A scan without readable text"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} holds pictures of pages, and no text could be recognised in them.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Scan it again with a higher resolution, or save it with a text layer."
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.OCR_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "A scan, and no text recognition"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} holds pictures of pages. Reading them needs the free program "
            "Tesseract, which is not on this computer.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Install Tesseract; the file is then read by itself. Nothing leaves this computer.",
        ),
        Action.OCR_HELP,
    ),
    ErrorCode.DOCUMENT_EMPTY: Message(
        QT_TRANSLATE_NOOP("messages", "This file is empty"),
        QT_TRANSLATE_NOOP("messages", "There is no text in {file_name}."),
        QT_TRANSLATE_NOOP(
            "messages", "Nothing needs to be done, unless it should have some: then save it again."
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_DAMAGED: Message(
        QT_TRANSLATE_NOOP("messages", "This file is damaged"),
        QT_TRANSLATE_NOOP("messages", "{file_name} cannot be understood.{because}"),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open it in its own program and save it again, or get it again from where it came.",
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_UNSUPPORTED: Message(
        QT_TRANSLATE_NOOP("messages", "Format not supported"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} is in a format that Quillhouse does not read.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Save it as PDF or in a newer format of its program, and add that copy.",
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_TOO_LARGE: Message(
        QT_TRANSLATE_NOOP("messages", "This file unpacks to too much"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} is small on disk but would unpack to {needed_bytes}, as files "
            "made to do harm do.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "If you trust it, open it in its own program and save it again."
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_TOO_COMPLEX: Message(
        QT_TRANSLATE_NOOP("messages", "Reading this file was stopped"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} took more time or memory than a document should.{because} All "
            "other files were read.",
        ),
        QT_TRANSLATE_NOOP("messages", "Split it into smaller files, or save it as PDF."),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_UNREADABLE: Message(
        QT_TRANSLATE_NOOP("messages", "This file may not be opened"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} is there, but this computer does not let Quillhouse read it.{because}",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Change its permissions, or close the program that holds it; then try again.",
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.DOCUMENT_IN_CLOUD: Message(
        QT_TRANSLATE_NOOP("messages", "Only in the cloud"),
        QT_TRANSLATE_NOOP(
            "messages",
            "Only a stand-in for {file_name} is on this computer, and Quillhouse does "
            "not download it by itself.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Ask your cloud program to keep the file on this computer; it is then read by itself.",
        ),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.DOCUMENT_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "This file is gone"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is not where it was when it was read."),
        QT_TRANSLATE_NOOP(
            "messages", "If it was moved out of the collection, add its new folder."
        ),
        Action.SHOW_DOCUMENTS,
    ),
    ErrorCode.READER_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "Documents cannot be read"),
        QT_TRANSLATE_NOOP(
            "messages", "The part of Quillhouse that reads documents does not start.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Start Quillhouse again; if that does not help, install it again. What was "
            "read stays.",
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.EMBEDDING_MODEL_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "The search model is gone"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name}, with which this collection is searched by meaning, is not "
            "there any more. Words are still found.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Choose another model for this collection, or download it again."
        ),
        Action.CHOOSE_EMBEDDING_MODEL,
    ),
    ErrorCode.EMBEDDING_MODEL_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The search model does not work"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} cannot be used to search by meaning.{because} Words are still found.",
        ),
        QT_TRANSLATE_NOOP("messages", "Choose another model for this collection."),
        Action.CHOOSE_EMBEDDING_MODEL,
    ),
    ErrorCode.DOCUMENT_INDEX_DAMAGED: Message(
        QT_TRANSLATE_NOOP("messages", "The index is made anew"),
        QT_TRANSLATE_NOOP(
            "messages",
            "What Quillhouse had noted about your documents could not be read. Your "
            "files are untouched; the damaged index was kept as {path}.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Nothing needs to be done: the documents are read again by themselves."
        ),
        Action.SHOW_DOCUMENTS,
    ),
    ErrorCode.COLLECTION_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "These documents were removed"),
        QT_TRANSLATE_NOOP("messages", "This chat asks a collection that is no longer there."),
        QT_TRANSLATE_NOOP(
            "messages", "Choose another collection below the message, or ask without documents."
        ),
        Action.SHOW_DOCUMENTS,
    ),
}
