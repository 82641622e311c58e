"""Runs other programs, and handles signals."""
