"""One question to every file of a collection, as far as it has come."""

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from app.core.document_events import FileAnswersRequest
from app.core.documents.evidence import Passage


@dataclass(slots=True)
class FileRun:
    """The run that goes on.

    Attributes:
        files: that are still to be asked; the first is being asked.
        n_asked: files that were asked since it began or went on, for the time left.
        request_id: of what is being waited for; empty if nothing is.
        passages: that a model was given.
        is_answering: a model is being waited for, not a search.
        text: what it has written so far.
    """

    request: FileAnswersRequest
    n_files: int
    files: deque[tuple[int, Path]]
    began_s: float = field(default_factory=time.monotonic)
    n_asked: int = 0
    request_id: str = ""
    passages: tuple[Passage, ...] = ()
    is_answering: bool = False
    text: str = ""

    @property
    def seconds_left(self) -> float | None:
        """From the files asked so far; None before the first."""
        if not self.n_asked:
            return None
        return (time.monotonic() - self.began_s) / self.n_asked * len(self.files)
