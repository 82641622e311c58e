"""Implements what an import, a backup, a restore and a rehearsal need of MariaDB and of MySQL."""
