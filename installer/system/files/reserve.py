"""Defines the disk space that every check keeps free."""

RESERVE_BYTES = 256 * 1024**2  # on a full disk, a database crashes and does not restart
