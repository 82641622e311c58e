"""MariaDB, in all that an import, a backup, a restore and a rehearsal need of it."""
