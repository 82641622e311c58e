"""What a project is, read from its compose files and airlock.yml."""
