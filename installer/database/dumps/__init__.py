"""Writes, verifies and publishes the file of a dump, whichever engine made its SQL."""
