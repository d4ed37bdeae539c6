-- Keys that can be changed under way. Both tables keep an old key for as long as something that it made is good.

ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;  -- published before that, so that verifiers know it in time
ALTER TABLE signing_keys ADD COLUMN expires_at BIGINT;  -- the last token it signed has expired; NULL: has no successor
CREATE INDEX signing_keys_by_expiry ON signing_keys (expires_at);

CREATE TABLE pool_keys (                -- empty for a pool until its first rotation: user_pools.pool_key seals
  user_pool_id TEXT NOT NULL,
  key_id TEXT NOT NULL,                -- random
  pool_key BLOB NOT NULL,              -- sealed; 32 bytes
  seals_from BIGINT NOT NULL,
  expires_at BIGINT,                   -- nothing that it sealed is good any more; NULL: has no successor
  PRIMARY KEY (user_pool_id, key_id)
);
CREATE INDEX pool_keys_by_expiry ON pool_keys (expires_at);
