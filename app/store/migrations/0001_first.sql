-- Chats as trees of turns, their search index, settings, and the list of models.
CREATE TABLE conversation (
    row_number INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    leaf_id TEXT,
    remembered_from_id TEXT,
    may_forget INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL DEFAULT '',
    deleted_at TEXT
) STRICT;

CREATE INDEX conversation_by_update ON conversation (updated_at DESC);

CREATE TABLE turn (
    row_number INTEGER PRIMARY KEY,
    turn_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (conversation_id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES turn (turn_id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    model_name TEXT NOT NULL DEFAULT '',
    measurement TEXT,
    error_code TEXT NOT NULL DEFAULT '',
    deleted_at TEXT
) STRICT;

CREATE INDEX turn_by_conversation ON turn (conversation_id);
CREATE INDEX turn_by_parent ON turn (parent_id);
-- What every start looks for, and hardly ever finds.
CREATE INDEX turn_unfinished ON turn (state) WHERE state = 'writing';
CREATE INDEX turn_hidden ON turn (deleted_at) WHERE deleted_at IS NOT NULL;

-- Pieces of three characters find words in every script, also inside other words.
CREATE VIRTUAL TABLE title_search USING fts5 (
    title, content = 'conversation', content_rowid = 'row_number', tokenize = 'trigram'
);
CREATE TRIGGER title_added AFTER INSERT ON conversation BEGIN
    INSERT INTO title_search (rowid, title) VALUES (new.row_number, new.title);
END;
CREATE TRIGGER title_removed AFTER DELETE ON conversation BEGIN
    INSERT INTO title_search (title_search, rowid, title)
    VALUES ('delete', old.row_number, old.title);
END;
CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversation BEGIN
    INSERT INTO title_search (title_search, rowid, title)
    VALUES ('delete', old.row_number, old.title);
    INSERT INTO title_search (rowid, title) VALUES (new.row_number, new.title);
END;

-- An answer is indexed when it has ended: doing so with every partial save costs a hundred times as much.
CREATE VIEW ended_turn AS SELECT row_number, text FROM turn WHERE state <> 'writing';
CREATE VIRTUAL TABLE turn_search USING fts5 (
    text, content = 'ended_turn', content_rowid = 'row_number', tokenize = 'trigram'
);
CREATE TRIGGER turn_added AFTER INSERT ON turn WHEN new.state <> 'writing' BEGIN
    INSERT INTO turn_search (rowid, text) VALUES (new.row_number, new.text);
END;
CREATE TRIGGER turn_removed AFTER DELETE ON turn WHEN old.state <> 'writing' BEGIN
    INSERT INTO turn_search (turn_search, rowid, text)
    VALUES ('delete', old.row_number, old.text);
END;
CREATE TRIGGER turn_ended AFTER UPDATE OF text, state ON turn
WHEN old.state = 'writing' AND new.state <> 'writing' BEGIN
    INSERT INTO turn_search (rowid, text) VALUES (new.row_number, new.text);
END;
CREATE TRIGGER turn_begun_again AFTER UPDATE OF text, state ON turn
WHEN old.state <> 'writing' AND new.state = 'writing' BEGIN
    INSERT INTO turn_search (turn_search, rowid, text)
    VALUES ('delete', old.row_number, old.text);
END;
CREATE TRIGGER turn_changed AFTER UPDATE OF text, state ON turn
WHEN old.state <> 'writing' AND new.state <> 'writing' AND old.text <> new.text BEGIN
    INSERT INTO turn_search (turn_search, rowid, text)
    VALUES ('delete', old.row_number, old.text);
    INSERT INTO turn_search (rowid, text) VALUES (new.row_number, new.text);
END;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE model (
    path TEXT PRIMARY KEY,
    facts TEXT NOT NULL,
    last_used_at TEXT NOT NULL
) STRICT;
