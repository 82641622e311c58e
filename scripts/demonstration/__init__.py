"""Implements `scripts/demo`: two machines, the commands typed on them, and claims that are checked."""
