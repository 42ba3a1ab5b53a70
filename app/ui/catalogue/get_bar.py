"""The button at the foot of a model's page: download it, follow that, or use it."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Slot

from app.core.download import DownloadState
from app.ui.catalogue.foot_bar import FootBar
from app.ui.catalogue.offering import Offering
from app.ui.catalogue.offering_words import download_words
from app.ui.quantities import bytes_text, duration_text
from app.ui.theme import Theme
from app.worker.signal_types import signal


class GetAction(Enum):
    """What the button does."""

    DOWNLOAD = "download"
    FOLLOW = "follow"
    USE = "use"


ICONS = {
    GetAction.DOWNLOAD: "download",
    GetAction.FOLLOW: "chevron-right",
    GetAction.USE: "message-square",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What stands between the user and a download.

    Attributes:
        is_online: the network may be used.
        has_token: an access token is kept.
        is_unfit: this engine cannot run the model.
        further_bytes: what is downloaded besides the model.
        bytes_per_s: how fast the last download was; 0 if there was none yet.
        room_bytes: how much a download may take of the disk; None while it is not known.
    """

    is_online: bool = False
    has_token: bool = False
    is_unfit: bool = False
    further_bytes: int = 0
    bytes_per_s: float = 0.0
    room_bytes: int | None = None


class GetBar(FootBar):
    """One button, with a plain word of warning where one is due.

    Signals:
        download_requested, follow_requested, use_requested: the button was pressed.
    """

    download_requested = signal()
    follow_requested = signal()
    use_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.progress.setAccessibleName(self.tr("Download"))
        self.button.clicked.connect(self._on_button)
        self._action = GetAction.DOWNLOAD

    def show_choice(self, offering: Offering, access: Access) -> None:
        """Offer what can be done with the version that is meant."""
        download = offering.download
        is_under_way = download is not None and offering.installed is None
        has_failed = download is not None and download.state is DownloadState.FAILED
        self.progress.setVisible(is_under_way and not has_failed)
        self.setVisible(offering.version is not None)
        if offering.installed is not None:
            self._show(GetAction.USE, self.tr("Use this model"), "")
        elif download is not None:
            self.show_fraction(download.fraction)
            words = download_words(download)
            if download.state is DownloadState.DOWNLOADING:
                words = self.tr("{percent} downloaded").format(percent=words)
            self._show(GetAction.FOLLOW, self.tr("Show downloads"), words, is_main=False)
        else:
            self._show_download(offering, access)

    def _show_download(self, offering: Offering, access: Access) -> None:
        size_bytes = offering.size_bytes and offering.size_bytes + access.further_bytes
        words = self.tr("Download")
        if size_bytes:
            size = bytes_text(size_bytes)
            text = self.tr("Download {size}")
            if offering.is_size_about:
                text = self.tr("Download about {size}")
            words = text.format(size=size)
        if access.is_unfit:
            note = self.tr("This model cannot run here, so there is no use in downloading it.")
            self._show(GetAction.DOWNLOAD, words, note, is_possible=False)
        elif offering.is_gated and not access.has_token:
            note = self.tr("Its publisher wants to be asked first: see above.")
            self._show(GetAction.DOWNLOAD, words, note, is_possible=False)
        elif offering.is_too_big:
            note = self.tr("It does not fit into this computer's memory and would hardly start.")
            words = self.tr("{download} anyway").format(download=words)
            self._show(GetAction.DOWNLOAD, words, note, is_main=False)
        elif access.room_bytes is not None and size_bytes > access.room_bytes:
            note = self.tr("There is not enough room on the disk: {size} more must be free.")
            missing = bytes_text(size_bytes - access.room_bytes)
            self._show(GetAction.DOWNLOAD, words, note.format(size=missing), is_main=False)
        else:
            self._show(GetAction.DOWNLOAD, words, self._comfort(size_bytes, access))

    def _comfort(self, size_bytes: int, access: Access) -> str:
        """Say what a click brings, and how long it takes if that is known."""
        if not access.is_online:
            return self.tr("Quillhouse asks before it uses the internet.")
        note = self.tr("Downloaded once, checked, then used without the internet.")
        if size_bytes and access.bytes_per_s >= 1:
            text = self.tr("Takes {duration} at the speed of the last download.")
            duration = duration_text(size_bytes / access.bytes_per_s)
            note = f"{text.format(duration=duration)} {note}"
        return note

    def _show(
        self,
        action: GetAction,
        words: str,
        note: str,
        *,
        is_main: bool = True,
        is_possible: bool = True,
    ) -> None:
        self._action = action
        self.warn(note)
        self.button.set_kind("primary" if is_main else "")
        self.button.change_icon(ICONS[action])
        self.button.say(words)
        self.button.setEnabled(is_possible)

    @Slot()
    def _on_button(self) -> None:
        """The button was pressed."""
        match self._action:
            case GetAction.DOWNLOAD:
                self.download_requested.emit()
            case GetAction.FOLLOW:
                self.follow_requested.emit()
            case GetAction.USE:
                self.use_requested.emit()
