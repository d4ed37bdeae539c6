-- Devices that a user has confirmed, and the device to which the tokens of a sign-in belong.

CREATE TABLE devices (
  user_pool_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  device_key TEXT NOT NULL,
  verifier BLOB NOT NULL,              -- sealed: salt and SRP verifier of the device's own password
  name TEXT NOT NULL,
  is_remembered BIGINT NOT NULL,       -- 0 or 1
  waiting_session TEXT NOT NULL DEFAULT '',  -- of a sign-in that waits for the device, for clients that do not send it back
  last_ip TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, sub, device_key)
);

ALTER TABLE refresh_tokens ADD COLUMN device_key TEXT NOT NULL DEFAULT '';
