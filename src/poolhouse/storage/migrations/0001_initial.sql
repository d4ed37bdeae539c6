-- One SQL text for SQLite and PostgreSQL. Only BLOB and TEXT are substituted for PostgreSQL (BYTEA, TEXT COLLATE "C").
-- Every key begins with the pool, so that rows can be spread by pool later. Times are epoch milliseconds.
-- Server-wide tables (schema_migrations, server_state, access_keys) hold a handful of rows and belong to no pool.

CREATE TABLE server_state (
  name TEXT NOT NULL PRIMARY KEY,      -- 'generation': bumped by every write of configuration
  value BIGINT NOT NULL
);
INSERT INTO server_state (name, value) VALUES ('generation', 1);

CREATE TABLE access_keys (
  access_key_id TEXT NOT NULL PRIMARY KEY,
  secret BLOB NOT NULL,                -- sealed
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE user_pools (
  user_pool_id TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL,              -- wire UserPoolType as JSON
  mfa_settings TEXT NOT NULL DEFAULT '{}',  -- wire GetUserPoolMfaConfigResponse as JSON: what has no member in UserPoolType
  pool_key BLOB NOT NULL,              -- sealed; 32 bytes that every key of the pool's own tokens is derived from
  generation BIGINT NOT NULL,          -- bumped by every write of this pool's configuration
  created_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
  user_pool_id TEXT NOT NULL,
  kid TEXT NOT NULL,
  token_use TEXT NOT NULL,             -- 'id' or 'access'
  private_key BLOB NOT NULL,           -- sealed PKCS#8
  public_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  signs_until BIGINT,                  -- NULL: signs now; else only verifies
  PRIMARY KEY (user_pool_id, kid)
);

CREATE TABLE user_pool_clients (
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL,             -- 134 random bits, so that the id alone finds the pool
  settings TEXT NOT NULL,              -- wire UserPoolClientType as JSON, without the secret
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, client_id)
);
CREATE INDEX user_pool_clients_by_client_id ON user_pool_clients (client_id);

CREATE TABLE user_pool_client_secrets (
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret_id TEXT NOT NULL,
  secret BLOB NOT NULL,                -- sealed
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, client_id, secret_id)
);

CREATE TABLE user_pool_domains (
  user_pool_id TEXT NOT NULL,
  domain TEXT NOT NULL,                -- a prefix without a dot, or a custom host name
  settings TEXT NOT NULL,              -- wire DomainDescriptionType as JSON
  PRIMARY KEY (user_pool_id, domain)
);
CREATE UNIQUE INDEX user_pool_domains_by_domain ON user_pool_domains (domain);

CREATE TABLE resource_servers (
  user_pool_id TEXT NOT NULL,
  identifier TEXT NOT NULL,
  settings TEXT NOT NULL,              -- wire ResourceServerType as JSON
  PRIMARY KEY (user_pool_id, identifier)
);

CREATE TABLE user_groups (
  user_pool_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  description TEXT,
  role_arn TEXT,
  precedence BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, group_name)
);

CREATE TABLE user_group_members (
  user_pool_id TEXT NOT NULL,
  group_name TEXT NOT NULL,
  username TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, group_name, username)
);
CREATE INDEX user_group_members_by_user ON user_group_members (user_pool_id, username, group_name);

CREATE TABLE users (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,              -- lower case where the pool ignores case; never changes
  sub TEXT NOT NULL,
  status TEXT NOT NULL,                -- UNCONFIRMED CONFIRMED FORCE_CHANGE_PASSWORD RESET_REQUIRED EXTERNAL_PROVIDER
  is_enabled BIGINT NOT NULL,          -- 0 or 1
  attributes TEXT NOT NULL,            -- JSON object of strings, without sub
  pending_attributes TEXT NOT NULL DEFAULT '{}',  -- values that wait for VerifyUserAttribute
  password BLOB,                       -- sealed, algorithm-marked record; NULL: has no password
  password_expires_at BIGINT,          -- of a temporary password
  signed_out_at BIGINT NOT NULL DEFAULT 0,        -- tokens issued before this are revoked (global sign-out, disable)
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, username)
);
CREATE UNIQUE INDEX users_by_sub ON users (user_pool_id, sub);
CREATE INDEX users_by_status ON users (user_pool_id, status, username);
CREATE INDEX users_by_enabled ON users (user_pool_id, is_enabled, username);

CREATE TABLE user_aliases (             -- what else a user may sign in with; one owner each
  user_pool_id TEXT NOT NULL,
  alias TEXT NOT NULL,                 -- email, phone_number, preferred_username
  value TEXT NOT NULL,                 -- folded where the pool ignores case
  username TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, alias, value)
);
CREATE INDEX user_aliases_by_user ON user_aliases (user_pool_id, username);

CREATE TABLE user_search (              -- the attributes that ListUsers can search, folded to lower case
  user_pool_id TEXT NOT NULL,
  attribute TEXT NOT NULL,
  value TEXT NOT NULL,
  username TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, attribute, value, username)
);
CREATE INDEX user_search_by_user ON user_search (user_pool_id, username);

CREATE TABLE user_counts (              -- EstimatedNumberOfUsers without counting; spread so that sign-ups do not queue
  user_pool_id TEXT NOT NULL,
  slot BIGINT NOT NULL,
  users BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, slot)
);

CREATE TABLE confirmation_codes (
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  purpose TEXT NOT NULL,               -- sign_up, forgot_password, attribute:email, attribute:phone_number
  code_hash BLOB NOT NULL,             -- HMAC under a key of the pool: six digits alone could be guessed from a plain hash
  attribute TEXT NOT NULL,             -- the attribute the code was sent to
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, username, purpose)
);
CREATE INDEX confirmation_codes_by_expiry ON confirmation_codes (expires_at);

CREATE TABLE attempts (                 -- failed passwords and hourly quotas, for known and unknown names alike
  user_pool_id TEXT NOT NULL,
  username TEXT NOT NULL,
  kind TEXT NOT NULL,                  -- password, or the name of the limited operation
  count BIGINT NOT NULL,
  since BIGINT NOT NULL,               -- first of the window
  last_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, username, kind)
);
CREATE INDEX attempts_by_expiry ON attempts (expires_at);

CREATE TABLE spent (                    -- what may be used once and was: challenge sessions, SRP secret blocks
  user_pool_id TEXT NOT NULL,
  value_hash BLOB NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, value_hash)
);
CREATE INDEX spent_by_expiry ON spent (expires_at);

CREATE TABLE refresh_tokens (           -- one row per sign-in; a rotation replaces the hash
  user_pool_id TEXT NOT NULL,
  origin_jti TEXT NOT NULL,
  username TEXT NOT NULL,
  client_id TEXT NOT NULL,
  token_hash BLOB NOT NULL,
  previous_token_hash BLOB,
  rotated_at BIGINT,
  scope TEXT NOT NULL,
  auth_time BIGINT NOT NULL,           -- epoch seconds, as in the tokens
  source TEXT NOT NULL,                -- 'api' or 'oauth'
  resource TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  prune_at BIGINT NOT NULL,            -- after the last access token of the row has expired
  PRIMARY KEY (user_pool_id, origin_jti)
);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_pool_id, username);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (prune_at);

CREATE TABLE authorization_codes (
  user_pool_id TEXT NOT NULL,
  code_hash BLOB NOT NULL,
  grant_data TEXT NOT NULL,            -- JSON of pool.authorization_codes.AuthorizationGrant
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, code_hash)
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE sso_sessions (             -- the browser session of the user pool domain
  user_pool_id TEXT NOT NULL,
  session_hash BLOB NOT NULL,
  username TEXT NOT NULL,
  identity_provider TEXT NOT NULL,     -- COGNITO or the provider's name
  auth_time BIGINT NOT NULL,           -- epoch seconds
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, session_hash)
);
CREATE INDEX sso_sessions_by_user ON sso_sessions (user_pool_id, username);
CREATE INDEX sso_sessions_by_expiry ON sso_sessions (expires_at);

CREATE TABLE inbox_messages (           -- what `delivery = inbox` shows instead of sending
  user_pool_id TEXT NOT NULL,
  message_id TEXT NOT NULL,            -- sorts by time
  recipient TEXT NOT NULL,
  message BLOB NOT NULL,               -- sealed JSON; it holds codes and temporary passwords
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, message_id)
);
CREATE INDEX inbox_messages_by_recipient ON inbox_messages (recipient, message_id);
CREATE INDEX inbox_messages_by_expiry ON inbox_messages (expires_at);
