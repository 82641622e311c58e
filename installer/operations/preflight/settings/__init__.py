"""Checks that settings, ports and external resources named by the compose files are available."""
