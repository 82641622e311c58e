"""Backs up a database: a complete dump of one moment, verified, with a record."""
