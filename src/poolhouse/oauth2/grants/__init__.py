"""One file per grant_type of /oauth2/token."""
