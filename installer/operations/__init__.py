"""Carries out what a person asks for, a room for each subject."""
