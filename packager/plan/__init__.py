"""Decides what an export will do before anything is done."""
