"""Finds room for a temporary server, and waits until it answers, whichever engine it is of."""
