"""Determines what a package may leave out because the site has it."""
