"""What a message to the user is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What one button under a message does."""

    CHOOSE_MODEL_FILE = "choose_model_file"
    SHOW_MODELS = "show_models"
    TRY_AGAIN = "try_again"
    NEW_CHAT = "new_chat"
    OPEN_DATA_FOLDER = "open_data_folder"
    GO_ONLINE = "go_online"
    NETWORK_SETTINGS = "network_settings"
    OPEN_MODEL_PAGE = "open_model_page"
    ENTER_TOKEN = "enter_token"  # noqa: S105 - an action, not a secret
    SHOW_DOWNLOADS = "show_downloads"
    DOWNLOAD_SETTINGS = "download_settings"
    OPEN_FOLDER = "open_folder"
    SHOW_DOCUMENTS = "show_documents"
    OCR_HELP = "ocr_help"
    CHOOSE_EMBEDDING_MODEL = "choose_embedding_model"


@dataclass(frozen=True, slots=True)
class Message:
    """What the user reads: a short title, what happened, what to do, and one button."""

    title: str
    what_happened: str
    what_to_do: str
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """The button of a message was pressed.

    Attributes:
        repo_id: the repository that the message is about; empty if none.
        path: the file or folder that it is about; empty if none.
    """

    action: Action
    repo_id: str = ""
    path: str = ""
