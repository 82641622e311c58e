"""Reads and copies what a site provides: settings, secrets, compose files as written."""
