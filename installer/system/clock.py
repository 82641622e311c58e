"""The time of day, so that tests can pass another."""

from datetime import datetime, timezone


def utc_now() -> datetime:
    """This moment in UTC."""
    return datetime.now(timezone.utc)
