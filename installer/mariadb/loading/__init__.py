"""Loads the SQL of a dump into a server, exactly and fast."""
