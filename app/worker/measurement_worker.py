"""Keeps what was measured of this computer and of models on it."""

from PySide6.QtCore import QObject, Slot

from app.core import events, fit_events
from app.core.errors import Failure
from app.core.fit.learning import Run
from app.store.database import Database
from app.store.measurements import Measurements
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded


class MeasurementWorker(QObject):
    """Stores measurements, and says what is known after each.

    Lives on the store's thread and uses the database that `ConversationWorker` opens there.

    Signals:
        measurements_changed: everything that is known, at start and after each change.
        store_failed: something could not be stored or read.
    """

    measurements_changed = signal_of(fit_events.Measurements)
    store_failed = signal_of(events.StoreFailed)

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._measurements = Measurements(database)

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.store_failed.emit(events.StoreFailed(failure))

    @Slot()
    @guarded
    def open(self) -> None:
        """Say what is known, as soon as there is a database."""
        self._database.when_open(self._report_measurements)

    @Slot(object)
    @guarded
    def keep_calibration(self, calibrated: fit_events.Calibrated) -> None:
        """Keep a calibration."""
        if self._database.is_open:
            self._measurements.keep_calibration(calibrated.calibration)
            self._report_measurements()

    @Slot(object)
    @guarded
    def learn(self, run: Run) -> None:
        """Take a real run into account."""
        # Without a database nothing can be kept, and the user has been told.
        if self._database.is_open:
            self._measurements.learn(run)
            self._report_measurements()

    @Slot(object)
    @guarded
    def want_context(self, request: fit_events.ContextRequest) -> None:
        """Remember how long a context the user wants for a model."""
        self._measurements.want_context(request.path, request.n_ctx)
        self._report_measurements()

    @guarded
    def _report_measurements(self) -> None:
        stored = self._measurements
        self.measurements_changed.emit(
            fit_events.Measurements(
                stored.calibrations(), stored.records(), stored.wanted_contexts()
            )
        )
