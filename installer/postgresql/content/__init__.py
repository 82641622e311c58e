"""Reads the content of a PostgreSQL database: definitions, rows, positions, rights."""
