"""The two issuer documents of a user pool."""
