"""Moves a server to another major version: dumps with the new tools, loads, compares."""
