"""Compose files fixed to one release, and the proof that they still mean the same."""
