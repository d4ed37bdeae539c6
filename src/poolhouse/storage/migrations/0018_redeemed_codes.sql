-- For which tokens a code was redeemed, so that they end when it comes again (profile `oidc`).

ALTER TABLE authorization_codes ADD COLUMN redeemed_as TEXT;
