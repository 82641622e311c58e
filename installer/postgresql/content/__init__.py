"""Reads the content of a database: definitions, rows, positions, roles."""
