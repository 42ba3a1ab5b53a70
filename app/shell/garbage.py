"""Python's search for garbage, in the window's thread only.

By itself Python searches in whatever thread has just made many objects. A widget found there
would be destroyed there, and Qt allows that only in the thread in which an object lives.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 1000


class GarbageCollector(QObject):
    """Searches when Python would have, but from the event loop of the thread it lives in.

    Args:
        parent: the owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Search from now on; what is there already stays until the end."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    @Slot()
    def _collect(self) -> None:
        """Search the oldest generation that is due, which takes the younger ones along."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
