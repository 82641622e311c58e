"""Reads and writes files and folders of this machine."""
