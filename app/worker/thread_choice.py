"""How many threads vectors are made with: all there are, or one that waits for nobody."""

PROBE_EVERY = 40
"""After so many pieces of work it is tried again whether the other way is faster now."""
PROBES = 2
"""Pieces of work that are done for a try."""
NEW_PART = 0.4
"""How much the latest measurement counts."""


class ThreadChoice:
    """Learns which number of threads is the faster one at present.

    Threads of one computation wait for each other by spinning. When other programs need the
    processor, two of them on two cores take ten to thirty times as long as on a quiet computer;
    a single one takes twice as long.

    Args:
        n_most: threads on a quiet computer.
    """

    def __init__(self, n_most: int) -> None:
        self._ways = (n_most, 1) if n_most > 1 else (1,)
        self._speeds: dict[int, float] = {}
        self._n_done = 0

    @property
    def n_threads(self) -> int:
        """Threads for the next piece of work."""
        best = max(self._ways, key=lambda one: self._speeds.get(one, 0.0))
        others = [one for one in self._ways if one != best]
        is_unknown = self._n_done >= PROBES and len(self._speeds) < len(self._ways)
        is_due = self._n_done >= PROBE_EVERY and self._n_done % PROBE_EVERY < PROBES
        return others[0] if others and (is_unknown or is_due) else best

    def learn(self, n_threads: int, n_characters: int, compute_s: float) -> None:
        """Note how long a piece of work has taken.

        Args:
            n_threads: with which it was done.
            n_characters: of its texts.
            compute_s: by the clock.
        """
        self._n_done += 1
        if compute_s > 0:
            speed = n_characters / compute_s
            known = self._speeds.get(n_threads, speed)
            self._speeds[n_threads] = known + NEW_PART * (speed - known)
