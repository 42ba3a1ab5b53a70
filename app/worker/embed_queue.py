"""Texts that wait for their vectors: questions before all else, passages in small slices."""

from collections import deque
from dataclasses import dataclass, field

from app.core.document_events import Embedded, EmbedRequest
from app.core.documents.embedding_model import EmbedPurpose

SLICE_S = 0.06
"""What one slice of passages should take, so that nobody notices waiting for it."""
FIRST_SLICE_CHARACTERS = 1000
"""Until it is known how fast the model is."""


@dataclass(slots=True)
class EmbedJob:
    """A request, and what has come of it so far.

    Attributes:
        n_done: texts that have their vectors.
        n_tried: how often the engine died over the present slice.
    """

    request: EmbedRequest
    vectors: list[bytes] = field(default_factory=list)
    n_done: int = 0
    n_tried: int = 0

    @property
    def is_done(self) -> bool:
        """Every text has its vector."""
        return self.n_done >= len(self.request.texts)

    def take(self, vectors: bytes, n_texts: int) -> None:
        """Add the vectors of the next texts."""
        self.vectors.append(vectors)
        self.n_done += n_texts
        self.n_tried = 0

    def result(self, n_dimensions: int) -> Embedded:
        """Give all vectors."""
        return Embedded(self.request.request_id, n_dimensions, b"".join(self.vectors))


class EmbedQueue:
    """Jobs in the order in which they are to be done."""

    def __init__(self) -> None:
        self._queries: deque[EmbedJob] = deque()
        self._passages: deque[EmbedJob] = deque()
        self._characters_per_s = FIRST_SLICE_CHARACTERS / SLICE_S

    def __bool__(self) -> bool:
        """Whether any job waits."""
        return bool(self._queries or self._passages)

    @property
    def has_queries(self) -> bool:
        """Whether a question waits."""
        return bool(self._queries)

    def add(self, request: EmbedRequest) -> None:
        """Let a request wait for its turn."""
        is_query = request.purpose is EmbedPurpose.QUERY
        (self._queries if is_query else self._passages).append(EmbedJob(request))

    def put_back(self, job: EmbedJob) -> None:
        """Let a job that is not done yet be the next of its kind."""
        is_query = job.request.purpose is EmbedPurpose.QUERY
        (self._queries if is_query else self._passages).appendleft(job)

    def next(self, *, only_queries: bool) -> EmbedJob | None:
        """Take out the job whose turn it is; None if none may be done now."""
        if self._queries:
            return self._queries.popleft()
        return None if only_queries or not self._passages else self._passages.popleft()

    def clear(self) -> list[EmbedJob]:
        """Take out everything."""
        waiting = [*self._queries, *self._passages]
        self._queries.clear()
        self._passages.clear()
        return waiting

    def slice_of(self, job: EmbedJob) -> tuple[str, ...]:
        """Give the texts of a job to do next: so many as take a moment, one at least."""
        left = job.request.texts[job.n_done :]
        if job.request.purpose is EmbedPurpose.QUERY:
            return left
        limit = self._characters_per_s * SLICE_S
        n, n_characters = 0, 0
        for text in left:
            n_characters += len(text)
            if n and n_characters > limit:
                break
            n += 1
        return left[:n]

    def learn(self, n_characters: int, compute_s: float) -> None:
        """Note how long a slice has taken."""
        if compute_s > 0 and n_characters:
            measured = n_characters / compute_s
            self._characters_per_s += (measured - self._characters_per_s) / 4
