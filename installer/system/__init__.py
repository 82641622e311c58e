"""Reaches each neighbour through one small door: programs, files, Docker, Compose, clock, memory."""
