"""How well, and how fast, questions find their passages.

With `--data`, a folder of test collections that are not part of the project:

- `cranfield/` (cran.all.1400, cran.qry, cranqrel): nDCG@10 over documents, binary;
- `chunking_evaluation/` (corpora, questions.csv): share of the characters of the references that
  are inside the first 6,000 characters (about 1,500 tokens) of the chunks, best first.

These are shown for plain BM25, the built-in model's vectors, reciprocal rank fusion, fusion of
scores, and the whole search with and without vectors. Of the project's own questions it is shown
how often the document that a question names comes first, and how often the verdict is right, by
words and with the built-in model (which counts little beside words in languages but English):
questions with an answer, questions in quite other words than their answer, and questions without
one. `--chunks` times questions to an index of so
many chunks of made-up text, whose words are as frequent as in real text (Zipf).

Run: `python3 packaging/dev.py benchmark retrieval --data FOLDER --chunks 100000`
"""

import argparse
import csv
import json
import math
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from app.core.documents import ranking  # noqa: E402
from app.core.documents.chunking import embedding_text  # noqa: E402
from app.core.documents.embedding_model import BUILT_IN_KEY, Pooling  # noqa: E402
from app.core.documents.evidence import AnswerMode, Evidence  # noqa: E402
from app.core.documents.relevance import asked_words  # noqa: E402
from app.core.documents.text import PageText  # noqa: E402
from app.engine.llama import EngineLog, LlamaEmbedder, StopFlag  # noqa: E402
from app.engine.protocol import LoadEmbedding  # noqa: E402
from app.store import chunk_search  # noqa: E402
from app.store.document_search import DocumentSearch, QueryVector  # noqa: E402
from app.store.evidence_search import EvidenceQuestion, evidence_of, look  # noqa: E402
from app.store.search_scope import Scope, WantedChunks, scope_of  # noqa: E402
from tests.benchmarks import own_questions  # noqa: E402
from tests.retrieval_rig import DocumentRig, page_of  # noqa: E402

MODEL = PROJECT / "resources" / "embedding"
BUDGET_CHARACTERS = 6_000
PAGE_LINES = 20
PIECE = 20
"""Characters in a row that count as covered."""
QUERY_GOAL_MS = 50.0

Vectors = NDArray[np.float32]
Rank = Callable[[str, Vectors], Sequence[int]]


class Collection:
    """Documents in an index, and the ways to search them."""

    def __init__(
        self, folder: Path, documents: Mapping[str, Sequence[PageText]], model: Path
    ) -> None:
        self.rig = DocumentRig(folder)
        self.rig.add_collection("all")
        for name, pages in documents.items():
            self.rig.add("all", name, pages)
        request = LoadEmbedding("", bytes(model), model.name, Pooling.FILE, 256)
        self._embedder = LlamaEmbedder(request, log=EngineLog(), stop=StopFlag())
        if documents:
            self.make_vectors()

    def make_vectors(self) -> None:
        """Make the vectors of all chunks, and get ready to search."""
        vectors: dict[bytes, bytes] = {}
        for row in self.rig.database.read("SELECT content_id FROM content"):
            chunks = self.rig.index.contents.chunks_to_embed(row["content_id"], BUILT_IN_KEY)
            made = self.embed([embedding_text(one.chunk) for one in chunks])
            for one, vector in zip(chunks, made, strict=True):
                vectors[one.digest] = vector.astype(np.float16).tobytes()
        self.rig.embed(vectors=vectors)
        self.scope: Scope = scope_of(self.rig.database, ["all"])
        self.search = DocumentSearch(self.rig.database)
        self.search.has_vectors(self.scope, BUILT_IN_KEY)
        self._wanted = WantedChunks(self.scope)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Make vectors with the built-in model."""
        made = self._embedder.embed(texts, 2)
        vectors: Vectors = np.frombuffer(made.data, np.float32)
        return vectors.reshape(len(texts), self._embedder.n_dimensions)

    def evidence(self, question: str, weight: float) -> Evidence:
        """Give what is found for a question.

        Args:
            question: as typed.
            weight: of vectors; with none, only words are looked for.
        """
        queries = {}
        if weight:
            queries = {BUILT_IN_KEY: QueryVector(self.embed([question])[0], weight)}
        asked = EvidenceQuestion(question, mode=AnswerMode.QUOTES)
        seen = look(self.rig.database, self.search, self.scope, asked, queries)
        cosines = {}
        if weight == ranking.VECTOR_WEIGHT and seen.sentences:
            near = self.embed(seen.sentences) @ queries[BUILT_IN_KEY].vector
            cosines = dict(zip(seen.sentences, near.tolist(), strict=True))
        return evidence_of(self.rig.database, seen, cosines, BUILT_IN_KEY if weight else "")

    def file_of(self, chunk_id: int) -> str:
        """Give the name of the file that a chunk is of."""
        content = self._wanted.content_of(chunk_id)
        return "" if content is None else self.scope.files[content].path.name

    def ways(self) -> dict[str, Rank]:
        """Give every way of searching that is compared."""
        return {
            "BM25 (FTS5)": lambda question, _: ranking.best_first(self._words(question)),
            "vectors": lambda _, vector: ranking.best_first(self._near(vector)),
            "reciprocal rank fusion": self._rank_fusion,
            "fusion of scores": lambda question, vector: ranking.best_first(
                ranking.fused(self._words(question), self._near(vector))
            ),
            "whole search, words only": lambda question, _: (
                self.search.find(self.scope, question, {}).ranked
            ),
            "whole search": lambda question, vector: (
                self.search.find(self.scope, question, {BUILT_IN_KEY: QueryVector(vector)}).ranked
            ),
        }

    def _words(self, question: str) -> dict[int, float]:
        asked = asked_words(question, self.scope.languages)
        stems = [stem for one in asked for stem in one.stems]
        return chunk_search.find(self.rig.database, stems, [], 200, lambda _: True)

    def _near(self, vector: Vectors) -> dict[int, float]:
        return self.search.nearest(self.scope, BUILT_IN_KEY, vector, 200)

    def _rank_fusion(self, question: str, vector: Vectors) -> Sequence[int]:
        scores: dict[int, float] = {}
        for found in (self._words(question), self._near(vector)):
            for rank, one in enumerate(ranking.best_first(found), 1):
                scores[one] = scores.get(one, 0.0) + 1 / (60 + rank)
        return ranking.best_first(scores)


# --- Cranfield ---------------------------------------------------------------------------------


def cranfield(folder: Path, work: Path, model: Path) -> None:
    """Print nDCG@10 for every way of searching."""
    documents = {}
    for number, part in records(folder / "cran.all.1400"):
        title = field_of(part, "T", "A")
        text = field_of(part, "W").removeprefix(title).strip()
        documents[str(number)] = [page_of(f"# {title}\n{text}")]
    questions = [field_of(part, "W") for _, part in records(folder / "cran.qry")]
    relevant: dict[int, set[str]] = {}
    for line in (folder / "cranqrel").read_text().splitlines():
        number, document, grade = map(int, line.split()[:3])
        if grade > 0:
            relevant.setdefault(number, set()).add(str(document))
    collection = Collection(work, documents, model)
    vectors = collection.embed(questions)
    print(f"\nCranfield: {len(documents)} documents, {len(questions)} questions")
    for name, rank in collection.ways().items():
        scores = []
        for number, question in enumerate(questions):
            ranked = [collection.file_of(one) for one in rank(question, vectors[number])]
            wanted = relevant.get(number + 1, set())
            scores.append(ndcg(list(dict.fromkeys(ranked))[:10], wanted))
        print(f"  {name:<28} nDCG@10 {statistics.mean(scores):.3f}")


def records(path: Path) -> Iterator[tuple[int, str]]:
    """Give the records of a file in the format of SMART."""
    for part in re.split(r"^\.I ", path.read_text(), flags=re.MULTILINE)[1:]:
        yield int(part.split("\n", 1)[0]), part


def field_of(record: str, name: str, until: str = "") -> str:
    """Give a field of a record as one line."""
    end = rf"^\.{until}" if until else r"\Z"
    found = re.search(rf"^\.{name}\n(.*?){end}", record, re.DOTALL | re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def ndcg(ranked: Sequence[str], wanted: set[str]) -> float:
    """Give the discounted gain of a ranking, as a share of the best possible."""
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(ranked) if one in wanted)
    best = sum(1 / math.log2(place + 2) for place in range(min(len(wanted), 10)))
    return gain / best if best else 0.0


# --- chunking_evaluation -----------------------------------------------------------------------


def chunking_evaluation(folder: Path, work: Path, model: Path) -> None:
    """Print how much of the references is found for every way of searching."""
    texts = {path.stem: path.read_text() for path in sorted((folder / "corpora").glob("*.md"))}
    collection = Collection(work, {name: pages_of(text) for name, text in texts.items()}, model)
    with (folder / "questions.csv").open(newline="") as file:
        asked = [row for row in csv.DictReader(file) if row["corpus_id"] in texts]
    vectors = collection.embed([row["question"] for row in asked])
    print(f"\nchunking_evaluation: {len(texts)} documents, {len(asked)} questions")
    for name, rank in collection.ways().items():
        shares = []
        for row, vector in zip(asked, vectors, strict=True):
            found = retrieved(collection, rank(row["question"], vector), row["corpus_id"])
            shares.append(
                covered(found, [one["content"] for one in json.loads(row["references"])])
            )
        whole = sum(share == 1.0 for share in shares) / len(shares)
        print(f"  {name:<28} covered {statistics.mean(shares):.3f}, whole {whole:.3f}")


def pages_of(text: str) -> list[PageText]:
    """Cut a text into pages; lines of Wikipedia between equal signs are headings."""
    lines = [
        re.sub(r"^(=+) (.*) =+\s*$", head, line) for line in text.splitlines() if line.strip()
    ]
    return [
        page_of("\n".join(lines[first : first + PAGE_LINES]), first // PAGE_LINES + 1)
        for first in range(0, len(lines), PAGE_LINES)
    ]


def head(match: re.Match[str]) -> str:
    """Give a heading of Wikipedia as one of Markdown."""
    return "#" * len(match[1]) + " " + match[2]


def retrieved(collection: Collection, ranked: Sequence[int], name: str) -> list[str]:
    """Give the letters of the chunks of a document that are within the budget."""
    left, texts = BUDGET_CHARACTERS, []
    for chunk_id in ranked:
        rows = collection.rig.database.read(
            "SELECT text FROM chunk WHERE chunk_id = ?", (chunk_id,)
        )
        text = str(rows[0]["text"])[:left]
        left -= len(text) + 1
        if collection.file_of(chunk_id) == name:
            texts.append(letters(text))
        if left <= 0:
            break
    return texts


def covered(texts: Sequence[str], references: Sequence[str]) -> float:
    """Give the share of the references' letters that stand in the texts."""
    n_found = n_all = 0
    for reference in map(letters, references):
        marks = bytearray(len(reference))
        for start in range(max(1, len(reference) - PIECE + 1)):
            piece = reference[start : start + PIECE]
            if any(piece in text for text in texts):
                marks[start : start + len(piece)] = b"\1" * len(piece)
        n_found += sum(marks)
        n_all += len(reference)
    return n_found / max(1, n_all)


def letters(text: str) -> str:
    """Give a text without spaces and punctuation, which chunking may change."""
    return "".join(filter(str.isalnum, text))


# --- speed -------------------------------------------------------------------------------------


def speed(n_chunks: int, work: Path) -> None:
    """Print how long questions take in an index of many chunks."""
    random = np.random.default_rng(1)
    shares = 1 / np.arange(1, 120_001) ** 1.05
    shares /= shares.sum()
    names = np.array([f"w{number:x}" for number in range(len(shares))])
    rig = DocumentRig(work)
    rig.add_collection("all")
    fill(rig, n_chunks, names, shares, random)
    search = DocumentSearch(rig.database)
    search.has_vectors(scope_of(rig.database, ["all"]), BUILT_IN_KEY)
    meant = shares[60:] / shares[60:].sum()
    """The most frequent words stand for those that questions are searched without."""
    print(f"\n{n_chunks} chunks, questions of 6 words (goal {QUERY_GOAL_MS:.0f} ms)")
    for name, is_near in (("words", False), ("words and vectors", True)):
        took_ms, worked_ms = [], []
        for _ in range(40):
            question = " ".join(random.choice(names[60:], 6, p=meant))
            query = {BUILT_IN_KEY: QueryVector(unit(random))} if is_near else {}
            began_s, began_cpu_s = time.perf_counter(), time.process_time()
            scope = scope_of(rig.database, ["all"])
            search.has_vectors(scope, BUILT_IN_KEY)
            search.find(scope, question, query)
            took_ms.append(1000 * (time.perf_counter() - began_s))
            worked_ms.append(1000 * (time.process_time() - began_cpu_s))
        median, late = statistics.median(took_ms), sorted(took_ms)[-4]
        print(f"  {name:<28} median {median:.0f} ms, 9 of 10 under {late:.0f} ms")
        print(f"  {'':<28} processor {statistics.median(worked_ms):.0f} ms")


def fill(
    rig: DocumentRig,
    n_chunks: int,
    names: NDArray[np.str_],
    shares: NDArray[np.float64],
    random: np.random.Generator,
) -> None:
    """Put made-up documents of a hundred chunks each into an index."""
    with rig.database.write(durable=False) as connection:
        for number in range(n_chunks):
            content_id = number // 100 + 1
            if number % 100 == 0:
                count = min(100, n_chunks - number)
                connection.execute(
                    "INSERT INTO content (content_id, sha256, suffix, kind, reader_version,"
                    " language, n_chunks) VALUES (?, ?, '.txt', 'text', 1, 'en', ?)",
                    (content_id, str(content_id), count),
                )
                connection.execute(
                    "INSERT INTO file (collection_id, path, size_bytes, modified_ns, content_id,"
                    " is_pending) VALUES ('all', ?, 1, 1, ?, 0)",
                    (f"/documents/{content_id}.txt", content_id),
                )
            text = " ".join(random.choice(names, 120, p=shares))
            digest = number.to_bytes(8, "little")
            connection.execute(
                "INSERT INTO chunk (chunk_id, content_id, position, spans, text, digest)"
                " VALUES (?, ?, ?, '[[1, 0, 9]]', ?, ?)",
                (number + 1, content_id, number % 100, text, digest),
            )
            chunk_search.add(connection, [chunk_search.SearchRow(number + 1, text, language="en")])
            vector = unit(random).astype(np.float16).tobytes()
            connection.execute(
                "INSERT INTO vector VALUES (?, ?, ?)", (digest, BUILT_IN_KEY, vector)
            )


def unit(random: np.random.Generator) -> Vectors:
    """Give a vector of length 1 in any direction."""
    vector = random.standard_normal(384).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--chunks", type=int, default=20_000)
    parser.add_argument("--model", type=Path, default=next(MODEL.glob("*.gguf"), None))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number, measure in enumerate((cranfield, chunking_evaluation)):
            source = options.data / measure.__name__ if options.data else None
            if source is None or not source.is_dir() or options.model is None:
                print(
                    f"{measure.__name__}: left out, its data (or the built-in model) is not there"
                )
                continue
            work = Path(folder) / str(number)
            work.mkdir()
            measure(source, work, options.model)
        for own in (own_questions.names, own_questions.verdicts):
            if options.model is not None:
                work = Path(folder) / own.__name__
                work.mkdir()
                own(lambda at, model: Collection(at, {}, model), work, options.model)
        work = Path(folder) / "speed"
        work.mkdir()
        speed(options.chunks, work)


if __name__ == "__main__":
    main()
