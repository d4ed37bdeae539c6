"""Tokens: issued, verified, refreshed, revoked."""
