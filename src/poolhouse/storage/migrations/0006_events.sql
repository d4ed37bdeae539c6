-- What has happened, noted in the write that did it, until the audit log has it.

CREATE TABLE outbox_events (
  event_id TEXT NOT NULL PRIMARY KEY,  -- epoch ms of the machine in hexadecimal, then random
  line TEXT NOT NULL                   -- JSON, as the audit log will have it
);
