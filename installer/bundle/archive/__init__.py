"""Reads and writes a package as a file: tar entries, compression, checksums, parts."""
