"""Backups of the database: taken, written down, verified, kept. Its table of contents is `backup`."""
