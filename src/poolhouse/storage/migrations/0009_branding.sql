-- How the pages of a pool look, and which terms they name. What is the pool's has the client id ALL.

CREATE TABLE ui_customizations (
  user_pool_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  settings TEXT NOT NULL,              -- wire UICustomizationType as JSON, without ImageUrl
  image BLOB,
  image_type TEXT NOT NULL,            -- media type, or empty
  PRIMARY KEY (user_pool_id, client_id)
);

CREATE TABLE managed_login_brandings (
  user_pool_id TEXT NOT NULL,
  branding_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  settings TEXT NOT NULL,              -- wire ManagedLoginBrandingType as JSON
  PRIMARY KEY (user_pool_id, branding_id)
);
CREATE UNIQUE INDEX managed_login_brandings_by_client ON managed_login_brandings (user_pool_id, client_id);

CREATE TABLE terms (
  user_pool_id TEXT NOT NULL,
  terms_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  terms_name TEXT NOT NULL,
  settings TEXT NOT NULL,              -- wire TermsType as JSON
  PRIMARY KEY (user_pool_id, terms_id)
);
CREATE UNIQUE INDEX terms_by_client ON terms (user_pool_id, client_id, terms_name);
