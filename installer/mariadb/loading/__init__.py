"""Loads the SQL of a dump into a server, exact and fast."""
