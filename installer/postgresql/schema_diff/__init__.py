"""Compares two schemas for people."""
