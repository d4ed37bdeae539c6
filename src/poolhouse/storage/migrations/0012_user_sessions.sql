-- Sessions that a pool keeps an account of: of tokens (one refresh token's life) and of browsers.

CREATE TABLE session_configurations (
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL,             -- empty: of the pool
  settings TEXT NOT NULL,              -- wire GetUserPool(Client)SessionConfigurationResponse as JSON
  PRIMARY KEY (user_pool_id, client_id)
);

CREATE TABLE user_sessions (
  user_pool_id TEXT NOT NULL,
  session_id TEXT NOT NULL,            -- tkn... or sso...
  sub TEXT NOT NULL,
  client_id TEXT NOT NULL,
  origin_jti TEXT NOT NULL,            -- of its tokens; empty for a browser
  session_hash BLOB,                   -- of its cookie; NULL for tokens
  origin_session_id TEXT NOT NULL,     -- the browser's session that tokens came through, or empty
  device TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  active_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, session_id)
);
CREATE INDEX user_sessions_by_user ON user_sessions (user_pool_id, sub, active_at);
CREATE INDEX user_sessions_by_tokens ON user_sessions (user_pool_id, origin_jti);
CREATE INDEX user_sessions_by_cookie ON user_sessions (user_pool_id, session_hash);
CREATE INDEX user_sessions_by_expiry ON user_sessions (expires_at);
