"""Rehearses migrations: as an operation of its own, and as a step of an import."""
