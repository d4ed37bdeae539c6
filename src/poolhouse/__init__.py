"""Poolhouse: Amazon Cognito user pools as software that anyone can run."""

__version__ = "0.1.0"
