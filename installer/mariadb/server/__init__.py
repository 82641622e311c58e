"""Connects to a running MariaDB server and queries it."""
