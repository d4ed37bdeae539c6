-- What belongs to a user hangs on the user's sub, never on a name that somebody else may take later; and it names the epoch
-- of the user in which it was made, so that whatever ends all of it is one number in the user's own row.
-- Codes, browser sessions and authorization codes live for minutes or a day: those on their way are dropped, not carried over.

ALTER TABLE users ADD COLUMN token_epoch BIGINT NOT NULL DEFAULT 0;    -- moved on by global sign-out and disabling
ALTER TABLE users ADD COLUMN browser_epoch BIGINT NOT NULL DEFAULT 0;  -- moved on by a new password and disabling

CREATE TABLE new_refresh_tokens (       -- one row per sign-in; a rotation replaces the hash
  user_pool_id TEXT NOT NULL,
  origin_jti TEXT NOT NULL,
  sub TEXT NOT NULL,
  token_epoch BIGINT NOT NULL,         -- dead as soon as it is not the user's own
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
INSERT INTO new_refresh_tokens (user_pool_id, origin_jti, sub, token_epoch, client_id, token_hash, previous_token_hash,
  rotated_at, scope, auth_time, source, resource, created_at, expires_at, revoked_at, prune_at)
SELECT r.user_pool_id, r.origin_jti, u.sub, 0, r.client_id, r.token_hash, r.previous_token_hash,
  r.rotated_at, r.scope, r.auth_time, r.source, r.resource, r.created_at, r.expires_at, r.revoked_at, r.prune_at
FROM refresh_tokens r JOIN users u ON u.user_pool_id = r.user_pool_id AND u.username = r.username
WHERE r.created_at >= u.created_at
  -- What is not revoked, but older than the last global sign-out, was being stored while that happened.
  AND (r.revoked_at IS NOT NULL OR r.created_at > u.signed_out_at);
DROP TABLE refresh_tokens;
ALTER TABLE new_refresh_tokens RENAME TO refresh_tokens;
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_pool_id, sub);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (prune_at);

DROP TABLE sso_sessions;
CREATE TABLE sso_sessions (             -- the browser session of the user pool domain
  user_pool_id TEXT NOT NULL,
  session_hash BLOB NOT NULL,
  sub TEXT NOT NULL,
  browser_epoch BIGINT NOT NULL,       -- dead as soon as it is not the user's own
  identity_provider TEXT NOT NULL,     -- COGNITO or the provider's name
  auth_time BIGINT NOT NULL,           -- epoch seconds
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, session_hash)
);
CREATE INDEX sso_sessions_by_user ON sso_sessions (user_pool_id, sub);
CREATE INDEX sso_sessions_by_expiry ON sso_sessions (expires_at);

DROP TABLE authorization_codes;
CREATE TABLE authorization_codes (
  user_pool_id TEXT NOT NULL,
  code_hash BLOB NOT NULL,
  sub TEXT NOT NULL,
  token_epoch BIGINT NOT NULL,         -- dead as soon as it is not the user's own
  grant_data TEXT NOT NULL,            -- JSON of pool.authorization_codes.AuthorizationGrant
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, code_hash)
);
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_pool_id, sub);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

DROP TABLE confirmation_codes;
CREATE TABLE confirmation_codes (
  user_pool_id TEXT NOT NULL,
  subject TEXT NOT NULL,               -- the user's sub; for a name that nobody has, a MAC of it
  purpose TEXT NOT NULL,               -- sign_up, forgot_password, attribute:email, attribute:phone_number
  code_hash BLOB NOT NULL,             -- HMAC of subject, purpose, address and code under a key of the pool
  attribute TEXT NOT NULL,             -- the attribute the code was sent to
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, subject, purpose)
);
CREATE INDEX confirmation_codes_by_expiry ON confirmation_codes (expires_at);

-- A group has an identity of its own as well: who was added while the group went does not become a member of its namesake.
ALTER TABLE user_groups ADD COLUMN group_id TEXT NOT NULL DEFAULT '';
UPDATE user_groups SET group_id = group_name;
CREATE UNIQUE INDEX user_groups_by_id ON user_groups (user_pool_id, group_id);

CREATE TABLE new_user_group_members (
  user_pool_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  username TEXT NOT NULL,              -- for the order of a listing; who it is, sub says
  sub TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, group_id, username, sub)
);
INSERT INTO new_user_group_members (user_pool_id, group_id, username, sub, created_at)
SELECT m.user_pool_id, m.group_name, m.username, u.sub, m.created_at
FROM user_group_members m JOIN users u ON u.user_pool_id = m.user_pool_id AND u.username = m.username
WHERE m.created_at >= u.created_at;
DROP TABLE user_group_members;
ALTER TABLE new_user_group_members RENAME TO user_group_members;
CREATE INDEX user_group_members_by_user ON user_group_members (user_pool_id, sub, group_id);
