"""Defines the engineer's verbs and their options, and shows the plan of an export."""
