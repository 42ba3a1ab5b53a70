"""The one table of settings; page, validation and tests come from it."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.network import HUB_ENDPOINT
from app.core.translation import QT_TRANSLATE_NOOP

SettingValue = str | int | float | bool
AUTOMATIC = "automatic"
"""A choice that is left to Quillhouse."""


class SettingKey(StrEnum):
    """Every setting, `group.name`."""

    APPEARANCE = "look.appearance"
    TEXT_SCALE_PERCENT = "look.text_scale_percent"
    ENTER_SENDS = "chat.enter_sends"
    INSTRUCTIONS = "chat.instructions"
    TEMPERATURE = "answer.temperature"
    TOP_K = "answer.top_k"
    TOP_P = "answer.top_p"
    MIN_P = "answer.min_p"
    REPEAT_PENALTY = "answer.repeat_penalty"
    SEED = "answer.seed"
    MAX_TOKENS = "answer.max_tokens"
    N_CTX = "engine.n_ctx"
    KV_TYPE = "engine.kv_type"
    N_THREADS = "engine.n_threads"
    N_GPU_LAYERS = "engine.n_gpu_layers"
    KEEP_FREE_GB = "engine.keep_free_gb"
    SAVED_STATE_LIMIT_MB = "storage.saved_state_limit_mb"
    PROXY = "network.proxy"
    CERTIFICATES = "network.certificates"
    HUB_ENDPOINT = "network.hub_endpoint"
    DOWNLOADS_AT_ONCE = "downloads.at_once"
    SPEED_LIMIT_MB_S = "downloads.speed_limit_mb_s"
    MODELS_FOLDER = "downloads.models_folder"
    IS_OFFLINE = "network.is_offline"
    INDEX_ON_BATTERY = "documents.index_on_battery"
    READ_SCANS = "documents.read_scans"
    MODEL_PATH = "engine.model_path"
    MODELS_VIEW = "look.models_view"
    RAIL_COLLAPSED = "look.rail_collapsed"
    WINDOW_PLACE = "look.window_place"


class SettingGroup(StrEnum):
    """Sections of the settings page, in order; HIDDEN ones are kept but have no row."""

    LOOK = "look"
    CHAT = "chat"
    ANSWERS = "answers"
    ENGINE = "engine"
    DOCUMENTS = "documents"
    STORAGE = "storage"
    DOWNLOADS = "downloads"
    NETWORK = "network"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        default: also fixes the type.
        title: of the label; this and the other texts are translated where they are shown.
        explanation: one plain sentence.
        choices: allowed values with their labels; empty when a range counts.
        minimum, maximum, step: the allowed range of a number.
        unit: what a number counts; empty if that is plain.
        lowest_words: what the lowest number means, where it is no number; empty if it is one.
        is_advanced: shown only after "Advanced" is opened.
        needs_reload: takes effect when the model is loaded again.
    """

    key: SettingKey
    group: SettingGroup
    default: SettingValue
    title: str = ""
    explanation: str = ""
    choices: tuple[tuple[SettingValue, str], ...] = ()
    minimum: float = 0
    maximum: float = 0
    step: float = 1
    unit: str = ""
    lowest_words: str = ""
    is_advanced: bool = False
    needs_reload: bool = False

    def accepts(self, value: object) -> bool:
        """Say whether `value` has the right type and lies in the range or among the choices."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float) and isinstance(value, int):
            value = float(value)
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return any(value == choice for choice, _ in self.choices)
        if isinstance(value, int | float) and self.maximum > self.minimum:
            return self.minimum <= value <= self.maximum
        return True


SETTINGS: tuple[Setting, ...] = (
    Setting(
        SettingKey.APPEARANCE,
        SettingGroup.LOOK,
        "system",
        QT_TRANSLATE_NOOP("settings", "Colours"),
        QT_TRANSLATE_NOOP("settings", "Follow the system, or always use these."),
        choices=(
            ("system", QT_TRANSLATE_NOOP("settings", "Like the system")),
            ("light", QT_TRANSLATE_NOOP("settings", "Light")),
            ("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
            ("high_contrast", QT_TRANSLATE_NOOP("settings", "High contrast")),
        ),
    ),
    Setting(
        SettingKey.TEXT_SCALE_PERCENT,
        SettingGroup.LOOK,
        100,
        QT_TRANSLATE_NOOP("settings", "Text size"),
        QT_TRANSLATE_NOOP("settings", "Makes all text and controls larger or smaller."),
        minimum=90,
        maximum=200,
        step=10,
        unit="%",
    ),
    Setting(
        SettingKey.ENTER_SENDS,
        SettingGroup.CHAT,
        True,
        QT_TRANSLATE_NOOP("settings", "Enter sends the message"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Shift+Enter then starts a new line. When off, Enter with Ctrl (Cmd on a Mac) sends.",
        ),
    ),
    Setting(
        SettingKey.INSTRUCTIONS,
        SettingGroup.CHAT,
        "",
        QT_TRANSLATE_NOOP("settings", "Instructions for every chat"),
        QT_TRANSLATE_NOOP(
            "settings",
            "For example: answer briefly, in British English. Sent to the model before each chat.",
        ),
    ),
    Setting(
        SettingKey.TEMPERATURE,
        SettingGroup.ANSWERS,
        0.7,
        QT_TRANSLATE_NOOP("settings", "Variety"),
        QT_TRANSLATE_NOOP(
            "settings",
            "0 gives the same, most likely answer each time; higher is freer (temperature).",
        ),
        minimum=0.0,
        maximum=2.0,
        step=0.1,
    ),
    Setting(
        SettingKey.MAX_TOKENS,
        SettingGroup.ANSWERS,
        0,
        QT_TRANSLATE_NOOP("settings", "Longest answer"),
        QT_TRANSLATE_NOOP(
            "settings",
            "A token is about three quarters of a word.",
        ),
        minimum=0,
        maximum=32768,
        step=64,
        unit=QT_TRANSLATE_NOOP("settings", "tokens"),
        lowest_words=QT_TRANSLATE_NOOP("settings", "No limit"),
    ),
    Setting(
        SettingKey.TOP_K,
        SettingGroup.ANSWERS,
        40,
        QT_TRANSLATE_NOOP("settings", "Consider only the likeliest"),
        QT_TRANSLATE_NOOP(
            "settings", "How many of the likeliest next tokens are considered (top-k)."
        ),
        minimum=0,
        maximum=1000,
        lowest_words=QT_TRANSLATE_NOOP("settings", "All"),
        is_advanced=True,
    ),
    Setting(
        SettingKey.TOP_P,
        SettingGroup.ANSWERS,
        0.95,
        QT_TRANSLATE_NOOP("settings", "Stop considering at"),
        QT_TRANSLATE_NOOP(
            "settings", "Only the likeliest tokens that reach this share together (top-p). 1: off."
        ),
        minimum=0.0,
        maximum=1.0,
        step=0.05,
        is_advanced=True,
    ),
    Setting(
        SettingKey.MIN_P,
        SettingGroup.ANSWERS,
        0.05,
        QT_TRANSLATE_NOOP("settings", "Leave out the unlikely"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Leaves out tokens less likely than this share of the likeliest (min-p). 0: off.",
        ),
        minimum=0.0,
        maximum=1.0,
        step=0.01,
        is_advanced=True,
    ),
    Setting(
        SettingKey.REPEAT_PENALTY,
        SettingGroup.ANSWERS,
        1.0,
        QT_TRANSLATE_NOOP("settings", "Avoid repetition"),
        QT_TRANSLATE_NOOP(
            "settings", "Above 1, words already used become less likely (repeat penalty)."
        ),
        minimum=1.0,
        maximum=2.0,
        step=0.05,
        is_advanced=True,
    ),
    Setting(
        SettingKey.SEED,
        SettingGroup.ANSWERS,
        -1,
        QT_TRANSLATE_NOOP("settings", "Seed"),
        QT_TRANSLATE_NOOP("settings", "The same seed and question give the same answer."),
        minimum=-1,
        maximum=2147483647,
        lowest_words=QT_TRANSLATE_NOOP("settings", "New each time"),
        is_advanced=True,
    ),
    Setting(
        SettingKey.N_CTX,
        SettingGroup.ENGINE,
        0,
        QT_TRANSLATE_NOOP("settings", "How much the model remembers"),
        QT_TRANSLATE_NOOP(
            "settings", "The context length. More needs more of the computer's memory."
        ),
        minimum=0,
        maximum=1048576,
        step=1024,
        unit=QT_TRANSLATE_NOOP("settings", "tokens"),
        lowest_words=QT_TRANSLATE_NOOP("settings", "Automatic"),
        needs_reload=True,
    ),
    Setting(
        SettingKey.KV_TYPE,
        SettingGroup.ENGINE,
        AUTOMATIC,
        QT_TRANSLATE_NOOP("settings", "Precision of that memory"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Half precision needs more room but reads long texts faster (KV cache type).",
        ),
        choices=(
            (AUTOMATIC, QT_TRANSLATE_NOOP("settings", "Automatic")),
            ("f16", QT_TRANSLATE_NOOP("settings", "Normal (f16)")),
            ("q8_0", QT_TRANSLATE_NOOP("settings", "Compact (q8_0)")),
        ),
        is_advanced=True,
        needs_reload=True,
    ),
    Setting(
        SettingKey.N_THREADS,
        SettingGroup.ENGINE,
        0,
        QT_TRANSLATE_NOOP("settings", "Processor cores to use"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Threads for writing. Automatic leaves one core to the window.",
        ),
        minimum=0,
        maximum=256,
        lowest_words=QT_TRANSLATE_NOOP("settings", "Automatic"),
        is_advanced=True,
        needs_reload=True,
    ),
    Setting(
        SettingKey.N_GPU_LAYERS,
        SettingGroup.ENGINE,
        -1,
        QT_TRANSLATE_NOOP("settings", "Layers on the graphics card"),
        QT_TRANSLATE_NOOP(
            "settings",
            "0 computes on the processor alone. Needs a build with graphics support; see the"
            " README.",
        ),
        minimum=-1,
        maximum=1000,
        lowest_words=QT_TRANSLATE_NOOP("settings", "As many as fit"),
        is_advanced=True,
        needs_reload=True,
    ),
    Setting(
        SettingKey.KEEP_FREE_GB,
        SettingGroup.ENGINE,
        0.0,
        QT_TRANSLATE_NOOP("settings", "Memory to keep free for other programs"),
        QT_TRANSLATE_NOOP(
            "settings", "Models are chosen and placed so that at least this much stays free."
        ),
        minimum=0.0,
        maximum=512.0,
        step=0.5,
        unit="GB",
        lowest_words=QT_TRANSLATE_NOOP("settings", "Automatic"),
        needs_reload=True,
    ),
    Setting(
        SettingKey.READ_SCANS,
        SettingGroup.DOCUMENTS,
        True,
        QT_TRANSLATE_NOOP("settings", "Read scanned pages"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Recognises text in pictures of pages with the program Tesseract, if it is installed.",
        ),
    ),
    Setting(
        SettingKey.INDEX_ON_BATTERY,
        SettingGroup.DOCUMENTS,
        False,
        QT_TRANSLATE_NOOP("settings", "Full speed on battery"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Reads new documents as fast as when plugged in, which empties the battery sooner.",
        ),
    ),
    Setting(
        SettingKey.SAVED_STATE_LIMIT_MB,
        SettingGroup.STORAGE,
        2048,
        QT_TRANSLATE_NOOP("settings", "Room for instant reopening"),
        QT_TRANSLATE_NOOP(
            "settings",
            "What the model remembers of each chat is kept on disk, so that long chats go on at "
            "once. The oldest are removed first.",
        ),
        minimum=0,
        maximum=1048576,
        step=256,
        unit="MB",
        lowest_words=QT_TRANSLATE_NOOP("settings", "Keep none"),
    ),
    Setting(
        SettingKey.DOWNLOADS_AT_ONCE,
        SettingGroup.DOWNLOADS,
        2,
        QT_TRANSLATE_NOOP("settings", "Files downloaded at a time"),
        QT_TRANSLATE_NOOP("settings", "The others wait in the queue."),
        minimum=1,
        maximum=4,
    ),
    Setting(
        SettingKey.SPEED_LIMIT_MB_S,
        SettingGroup.DOWNLOADS,
        0.0,
        QT_TRANSLATE_NOOP("settings", "Speed limit"),
        QT_TRANSLATE_NOOP(
            "settings", "For all downloads together, so that others on the same line can work."
        ),
        minimum=0.0,
        maximum=1000.0,
        step=0.5,
        unit="MB/s",
        lowest_words=QT_TRANSLATE_NOOP("settings", "No limit"),
    ),
    Setting(
        SettingKey.MODELS_FOLDER,
        SettingGroup.DOWNLOADS,
        "",
        QT_TRANSLATE_NOOP("settings", "Folder for downloaded models"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Plain folders and files that other programs can use too. Empty: in the data folder."
            " Models that are there already stay where they are.",
        ),
    ),
    Setting(
        SettingKey.PROXY,
        SettingGroup.NETWORK,
        "",
        QT_TRANSLATE_NOOP("settings", "Proxy"),
        QT_TRANSLATE_NOOP(
            "settings", "For example http://proxy.school.example:3128. Empty: as the system says."
        ),
        is_advanced=True,
    ),
    Setting(
        SettingKey.CERTIFICATES,
        SettingGroup.NETWORK,
        "",
        QT_TRANSLATE_NOOP("settings", "Further certificates"),
        QT_TRANSLATE_NOOP(
            "settings",
            "A file (.pem) from your administrator, where the network checks what passes through"
            " it. Certificates of the system are used anyway.",
        ),
        is_advanced=True,
    ),
    Setting(
        SettingKey.HUB_ENDPOINT,
        SettingGroup.NETWORK,
        HUB_ENDPOINT,
        QT_TRANSLATE_NOOP("settings", "Address of the model hub"),
        QT_TRANSLATE_NOOP(
            "settings",
            "Change it only to a mirror that you trust. Your token is never sent to a mirror.",
        ),
        is_advanced=True,
    ),
    Setting(SettingKey.IS_OFFLINE, SettingGroup.HIDDEN, True),
    Setting(SettingKey.MODEL_PATH, SettingGroup.HIDDEN, ""),
    Setting(SettingKey.MODELS_VIEW, SettingGroup.HIDDEN, ""),
    Setting(SettingKey.RAIL_COLLAPSED, SettingGroup.HIDDEN, False),
    Setting(SettingKey.WINDOW_PLACE, SettingGroup.HIDDEN, ""),
)

DEFAULTS: dict[SettingKey, SettingValue] = {row.key: row.default for row in SETTINGS}
_BY_KEY = {row.key: row for row in SETTINGS}


def setting(key: SettingKey) -> Setting:
    """Give the row of `key`."""
    return _BY_KEY[key]
