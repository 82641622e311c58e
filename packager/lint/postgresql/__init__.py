"""Checks the SQL of PostgreSQL: its locks and rewrites, its transactions, and what depends on the rows."""
