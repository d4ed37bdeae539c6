"""The OAuth 2.0 endpoints of a user pool domain: /oauth2/<x> is <x>.py."""
