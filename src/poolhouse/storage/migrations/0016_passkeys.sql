-- WebAuthn credentials of users. What they sign with stays with the user; here is the public half.

CREATE TABLE passkeys (
  user_pool_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,         -- base64url, as browsers write it
  sub TEXT NOT NULL,
  public_key BLOB NOT NULL,            -- COSE
  sign_count BIGINT NOT NULL,          -- the newest counter that was seen; 0 where the authenticator has none
  name TEXT NOT NULL,
  relying_party_id TEXT NOT NULL,
  attachment TEXT NOT NULL,            -- platform, cross-platform, or empty
  transports TEXT NOT NULL,            -- JSON array
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, credential_id)
);
CREATE INDEX passkeys_by_user ON passkeys (user_pool_id, sub, credential_id);
