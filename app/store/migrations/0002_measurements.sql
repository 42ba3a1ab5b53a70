-- What was measured of this computer, what runs of models taught, and wanted context lengths.
CREATE TABLE calibration (
    engine_version TEXT NOT NULL,
    processor TEXT NOT NULL,
    facts TEXT NOT NULL,
    measured_at TEXT NOT NULL,
    PRIMARY KEY (engine_version, processor)
) STRICT;

CREATE TABLE run_record (
    record_key TEXT PRIMARY KEY,
    facts TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE wanted_context (
    path TEXT PRIMARY KEY,
    n_ctx INTEGER NOT NULL
) STRICT;
