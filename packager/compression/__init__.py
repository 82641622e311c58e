"""Compresses packages: one codec per `--compression`, and the threads that run it."""
