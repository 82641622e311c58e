"""The tables that a list of migrations makes, change by change."""
