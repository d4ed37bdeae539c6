"""Threat protection: what users do is recorded and weighed, and what follows from it (user-pools-api.md §8)."""
