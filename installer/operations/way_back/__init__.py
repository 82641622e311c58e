"""Rolls back to the old release: after a failure, after a crash, and on request."""
