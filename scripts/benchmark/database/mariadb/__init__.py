"""Generates a database on a MariaDB server, and knows the commands by hand for it."""
