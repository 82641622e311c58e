"""Connects to a running PostgreSQL server and queries it."""
