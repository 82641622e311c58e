"""Ends a command that failed: its exit code, and the words for unexpected errors."""
