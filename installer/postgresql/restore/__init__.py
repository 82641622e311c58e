"""Restores a PostgreSQL database: into a new one beside, compared there, and put in place by renaming."""
