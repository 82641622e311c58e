"""Restores a backup: four steps, each with its undo, and the two ways to go from an interrupted one."""
