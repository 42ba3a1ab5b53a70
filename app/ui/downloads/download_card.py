"""One download on its page."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.core.download import Download, DownloadState
from app.core.events import LoadRequest
from app.core.hub_events import DownloadCommand, DownloadVerb
from app.ui.downloads import download_words as words
from app.ui.downloads.failure_part import FailurePart
from app.ui.message import Action, ActionRequest
from app.ui.quantities import BYTES_PER_MB, bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.confirm_dialog import ConfirmDialog
from app.ui.widgets.foreign_text import breakable_text
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.steady_line import SteadyLine
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

ASK_FROM_BYTES = BYTES_PER_MB
"""Who cancels is asked first when at least so much would have to be downloaded again."""
_PAUSABLE = frozenset(
    {
        DownloadState.QUEUED,
        DownloadState.CHECKING,
        DownloadState.DOWNLOADING,
        DownloadState.WAITING,
    }
)
_VERBS = {
    **dict.fromkeys(_PAUSABLE, DownloadVerb.PAUSE),
    DownloadState.PAUSED: DownloadVerb.RESUME,
    DownloadState.FAILED: DownloadVerb.RETRY,
}
"""What the large button does in each state; where none stands here it uses the model."""


class DownloadCard(QFrame):
    """Name, state, bar, a line of words, what went wrong, and what can be done.

    Signals:
        command_requested: do something with this download.
        load_requested: use the model.
        show_in_folder_requested: show where its file lies.
        action_requested: the button of what went wrong was pressed.
    """

    command_requested = signal_of(DownloadCommand)
    load_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)
    action_requested = signal_of(ActionRequest)

    def __init__(self, theme: Theme, download: Download) -> None:
        super().__init__()
        self._theme = theme
        self._download = download
        self._question: ConfirmDialog | None = None
        self.setProperty("surface", "card")
        self._name = FlowingLabel("", "heading")
        self._badge = Badge()
        self._source = FlowingLabel("", "dim")
        self._main = TextButton(theme, "")
        self._main.clicked.connect(self._on_main)
        self._up = IconButton(theme, "arrow-up", "")
        self._up.clicked.connect(self._on_up)
        self._down = IconButton(theme, "arrow-down", "")
        self._down.clicked.connect(self._on_down)
        self._folder = IconButton(theme, "folder-open", "")
        self._folder.clicked.connect(self._on_folder)
        self._away = IconButton(theme, "x", "")
        self._away.clicked.connect(self._on_away)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How much has arrived"))
        self._progress = SteadyLine("dim")
        self._failure = FailurePart(theme)
        self._failure.chosen.connect(self._on_action)
        self._note = label("", "faint", wraps=True)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_download(download)

    def _lay_out(self) -> None:
        titles, buttons_part = WrappingRow(self._theme, gap_px=8), QWidget()
        titles.add(self._name)
        titles.add(self._badge)
        buttons = QHBoxLayout(buttons_part)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for button in (self._main, self._up, self._down, self._folder, self._away):
            buttons.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(TwoEndsRow(titles, buttons_part))
        self._column.addWidget(self._source)
        self._column.addSpacing(4)
        for part in (self._bar, self._progress, self._failure, self._note):
            self._column.addWidget(part)

    @property
    def download(self) -> Download:
        """What is shown."""
        return self._download

    @property
    def main_button(self) -> TextButton:
        """Where the keyboard comes to when the card beside is gone."""
        return self._main

    @property
    def outcome_text(self) -> str:
        """How it ended or why it waits, to be read aloud."""
        parts = [words.name_text(self._download.spec), words.state_text(self._download)]
        if self._download.failure is not None:
            parts.append(self._failure.spoken_text)
        return ". ".join(parts)

    def show_download(self, download: Download) -> None:
        """Show how far it is now; whatever stays the same is not touched."""
        is_new_kind = (download.state, download.spec) != (
            self._download.state,
            self._download.spec,
        )
        self._download = download
        if is_new_kind or not self._name.text():
            self._show_kind()
        is_size_known = words.is_size_known(download.spec)
        is_over = download.state is DownloadState.DONE
        self._bar.setVisible(is_size_known and not is_over)
        self._bar.setValue(round(download.fraction * 1000))
        self._progress.say(words.progress_text(download))
        _say(self._note, words.note_text(download))
        is_failed = download.state is DownloadState.FAILED
        is_waiting = download.state is DownloadState.WAITING
        shown = download.failure if is_failed or is_waiting else None
        self._failure.show_failure(shown, is_final=is_failed)
        spoken = words.spoken_text(download)
        if self.accessibleName() != spoken:
            self.setAccessibleName(spoken)

    def show_place(self, *, has_above: bool, has_below: bool) -> None:
        """Say which ways it can move in the queue; the keyboard stays on the other button."""
        had_focus = self._up.hasFocus() or self._down.hasFocus()
        self._up.setEnabled(has_above)
        self._down.setEnabled(has_below)
        is_alone = not has_above and not has_below
        for button in (self._up, self._down):
            button.setVisible(not is_alone)
        if had_focus and not (self._up.hasFocus() or self._down.hasFocus()):
            target = self._up if has_above else self._down if has_below else self._away
            target.setFocus()

    def leave(self) -> None:
        """Ask nothing more: the download is gone."""
        if self._question is not None:
            self._question.reject()

    def _show_kind(self) -> None:
        """Show everything that depends only on what is downloaded and its state."""
        download = self._download
        name = words.name_text(download.spec)
        _say(self._name, breakable_text(name))
        _say(self._source, breakable_text(words.source_text(download.spec)))
        state = download.state
        self._badge.say(words.state_text(download), words.STATE_TONES[state])
        is_over = state is DownloadState.DONE
        self._main.say(self._main_words())
        self._main.setAccessibleDescription(name)
        is_usable = is_over and bool(download.installed_path) and not download.spec.is_embedding
        self._main.setVisible(state in _VERBS or is_usable)
        self._folder.setVisible(is_over and bool(download.installed_path))
        self._up.rename(self.tr("Download {name} earlier").format(name=name))
        self._down.rename(self.tr("Download {name} later").format(name=name))
        self._folder.rename(self.tr("Show {name} in its folder").format(name=name))
        away = self.tr("Take {name} off the list") if is_over else self.tr("Cancel {name}")
        self._away.rename(away.format(name=name))
        if is_over:
            self.leave()

    def _main_words(self) -> str:
        match _VERBS.get(self._download.state):
            case DownloadVerb.PAUSE:
                return self.tr("Pause")
            case DownloadVerb.RESUME:
                return self.tr("Resume")
            case DownloadVerb.RETRY:
                return self.tr("Try again")
            case _:
                return self.tr("Use this model")

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(18), px(14), px(14), px(14))
        self._column.setSpacing(px(6))

    def _command(self, verb: DownloadVerb) -> None:
        self.command_requested.emit(DownloadCommand(verb, self._download.download_id))

    @Slot()
    def _on_main(self) -> None:
        """Pause, resume, try again, or use what has arrived."""
        verb = _VERBS.get(self._download.state)
        if verb is not None:
            self._command(verb)
        elif self._download.installed_path:
            self.load_requested.emit(LoadRequest(Path(self._download.installed_path)))

    @Slot()
    def _on_up(self) -> None:
        """Let it have its turn earlier."""
        self._command(DownloadVerb.UP)

    @Slot()
    def _on_down(self) -> None:
        """Let it have its turn later."""
        self._command(DownloadVerb.DOWN)

    @Slot()
    def _on_folder(self) -> None:
        """Show the file."""
        self.show_in_folder_requested.emit(LoadRequest(Path(self._download.installed_path)))

    @Slot(object)
    def _on_action(self, action: Action) -> None:
        """Try again now, or let the window do what the message offers."""
        if action is Action.TRY_AGAIN:
            self._command(DownloadVerb.RETRY)
            return
        failure = self._download.failure
        path = failure.facts.path if failure is not None else ""
        self.action_requested.emit(ActionRequest(action, self._download.spec.repo_id, path))

    @Slot()
    def _on_away(self) -> None:
        """Take a finished one off the list; cancel another, after asking if that costs much."""
        if self._download.state is DownloadState.DONE:
            self._command(DownloadVerb.DISMISS)
        elif self._download.done_bytes < ASK_FROM_BYTES:
            self._command(DownloadVerb.CANCEL)
        else:
            self._ask()

    def _ask(self) -> None:
        name = words.name_text(self._download.spec)
        text = self.tr(
            "{size} of it have arrived and would be deleted. To go on later instead, pause it."
        )
        self._question = ConfirmDialog(
            self._theme,
            self.tr("Cancel the download of {name}?").format(name=breakable_text(name)),
            text.format(size=bytes_text(self._download.done_bytes)),
            self.tr("Cancel and delete"),
            self.tr("Keep downloading"),
            self.window(),
        )
        self._question.accepted.connect(self._on_cancel)
        self._question.finished.connect(self._on_answered)
        self._question.open()

    @Slot()
    def _on_cancel(self) -> None:
        """It is not wanted any more."""
        if self._download.state is not DownloadState.DONE:
            self._command(DownloadVerb.CANCEL)

    @Slot()
    def _on_answered(self) -> None:
        """Forget the question."""
        if self._question is not None:
            self._question.deleteLater()
            self._question = None


def _say(line: QLabel, text: str) -> None:
    """Show other words, and nothing where there are none."""
    if line.text() != text:
        line.setText(text)
    if line.isHidden() == bool(text):
        line.setVisible(bool(text))
