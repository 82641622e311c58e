"""Implements the shell scripts beside this folder in Python, one module for each."""
