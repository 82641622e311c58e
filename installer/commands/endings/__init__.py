"""Ends a command that failed: its exit code, and the words for errors that nobody foresaw."""
