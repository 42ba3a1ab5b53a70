-- The language for which the user wants no offer of another search model (ISO 639-1).
ALTER TABLE collection ADD COLUMN declined_language TEXT NOT NULL DEFAULT '';
