-- Messages leave after the write that caused them, also when the process that wrote it is gone; and what nobody requested is
-- done by one process at a time. Both have one column that says when somebody may take a row: while it is taken, that is when
-- the lease of its holder ends. By the clock of the machine, which `dev` does not move.

CREATE TABLE outbox_messages (          -- waiting for a gateway; a message that was accepted has no row any more
  user_pool_id TEXT NOT NULL,
  message_id TEXT NOT NULL,            -- random
  subject TEXT NOT NULL,               -- the user's sub; for a name that nobody has, a MAC of it
  topic TEXT NOT NULL,                 -- what it is about: a later message to the same user about the same takes its place
  message BLOB NOT NULL,               -- sealed JSON of delivery.messages.Message
  attempts BIGINT NOT NULL,
  due_at BIGINT,                       -- NULL: given up
  holder TEXT NOT NULL,                -- the process that has it; empty: none
  expires_at BIGINT NOT NULL,          -- when what it says is worth nothing any more
  PRIMARY KEY (user_pool_id, message_id)
);
CREATE INDEX outbox_messages_by_subject ON outbox_messages (user_pool_id, subject, topic);
CREATE INDEX outbox_messages_by_due ON outbox_messages (due_at);
CREATE INDEX outbox_messages_by_expiry ON outbox_messages (expires_at);

CREATE TABLE jobs (
  name TEXT NOT NULL PRIMARY KEY,
  due_at BIGINT NOT NULL,
  holder TEXT NOT NULL
);
