"""Finds what runs on this host: installations, their directories, their containers."""
