"""How much of the computer the index may take now: chats and the battery come first."""

import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.computer import Power
from app.core.errors import Failure
from app.core.events import EngineState, EngineStatus
from app.machine.power import read_power
from app.worker.background_jobs import BackgroundJobs
from app.worker.signal_types import signal

POWER_MS = 30_000
"""How often it is looked where the power comes from."""
LOW_PERCENT = 20
"""No vectors are made on a battery with less."""
REST_FACTOR = 9
"""Work that goes slowly rests so many times as long as it lasts."""
LONGEST_REST_S = 60.0
WINDOW_S = 30.0
"""Speeds are those of so many last seconds."""
LEAST_S = 2.0
"""No speed is told before."""


class IndexPace(QObject):
    """Knows whether a chat is being answered, and where the power comes from.

    Args:
        owner: moves to its thread with it.

    Signals:
        changed: vectors may be made faster, slower or not at all now.
    """

    changed = signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._jobs = BackgroundJobs("document-power", 1, self)
        self._power = Power()
        self._is_chatting = self._on_battery_too = False
        self._timer = QTimer(self)
        self._timer.setInterval(POWER_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_chatting(self) -> bool:
        """Whether a chat is being answered or a model for it loaded."""
        return self._is_chatting

    @property
    def is_held(self) -> bool:
        """Whether no vectors are made now."""
        percent = self._power.battery_percent
        is_low = percent is not None and percent < LOW_PERCENT
        return self._is_chatting or (self._is_slow and is_low)

    @property
    def is_half_speed(self) -> bool:
        """Whether vectors are made half of the time only."""
        return self._is_slow

    @property
    def waits_for(self) -> str:
        """Give why it is slower than it could be, as in `IndexProgress`."""
        if self._is_chatting:
            return "chat"
        return "battery" if self._is_slow else ""

    @property
    def _is_slow(self) -> bool:
        return bool(self._power.is_on_battery) and not self._on_battery_too

    def begin(self) -> None:
        """Watch the power from now on."""
        self._timer.start()
        self._look()

    def take_engine(self, status: EngineStatus) -> None:
        """Take what the engine does for chats."""
        self._is_chatting = status.state is EngineState.BUSY or status.is_loading
        self.changed.emit()

    def set_on_battery_too(self, *, on_battery_too: bool) -> None:
        """Take whether the battery is to be spared."""
        self._on_battery_too = on_battery_too
        self.changed.emit()

    def take_power(self, power: Power) -> None:
        """Take where the power comes from."""
        if power != self._power:
            self._power = power
            self.changed.emit()

    def close(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._jobs.close()

    @Slot()
    def _look(self) -> None:
        self._jobs.run(read_power, self.take_power, self._take_unknown)

    def _take_unknown(self, _failure: Failure) -> None:
        self.take_power(Power())


class Stretches(QObject):
    """Lets work go slowly: each stretch of it is followed by a rest many times as long.

    Args:
        owner: moves to its thread with it.

    Signals:
        rest_ended: work may go on.
    """

    rest_ended = signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._is_slow = False
        self._began_s = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._end_rest)

    @property
    def is_resting(self) -> bool:
        """Whether nothing is to be begun now."""
        return self._timer.isActive()

    def set_slow(self, *, is_slow: bool) -> None:
        """Rest after each stretch from now on, or no more."""
        self._is_slow = is_slow
        if not is_slow and self._timer.isActive():
            self._timer.stop()
            self._end_rest()

    def begin(self) -> None:
        """Note that work begins."""
        self._began_s = time.monotonic()

    def end(self) -> bool:
        """Note that a stretch of work has ended; say whether a rest follows."""
        if self._is_slow:
            rest_s = min(LONGEST_REST_S, REST_FACTOR * (time.monotonic() - self._began_s))
            self._timer.start(round(rest_s * 1000))
        return self._is_slow

    def close(self) -> None:
        """Rest no more, and say nothing."""
        self._timer.stop()

    @Slot()
    def _end_rest(self) -> None:
        self.rest_ended.emit()


class Speed:
    """How fast something goes, from how much was done when."""

    def __init__(self) -> None:
        self._done: deque[tuple[float, float]] = deque()

    def add(self, amount: float) -> None:
        """Note that so much more was done."""
        now_s = time.monotonic()
        self._done.append((now_s, amount))
        while self._done[0][0] < now_s - WINDOW_S:
            self._done.popleft()

    def per_second(self) -> float | None:
        """Give the speed; None until it is known."""
        if not self._done:
            return None
        elapsed_s = time.monotonic() - self._done[0][0]
        total = sum(amount for _, amount in self._done)
        return total / elapsed_s if elapsed_s >= LEAST_S and total else None

    def forget(self) -> None:
        """Begin anew, after standing still."""
        self._done.clear()
