"""Defines what Airlock requires of every database engine, and what each of them promises."""
