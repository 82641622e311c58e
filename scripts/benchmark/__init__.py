"""Implements `scripts/bench`: generates data, measures Airlock against the same work by hand, and reports."""
