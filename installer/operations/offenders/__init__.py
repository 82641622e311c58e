"""Offenders: the rows that stand against a statement, counted exactly. Its table of contents is `find`."""
