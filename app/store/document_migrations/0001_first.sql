-- Collections of documents, what their files say, and what they are found by.
-- All but collections, their sources and the runs can be made anew from the files.
CREATE TABLE collection (
    collection_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    embedding_key TEXT NOT NULL,
    ignored TEXT NOT NULL DEFAULT '[]',
    is_paused INTEGER NOT NULL DEFAULT 0,
    is_attachment INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;

CREATE TABLE source (
    collection_id TEXT NOT NULL REFERENCES collection (collection_id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    -- The disk on which files were seen there: an empty folder on another one is a disk that is
    -- not connected.
    device TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (collection_id, path)
) STRICT;

-- What bytes say: shared by all files that have the same, so that nothing is read twice.
-- The suffix decides how bytes are read that do not say themselves what they are.
-- A reader_version of 0 asks for them to be read again.
CREATE TABLE content (
    content_id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL,
    suffix TEXT NOT NULL,
    kind TEXT NOT NULL,
    reader_version INTEGER NOT NULL,
    unit TEXT NOT NULL DEFAULT 'page',
    title TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    n_pages INTEGER NOT NULL DEFAULT 0,
    pages_without_text TEXT NOT NULL DEFAULT '[]',
    needs_ocr INTEGER NOT NULL DEFAULT 0,
    n_chunks INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT '',
    UNIQUE (sha256, suffix)
) STRICT;

-- A file that is_pending is new or may have changed; what it said before can be found until then.
-- One that is_away cannot be found: it or its disk is not there now.
CREATE TABLE file (
    file_id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id TEXT NOT NULL REFERENCES collection (collection_id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',
    content_id INTEGER REFERENCES content (content_id) ON DELETE SET NULL,
    failure TEXT NOT NULL DEFAULT '',
    is_away INTEGER NOT NULL DEFAULT 0,
    is_pending INTEGER NOT NULL DEFAULT 1,
    UNIQUE (collection_id, path)
) STRICT;
CREATE INDEX file_by_content ON file (content_id);
CREATE INDEX file_pending ON file (size_bytes) WHERE is_pending = 1;

-- Text and word boxes are compressed (zlib); blocks are needed for chunking only and not kept.
CREATE TABLE page (
    content_id INTEGER NOT NULL REFERENCES content (content_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL,
    text BLOB NOT NULL,
    word_boxes BLOB,
    PRIMARY KEY (content_id, number)
) STRICT;

CREATE TABLE chunk (
    chunk_id INTEGER PRIMARY KEY AUTOINCREMENT,
    content_id INTEGER NOT NULL REFERENCES content (content_id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    spans TEXT NOT NULL,
    heading_path TEXT NOT NULL DEFAULT '[]',
    header TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX chunk_by_content ON chunk (content_id, position);
CREATE INDEX chunk_by_digest ON chunk (digest);

-- Keyed by what was embedded, so that moved and saved-again text costs nothing. float16.
CREATE TABLE vector (
    digest BLOB NOT NULL,
    embedding_key TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (digest, embedding_key)
) STRICT, WITHOUT ROWID;

-- By which rules things here were made, to notice that they have changed.
CREATE TABLE index_fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Contents of which every chunk has its vector, so that this need not be counted.
CREATE TABLE embedded_content (
    content_id INTEGER NOT NULL REFERENCES content (content_id) ON DELETE CASCADE,
    embedding_key TEXT NOT NULL,
    PRIMARY KEY (content_id, embedding_key)
) STRICT, WITHOUT ROWID;

-- Questions put to every file of a collection.
CREATE TABLE file_run (
    run_id TEXT PRIMARY KEY,
    collection_id TEXT NOT NULL REFERENCES collection (collection_id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    mode TEXT NOT NULL,
    created_at TEXT NOT NULL,
    is_ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE file_answer (
    run_id TEXT NOT NULL REFERENCES file_run (run_id) ON DELETE CASCADE,
    file_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    answer TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    is_verified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, file_id)
) STRICT;

-- Terms made by app/core/documents/search_terms.py, apart by spaces: the tokenizer only cuts.
-- Kept beside the index, so that a chunk can be taken out without making its terms anew.
CREATE VIRTUAL TABLE chunk_search USING fts5 (words, heads, pieces, tokenize = 'ascii');
CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab (chunk_search, 'row');
