"""A running MariaDB server: where it is, how to ask it, what it holds."""
