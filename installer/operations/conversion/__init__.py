"""Moves databases to servers of another major version: plans it, tries the new server, carries it out."""
