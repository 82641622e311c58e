"""Implements everything that an import, a backup, a restore and a rehearsal need of PostgreSQL."""
