"""Adopt: a release directory was renamed while its services ran; they are started from where it is now."""
