"""Generates a database on a PostgreSQL server, and knows the commands by hand for it."""
