"""Backs up a PostgreSQL database: a complete dump of one moment, verified, with a record."""
