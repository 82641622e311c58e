"""The package as a file: tar entries, compression, checksums, parts."""
