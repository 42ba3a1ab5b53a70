"""A database of documents made in code, and vectors without a model."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from app.core.documents.chunking import chunks_of, digest_of, embedding_text
from app.core.documents.collections import Collection
from app.core.documents.embedding_model import BUILT_IN_KEY
from app.core.documents.search_terms import terms_of
from app.core.documents.text import (
    Block,
    BlockKind,
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
)
from app.store.database import Database
from app.store.document_contents import NewVectors
from app.store.document_index import DocumentIndex, document_database
from app.store.document_rows import ReadDocument, stored_page

N_DIMENSIONS = 64


def page_of(text: str, number: int = 1) -> PageText:
    """Give a page of paragraphs, one a line; lines with a # before them are headings."""
    lines, blocks, at = [], [], 0
    for line in filter(str.strip, text.splitlines()):
        level = len(line) - len(line.lstrip("#"))
        clean = " ".join(line.strip("# ").split())
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, at, at + len(clean), level))
        lines.append(clean)
        at += len(clean) + 1
    return PageText(number, "", "\n".join(lines), tuple(blocks))


class DocumentRig:
    """Documents in a database, as the index worker leaves them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "documents.db"
        self.database: Database = document_database(self.path)
        self.database.open()
        self.index = DocumentIndex(self.database)

    def add_collection(self, collection_id: str, embedding_key: str = BUILT_IN_KEY) -> None:
        """Make a collection."""
        self.index.collections.create(
            Collection(collection_id, collection_id, (Path("/documents"),), embedding_key)
        )

    def add_file(self, collection_id: str, name: str, *, is_read: bool = False) -> int:
        """Put a file into a collection, which waits to be read."""
        with self.database.write() as connection:
            made = connection.execute(
                "INSERT INTO file (collection_id, path, size_bytes, modified_ns, is_pending)"
                " VALUES (?, ?, 1, 1, ?)",
                (collection_id, f"/documents/{name}", not is_read),
            )
        return int(made.lastrowid or 0)

    def add(
        self,
        collection_id: str,
        name: str,
        pages: Sequence[PageText] | str,
        language: str = "en",
    ) -> int:
        """Put a document into a collection, read and found by its words; gives its file."""
        if isinstance(pages, str):
            pages = [page_of(pages)]
        file_id = self.add_file(collection_id, name, is_read=True)
        digest = hashlib.sha256(repr([page.text for page in pages]).encode()).hexdigest()
        facts = DocumentFacts(DocumentKind.TEXT, PageUnit.PAGE, "", language, len(pages))
        document = ReadDocument(
            digest,
            ".txt",
            facts,
            tuple(stored_page(page) for page in pages),
            tuple((chunk, digest_of(chunk)) for chunk in chunks_of(pages)),
        )
        self.index.contents.keep(file_id, document, 1)
        return file_id

    def embed(
        self,
        key: str = BUILT_IN_KEY,
        vectors: Mapping[bytes, bytes] | None = None,
        *,
        n_files: int = -1,
        is_complete: bool = False,
    ) -> None:
        """Give every chunk a vector.

        Args:
            key: of the model.
            vectors: to be given, by digest; the others are made of the words.
            n_files: of the first so many files only.
            is_complete: note that these are done.
        """
        made: dict[bytes, bytes] = {}
        query = "SELECT content_id FROM content ORDER BY content_id LIMIT ?"
        rows = self.database.read(query, (n_files,))
        for row in rows:
            for one in self.index.contents.chunks_to_embed(row["content_id"], key):
                text = embedding_text(one.chunk)
                made[one.digest] = (vectors or {}).get(one.digest) or (
                    vectors_of([text])[0].astype(np.float16).tobytes()
                )
        completed = tuple(row["content_id"] for row in rows) if is_complete else ()
        self.index.contents.keep_vectors(NewVectors(key, tuple(made.items()), completed))


def vectors_of(texts: Iterable[str]) -> np.ndarray:
    """Give vectors of texts by hashed words: near when words are shared, and always the same."""
    rows = []
    for text in texts:
        vector = np.full(N_DIMENSIONS, 1e-3, np.float32)
        for term in terms_of(text, "en"):
            seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:4], "little")
            vector += np.random.default_rng(seed).standard_normal(N_DIMENSIONS).astype(np.float32)
        rows.append(vector / np.linalg.norm(vector))
    return np.asarray(rows, np.float32)
