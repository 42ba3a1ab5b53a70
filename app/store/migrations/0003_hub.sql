-- Downloads, the ledger of the network, and where models on this computer come from.
ALTER TABLE model ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE model ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0;

CREATE TABLE download (
    download_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    spec TEXT NOT NULL,
    state TEXT NOT NULL,
    facts TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE ledger (
    row_number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    purpose TEXT NOT NULL,
    method TEXT NOT NULL,
    host TEXT NOT NULL,
    subject TEXT NOT NULL,
    bytes_up INTEGER NOT NULL,
    bytes_down INTEGER NOT NULL,
    status INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_time ON ledger (at);

CREATE TABLE scanned_folder (
    path TEXT PRIMARY KEY,
    program TEXT NOT NULL,
    is_named_by_user INTEGER NOT NULL DEFAULT 0,
    seen_at TEXT NOT NULL DEFAULT ''
) STRICT;
