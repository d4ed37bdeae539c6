-- Second factors. What a sign-in has to know of them stands in the user's own row, so that a pool without MFA reads nothing more.

ALTER TABLE users ADD COLUMN mfa TEXT NOT NULL DEFAULT '{}';  -- JSON of storage.users.Mfa

CREATE TABLE software_tokens (
  user_pool_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  state TEXT NOT NULL,                 -- 'pending' until its first code was given, then 'active'; one of each
  secret BLOB NOT NULL,                -- sealed
  last_step BIGINT NOT NULL,           -- of the newest code that was taken: no code serves twice
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, sub, state)
);
