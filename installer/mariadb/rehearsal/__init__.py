"""Makes a copy of a live database and applies migrations to it."""
