"""Builds the tables that a list of migrations makes, change by change."""
