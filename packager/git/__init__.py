"""Reads commit and files of a project from Git, and what a checkout or a disk made of them."""
