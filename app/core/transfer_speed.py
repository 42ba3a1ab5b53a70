"""How fast bytes arrive, and how long the rest will take: honestly, or not at all."""

import math

SMOOTHING_S = 5.0
"""Time after which a change of speed shows by two thirds."""
SILENCE_S = 3.0
"""With nothing for this long no time left is told: nobody knows it."""
LEARNING_S = 2.0
"""What the first moments would promise changes too fast to be of use."""


class TransferSpeed:
    """A smoothed speed (exponentially weighted over time), and what follows from it.

    Times are seconds of a clock that never goes back; sizes are bytes.
    """

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._noted_s = 0.0
        self._arrived_s = 0.0
        self._done_bytes = 0
        self._smoothed = 0.0

    def note(self, done_bytes: int, now_s: float) -> None:
        """Take in how many bytes are there now; fewer than before begins anew."""
        if self._began_s is None or done_bytes < self._done_bytes:
            self._began_s = self._noted_s = self._arrived_s = now_s
            self._done_bytes, self._smoothed = done_bytes, 0.0
            return
        passed_s = now_s - self._noted_s
        if passed_s <= 0.0:
            return
        n_bytes = done_bytes - self._done_bytes
        weight = 1.0 - math.exp(-passed_s / SMOOTHING_S)
        self._smoothed += weight * (n_bytes / passed_s - self._smoothed)
        self._noted_s, self._done_bytes = now_s, done_bytes
        if n_bytes:
            self._arrived_s = now_s

    def bytes_per_s(self, now_s: float) -> float:
        """Give the speed; 0 when nothing arrives."""
        if self._began_s is None or now_s - self._arrived_s >= SILENCE_S:
            return 0.0
        # The average began at zero; what is missing of its weight is known.
        known = 1.0 - math.exp(-(self._noted_s - self._began_s) / SMOOTHING_S)
        return self._smoothed / known if known > 0.0 else 0.0

    def seconds_left(self, size_bytes: int, now_s: float) -> float | None:
        """Give how long the rest will take; None while that cannot be told honestly."""
        speed = self.bytes_per_s(now_s)
        if self._began_s is None or now_s - self._began_s < LEARNING_S:
            return None
        if speed <= 0.0 or size_bytes <= self._done_bytes:
            return None
        return (size_bytes - self._done_bytes) / speed
