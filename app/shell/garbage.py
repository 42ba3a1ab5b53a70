"""Python's search for garbage, in the window's thread only, and when nobody feels it.

By itself Python searches in whatever thread has just made many objects. A widget found there
would be destroyed there, and Qt allows that only in the thread in which an object lives.

A search takes about half a microsecond for each object that it looks at. What was made just now
is looked at soon; a search that takes longer waits for a moment in which the user does nothing.
"""

import gc
import time

from PySide6.QtCore import QObject, QPoint, QRectF, QTimer, Slot
from PySide6.QtGui import QCursor, QGuiApplication

INTERVAL_MS = 500
STILL_S = 2.0
"""So long the user has neither typed nor moved or pressed the mouse when a long search begins."""
AFFORDABLE = 10_000
"""New objects that are looked at while the user works: 5 ms."""
MANY = 500_000
"""New objects that are looked at in any case, lest memory runs out: garbage may hold much."""
SEARCHES_BEFORE_MIDDLE = 10
SEARCHES_BEFORE_FULL = 100
"""As often as Python would by itself."""
SETTLED_S = 10.0
"""From its start on the window makes what stays until its end, its other pages for example. That
is never looked at: it took 50 ms, and one object in twenty was garbage."""


class GarbageCollector(QObject):
    """Searches when Python would have, but from the event loop of the thread it lives in.

    Args:
        parent: the owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._n_since_middle = self._n_since_full = 0
        self._settles_at_s = 0.0
        self._is_settled = False
        self._seen: tuple[QPoint, bool, QRectF] | None = None
        self._seen_s = 0.0
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Search from now on; what is there already stays until the end."""
        gc.disable()
        gc.freeze()
        self._settles_at_s = time.monotonic() + SETTLED_S
        self._timer.start()

    @Slot()
    def _collect(self) -> None:
        """Search as far as this moment allows."""
        n_new = gc.get_count()[0]
        is_still = self._is_still()
        if not self._is_settled:
            self._settle()
        elif is_still and self._n_since_full >= SEARCHES_BEFORE_FULL:
            self._search(2)
        elif is_still and self._n_since_middle >= SEARCHES_BEFORE_MIDDLE:
            self._search(1)
        elif n_new > gc.get_threshold()[0] and (is_still or not AFFORDABLE < n_new <= MANY):
            self._search(0)

    def _settle(self) -> None:
        """Pass over for ever what has been made by now, once all is there."""
        if time.monotonic() >= self._settles_at_s:
            self._is_settled = True
            gc.freeze()

    def _search(self, generation: int) -> None:
        """Look at the objects of a generation and of the younger ones."""
        gc.collect(generation)
        self._n_since_middle = 0 if generation else self._n_since_middle + 1
        self._n_since_full = 0 if generation == 2 else self._n_since_full + 1  # noqa: PLR2004

    def _is_still(self) -> bool:
        """Say whether the user has done nothing for a while."""
        # To hear of every event would take longer than to look now and then.
        caret = QGuiApplication.inputMethod().cursorRectangle()
        is_pressed = bool(QGuiApplication.mouseButtons().value)
        seen = QCursor.pos(), is_pressed, caret
        if seen != self._seen or is_pressed:
            self._seen, self._seen_s = seen, time.monotonic()
        return time.monotonic() - self._seen_s >= STILL_S
