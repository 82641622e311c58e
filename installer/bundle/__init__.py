"""Defines what a package is. Standard library only; FORMAT.md is the specification."""
