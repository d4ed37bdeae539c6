-- Why the last attempt at a message failed, for `poolhouse messages`.

ALTER TABLE outbox_messages ADD COLUMN failure TEXT NOT NULL DEFAULT '';
