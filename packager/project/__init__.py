"""Reads what a project is from its compose files and airlock.yml."""
