"""What the window knows of the engine, and what it says while a model is being loaded."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.core.errors import Failure
from app.core.events import EngineState, EngineStatus, LoadProgress
from app.ui.quantities import count_text

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class EnginePicture:
    """The engine as far as it has told.

    Attributes:
        status: None until the engine has said anything.
        loading: how far the model being loaded is; None before that is known.
        is_given_up: it cannot be started; the user has been asked what to do.
        load_failure: why the model that was wanted last is not there; past once one is.
    """

    status: EngineStatus | None = None
    loading: LoadProgress | None = None
    is_given_up: bool = False
    load_failure: Failure | None = None

    def with_status(self, status: EngineStatus) -> "EnginePicture":
        """Give the picture after the engine has told what it does."""
        loading = self.loading if status.is_loading else None
        told = EnginePicture(status, loading, load_failure=self.load_failure)
        return replace(told, load_failure=None) if told._has_or_awaits_model else told

    @property
    def is_starting(self) -> bool:
        """Whether it is not there yet, or comes back."""
        starting = {EngineState.STARTING, EngineState.LOST}
        return self.status is None or self.status.state in starting

    @property
    def is_loading(self) -> bool:
        """Whether a model is being loaded."""
        return self.status is not None and self.status.is_loading

    @property
    def _has_or_awaits_model(self) -> bool:
        return self.is_loading or (self.status is not None and self.status.model is not None)

    @property
    def has_no_model(self) -> bool:
        """Whether nothing can be answered until the user chooses a model."""
        status = self.status
        return status is not None and not self.is_starting and status.model is None


def loading_text(progress: LoadProgress | None) -> str:
    """Say that a model is being loaded, and how much of it is done."""
    if progress is None:
        return translate("Waiting", "Getting the model ready…")
    percent = count_text(round(progress.fraction * 100))
    return translate("Waiting", "Getting the model ready… {percent} %").format(percent=percent)
