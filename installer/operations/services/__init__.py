"""Starts a release's containers, waits for them, checks them, and keeps their logs."""
