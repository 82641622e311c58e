"""What every check of a disk leaves free on it."""

RESERVE_BYTES = 256 * 1024**2  # a database that meets a full disk dies, and does not start again
