"""Reads YAML with the places of its nodes, and edits it in the text."""
