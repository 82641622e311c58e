"""Lays out images.tar, and divides it into the loads of an engine."""
