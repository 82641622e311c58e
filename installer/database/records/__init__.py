"""Keeps the records of backups and migrations, and compares databases with them."""
