"""Adapts the end of validity of current rows in system-versioned tables to this server.

It is the last moment of a server's TIMESTAMP: a day in 2038, since MariaDB 11.5 one in 2106. From a dump of
the other kind of server, every current row would be loaded as a deleted one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from installer.mariadb.server.series import Series, series_of_version

LATER_SINCE = (11, 5)
EARLIER, LATER = b"2038-01-19 03:14:07.999999", b"2106-02-07 06:28:15.999999"
DUMPED_FROM = re.compile(rb"^-- Server version\t(\d+\.\d+)", re.MULTILINE)
LENGTH = len(EARLIER) + 4  # with its quotes and the characters around them


@dataclass(frozen=True)
class EndsOfTime:
    """Holds the end of validity in the dump, and the one that this server needs."""

    dumped: bytes
    needed: bytes


def ends_of_time(head: bytes, server_version: str) -> EndsOfTime | None:
    """Returns both ends; None where they are the same, or the dump does not name its server."""
    dumped, here = DUMPED_FROM.search(head), series_of_version(server_version)
    if dumped is None or not here:
        return None
    ends = EndsOfTime(_end(series_of_version(dumped[1].decode())), _end(here))
    return None if ends.dumped == ends.needed else ends


def with_end_of_time(rows: Iterator[bytes], ends: EndsOfTime | None) -> Iterator[bytes]:
    """Yields the rows of one table, with each end of validity of the dump replaced by this server's.

    The same characters within a text are kept: there, the quotes are escaped.
    """
    if ends is None:
        yield from rows
        return
    value = re.compile(rb"(?<=[,(])'" + re.escape(ends.dumped) + rb"'(?=[,)])")
    held = b""
    for piece in rows:
        held = value.sub(b"'" + ends.needed + b"'", held + piece)
        yield held[:-LENGTH]
        held = held[-LENGTH:]
    yield held


def _end(series: Series) -> bytes:
    return LATER if series >= LATER_SINCE else EARLIER
