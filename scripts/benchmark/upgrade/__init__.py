"""Measures how long users have no release that answers: an upgrade by Airlock and by hand."""
