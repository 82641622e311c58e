"""What a schema holds: definitions, rows and rights, at one moment."""
