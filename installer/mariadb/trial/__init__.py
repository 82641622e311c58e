"""Tries statements on empty copies of tables."""
