"""The choice to download the part of a model that reads pictures as well."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.core.candidate import Candidate, RemoteFile
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.worker.signal_types import signal


class ProjectorPart(QWidget):
    """A box to tick, where the repository has such a part.

    Signals:
        changed: it was ticked, or no longer.
    """

    changed = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._projector: RemoteFile | None = None
        self._key = ""
        self._box = QCheckBox()
        self._box.toggled.connect(self._on_toggled)
        note = label(
            self.tr(
                "For other programs that use the same file: this version of Quillhouse reads text"
                " only."
            ),
            "faint",
            wraps=True,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._box)
        layout.addWidget(note)
        self.hide()

    @property
    def chosen(self) -> RemoteFile | None:
        """The part, if it is wanted."""
        is_wanted = self._projector is not None and self._box.isChecked()
        return self._projector if is_wanted else None

    def show_candidate(self, candidate: Candidate) -> None:
        """Offer the part of a model; a choice made for another one does not count."""
        if candidate.repo_id != self._key:
            self._key = candidate.repo_id
            self._box.setChecked(False)
        self._projector = min(
            candidate.projectors, key=lambda one: one.size_bytes or 1 << 62, default=None
        )
        self.setVisible(self._projector is not None)
        if self._projector is None:
            return
        text = self.tr("Also the part that reads pictures")
        if self._projector.size_bytes:
            size = bytes_text(self._projector.size_bytes)
            text = self.tr("Also the part for pictures ({size})").format(size=size)
        self._box.setText(text)
        self._box.setAccessibleName(text)

    @Slot(bool)
    def _on_toggled(self, _is_checked: bool) -> None:  # noqa: FBT001 - Qt slot
        """The box was ticked, or no longer."""
        self.changed.emit()
