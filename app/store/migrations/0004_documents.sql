-- Chats that are asked from documents, and what their answers rest on.
ALTER TABLE conversation ADD COLUMN documents TEXT NOT NULL DEFAULT '';
ALTER TABLE turn ADD COLUMN sources TEXT NOT NULL DEFAULT '';
