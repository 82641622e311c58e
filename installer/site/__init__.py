"""Finds what is on this host: paths, records, the files of a release directory, and what runs."""
