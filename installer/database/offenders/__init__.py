"""Describes rows that violate a statement, for all engines: what it requires of them, and the words."""
