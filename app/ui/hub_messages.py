"""What the user reads when the network, a download or a file of another program fails."""

from app.core.errors import ErrorCode
from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.message import Action, Message

HUB_MESSAGES: dict[ErrorCode, Message] = {
    ErrorCode.OFFLINE: Message(
        QT_TRANSLATE_NOOP("messages", "Quillhouse is offline"),
        QT_TRANSLATE_NOOP(
            "messages", "Nothing was asked for, because the network is switched off in Quillhouse."
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Switch it on to go on; everything that leaves this computer is written down"
            " for you to see.",
        ),
        Action.GO_ONLINE,
    ),
    ErrorCode.NO_CONNECTION: Message(
        QT_TRANSLATE_NOOP("messages", "No connection"),
        QT_TRANSLATE_NOOP("messages", "{host} cannot be reached.{because}"),
        QT_TRANSLATE_NOOP("messages", "Check the internet connection. What has arrived is kept."),
        Action.TRY_AGAIN,
    ),
    ErrorCode.PROXY_FAILED: Message(
        QT_TRANSLATE_NOOP("messages", "The proxy does not answer"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The proxy {host} between this computer and the internet cannot be used.{because}",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Check the proxy in the settings, or ask who looks after your network."
        ),
        Action.NETWORK_SETTINGS,
    ),
    ErrorCode.CERTIFICATE_REFUSED: Message(
        QT_TRANSLATE_NOOP("messages", "The connection cannot be trusted"),
        QT_TRANSLATE_NOOP(
            "messages", "{host} could not prove who it is, so nothing was sent.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "If your network checks what passes through it, ask for its certificate file"
            " and choose it in the settings.",
        ),
        Action.NETWORK_SETTINGS,
    ),
    ErrorCode.SIGN_IN_PAGE: Message(
        QT_TRANSLATE_NOOP("messages", "Sign in to the network first"),
        QT_TRANSLATE_NOOP(
            "messages",
            "Something between this computer and {host} answered instead, as the sign-in"
            " page of a hotel does.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Open any page in your browser, sign in there, and try again."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.SERVER_SILENT: Message(
        QT_TRANSLATE_NOOP("messages", "The server stopped answering"),
        QT_TRANSLATE_NOOP("messages", "{host} sent nothing for a while."),
        QT_TRANSLATE_NOOP("messages", "What has arrived is kept. Try again in a moment."),
        Action.TRY_AGAIN,
    ),
    ErrorCode.SERVER_FAILED: Message(
        QT_TRANSLATE_NOOP("messages", "The server has a problem"),
        QT_TRANSLATE_NOOP("messages", "{host} answered with an error.{because}"),
        QT_TRANSLATE_NOOP(
            "messages", "That is not your fault. Try again later; what has arrived is kept."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.RATE_LIMITED: Message(
        QT_TRANSLATE_NOOP("messages", "Asked too often"),
        QT_TRANSLATE_NOOP(
            "messages", "{host} takes no more questions from this connection for {seconds}."
        ),
        QT_TRANSLATE_NOOP("messages", "Wait a moment and try again."),
        Action.TRY_AGAIN,
    ),
    ErrorCode.REPOSITORY_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "This model is not there"),
        QT_TRANSLATE_NOOP(
            "messages", "There is no model {repo_id} on Hugging Face, or it is private."
        ),
        QT_TRANSLATE_NOOP("messages", "Check the name, or choose another model."),
        Action.SHOW_MODELS,
    ),
    ErrorCode.REVISION_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "This version is gone"),
        QT_TRANSLATE_NOOP(
            "messages", "The version of {repo_id} that Quillhouse knows has been removed."
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Open the model's page to see what there is now, or choose another model."
        ),
        Action.OPEN_MODEL_PAGE,
    ),
    ErrorCode.REMOTE_FILE_MISSING: Message(
        QT_TRANSLATE_NOOP("messages", "The Hub has no such file"),
        QT_TRANSLATE_NOOP("messages", "{repo_id} no longer has {file_name}."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open the model's page to see what there is now, or choose another version.",
        ),
        Action.OPEN_MODEL_PAGE,
    ),
    ErrorCode.NO_MODEL_FILES: Message(
        QT_TRANSLATE_NOOP("messages", "Nothing to download here"),
        QT_TRANSLATE_NOOP(
            "messages", "{repo_id} has no model in the GGUF format, the one that Quillhouse uses."
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Search for its name together with “GGUF”: others often convert it."
        ),
        Action.SHOW_MODELS,
    ),
    ErrorCode.ACCESS_NEEDED: Message(
        QT_TRANSLATE_NOOP("messages", "The publisher wants to be asked"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{repo_id} can be downloaded only after its terms are accepted on its page.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Accept them there, make an access token of the kind “read”, and enter it here.",
        ),
        Action.OPEN_MODEL_PAGE,
    ),
    ErrorCode.ACCESS_REFUSED: Message(
        QT_TRANSLATE_NOOP("messages", "No access yet"),
        QT_TRANSLATE_NOOP("messages", "Your account may not download {repo_id}, or not yet."),
        QT_TRANSLATE_NOOP(
            "messages", "Open its page to accept the terms or to see how your request stands."
        ),
        Action.OPEN_MODEL_PAGE,
    ),
    ErrorCode.TOKEN_REFUSED: Message(
        QT_TRANSLATE_NOOP("messages", "The token is not accepted"),
        QT_TRANSLATE_NOOP("messages", "The Hub does not know this access token, or it has ended."),
        QT_TRANSLATE_NOOP(
            "messages", "Make a new one of the kind “read” in your account, and enter it."
        ),
        Action.ENTER_TOKEN,
    ),
    ErrorCode.KEYRING_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The token cannot be kept"),
        QT_TRANSLATE_NOOP(
            "messages",
            "This system has no safe place for passwords that Quillhouse may use.{because}",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Unlock or set up the system's keyring, then try again. Tokens are never"
            " written to a file.",
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.REPOSITORY_DISABLED: Message(
        QT_TRANSLATE_NOOP("messages", "This model is blocked"),
        QT_TRANSLATE_NOOP("messages", "The Hub has closed access to {repo_id}."),
        QT_TRANSLATE_NOOP("messages", "Choose another model."),
        Action.SHOW_MODELS,
    ),
    ErrorCode.NOT_VERIFIABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The download could not be checked"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The Hub gives no size and checksum for {file_name}, so Quillhouse cannot tell"
            " whether it arrives undamaged.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Choose another version, or another source of the same model."
        ),
        Action.SHOW_MODELS,
    ),
    ErrorCode.DOWNLOAD_DAMAGED: Message(
        QT_TRANSLATE_NOOP("messages", "The file arrives damaged"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} came twice with other contents than Hugging Face promises. It was not"
            " kept.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Something on the way changes it. Try again later or from another network."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.ANSWER_UNREADABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The answer makes no sense"),
        QT_TRANSLATE_NOOP(
            "messages", "{host} answered something that Quillhouse does not understand.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages", "Try again. If it stays so, look for a newer version of Quillhouse."
        ),
        Action.TRY_AGAIN,
    ),
    ErrorCode.DISK_TOO_SMALL: Message(
        QT_TRANSLATE_NOOP("messages", "Not enough room on the disk"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{needed_bytes} more are needed on the disk of {path}; {available_bytes} are free.",
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "Make room, and the download goes on where it stopped; or choose a smaller"
            " version or another folder.",
        ),
        Action.DOWNLOAD_SETTINGS,
    ),
    ErrorCode.FILE_TOO_LARGE_FOR_DISK: Message(
        QT_TRANSLATE_NOOP("messages", "Too large for this disk"),
        QT_TRANSLATE_NOOP(
            "messages",
            "{file_name} has {needed_bytes}, and disks formatted as FAT32, like that of"
            " {path}, hold files up to 4 GB only.",
        ),
        QT_TRANSLATE_NOOP("messages", "Choose a folder on another disk, or a smaller version."),
        Action.DOWNLOAD_SETTINGS,
    ),
    ErrorCode.FILE_NAME_REFUSED: Message(
        QT_TRANSLATE_NOOP("messages", "This file name is not safe"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The repository calls a file {file_name}, which could lead out of the models"
            " folder. Nothing was written.",
        ),
        QT_TRANSLATE_NOOP("messages", "Choose another source of the same model."),
        Action.SHOW_MODELS,
    ),
    ErrorCode.FOLDER_ABSENT: Message(
        QT_TRANSLATE_NOOP("messages", "The models folder is away"),
        QT_TRANSLATE_NOOP("messages", "{path} is not there or does not answer now.{because}"),
        QT_TRANSLATE_NOOP(
            "messages",
            "Connect its disk, and the download goes on where it stopped; or choose another"
            " folder.",
        ),
        Action.DOWNLOAD_SETTINGS,
    ),
    ErrorCode.ALREADY_DOWNLOADING: Message(
        QT_TRANSLATE_NOOP("messages", "It is in the queue already"),
        QT_TRANSLATE_NOOP("messages", "{file_name} is being downloaded."),
        QT_TRANSLATE_NOOP("messages", "See how far it is on the page of downloads."),
        Action.SHOW_DOWNLOADS,
    ),
    ErrorCode.SETTING_UNUSABLE: Message(
        QT_TRANSLATE_NOOP("messages", "A network setting cannot be used"),
        QT_TRANSLATE_NOOP("messages", "What stands in the settings for {reason} cannot be used."),
        QT_TRANSLATE_NOOP("messages", "Correct it in the settings."),
        Action.NETWORK_SETTINGS,
    ),
    ErrorCode.TOKEN_NOT_FOR_MIRROR: Message(
        QT_TRANSLATE_NOOP("messages", "No token for a mirror"),
        QT_TRANSLATE_NOOP(
            "messages",
            "The settings name {host} as the model hub, and a token is shown to huggingface.co"
            " only.",
        ),
        QT_TRANSLATE_NOOP(
            "messages", "To use a token, empty the address of the model hub in the settings."
        ),
        Action.NETWORK_SETTINGS,
    ),
    ErrorCode.FILE_NOT_OURS: Message(
        QT_TRANSLATE_NOOP("messages", "Quillhouse deletes only its own files"),
        QT_TRANSLATE_NOOP("messages", "{path} belongs to another program."),
        QT_TRANSLATE_NOOP("messages", "Delete it there, or take it off the list here."),
        Action.OPEN_FOLDER,
    ),
    ErrorCode.LINK_IMPOSSIBLE: Message(
        QT_TRANSLATE_NOOP("messages", "This file cannot be kept"),
        QT_TRANSLATE_NOOP(
            "messages", "{file_name} cannot get a second name in the models folder.{because}"
        ),
        QT_TRANSLATE_NOOP(
            "messages",
            "It must be on the same disk as the models folder. You can choose that folder"
            " in the settings.",
        ),
        Action.DOWNLOAD_SETTINGS,
    ),
    ErrorCode.FOLDER_UNREADABLE: Message(
        QT_TRANSLATE_NOOP("messages", "The folder cannot be read"),
        QT_TRANSLATE_NOOP("messages", "Quillhouse may not look into {path}.{because}"),
        QT_TRANSLATE_NOOP("messages", "Allow it, or choose another folder."),
        Action.OPEN_FOLDER,
    ),
}
