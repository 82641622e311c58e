"""Divides a finished package into parts, and makes one file of parts again."""
