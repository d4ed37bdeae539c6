-- Identity providers of a pool, the identities that are linked to its users, and the certificates that SAML shows.

CREATE TABLE identity_providers (
  user_pool_id TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  provider_id TEXT NOT NULL,           -- random: links name it, so that they do not pass to a later provider of the name
  settings TEXT NOT NULL,              -- wire IdentityProviderType as JSON, without the secrets
  secrets BLOB NOT NULL,               -- sealed JSON object of the ProviderDetails that nobody may read
  PRIMARY KEY (user_pool_id, provider_name)
);
CREATE UNIQUE INDEX identity_providers_by_id ON identity_providers (user_pool_id, provider_id);

CREATE TABLE idp_identifiers (          -- what else a provider is asked for by; one owner each
  user_pool_id TEXT NOT NULL,
  identifier TEXT NOT NULL,
  provider_name TEXT NOT NULL,
  PRIMARY KEY (user_pool_id, identifier)
);

CREATE TABLE linked_identities (        -- who signs in as somebody else; the attribute `identities` of that user shows it
  user_pool_id TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  attribute TEXT NOT NULL,             -- Cognito_Subject, or the pool attribute whose mapped claim decides
  value TEXT NOT NULL,
  sub TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, provider_id, attribute, value)
);
CREATE INDEX linked_identities_by_user ON linked_identities (user_pool_id, sub);

CREATE TABLE saml_certificates (
  user_pool_id TEXT NOT NULL,
  purpose TEXT NOT NULL,               -- 'signing'
  private_key BLOB NOT NULL,           -- sealed PKCS#8
  certificate TEXT NOT NULL,           -- base64 DER of the first; later ones follow from the key
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_pool_id, purpose)
);
