"""Turns the SQL of a dump into SQL that loads exactly, and fast, whatever program wrote it.

Secondary indexes and foreign keys come after the rows of their table. Row by row, an index that does not fit
into the server's memory is written at random places; built at once, it is sorted first. The tables come out
the same to the byte; what it saves stands in BENCHMARKS.md. InnoDB's bulk insert (autocommit=0 around the
rows) on top of it was slower, without it slower than the dump as it is.
"""

import re
from collections.abc import Iterator
from itertools import chain

from installer.operations.restore.dump_stream import DumpStream
from installer.operations.restore.end_of_time import EndsOfTime, ends_of_time, with_end_of_time
from installer.operations.restore.table_definition import WITH_HISTORY, split_definition

HEAD_BYTES = 4096
SANDBOX = b"/*M!999999"  # first line of newer dumps; older clients stumble over it, binary mode needs it not
MODE, ANY_DATE = b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO'", b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
LEFT_OUT = (b"LOCK TABLES", b"UNLOCK TABLES", b"SET @@GLOBAL", b"SET @@SESSION")
STOPS = re.compile(rb"\n(?:CREATE TABLE `|DELIMITER |(?:UN)?LOCK TABLES|SET @@(?:GLOBAL|SESSION))")
ENDS_OF_ROWS = re.compile(
    rb"\n(?:(?:UN)?LOCK TABLES|DROP |CREATE |ALTER |USE |DELIMITER |SET @saved_"
    rb"|-- (?:Table |Temporary |Final |Current |Dumping events|Dumping routines|Dump completed)"
    rb"|/\*M?!\d+ (?:SET @(?:saved_|save_|OLD_)|SET [A-Z_]+=@OLD|DROP |CREATE ))"
)
USUAL_DELIMITER = re.compile(rb"\nDELIMITER ;\s")
LATE = b"\nSET @airlock = @@character_set_client, character_set_client = utf8mb4;\n%b\n" + (
    b"SET character_set_client = @airlock;\n"
)


def loadable(chunks: Iterator[bytes], *, server_version: str, late_indexes: bool = True) -> Iterator[bytes]:
    """The same dump for this server in pieces of about the size of `chunks`, without table locks.

    Under LOCK TABLES no default can take a number from a sequence; nobody else is in an empty schema. MySQL
    with GTIDs writes settings (SET @@…) that MariaDB does not know. Dates that are none (2023-02-31) stay
    what they are. A row, however long, is never held as a whole.
    """
    head = _head(chunks)
    ends = ends_of_time(head, server_version)
    dump = DumpStream(chain((_corrected(head),), chunks))
    while not dump.is_over:
        yield from dump.until(STOPS)
        if dump.is_at(b"DELIMITER "):
            yield from dump.until(USUAL_DELIMITER)
        elif dump.is_at(b"CREATE TABLE "):
            yield from _table(dump, late_indexes, ends)
        elif dump.is_at(LEFT_OUT):
            dump.statement()


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    return head


def _corrected(head: bytes) -> bytes:
    if head.startswith(SANDBOX):
        head = head.partition(b"\n")[2]
    return head.replace(MODE, ANY_DATE, 1)


def _table(dump: DumpStream, late_indexes: bool, ends: EndsOfTime | None) -> Iterator[bytes]:
    definition = dump.statement()
    split = split_definition(definition) if late_indexes else None
    yield definition if split is None else split.create
    yield from with_end_of_time(_rows(dump), ends if WITH_HISTORY in definition else None)
    if split is not None:
        yield LATE % split.alter


def _rows(dump: DumpStream) -> Iterator[bytes]:
    yield from dump.until(ENDS_OF_ROWS)
    while dump.is_at(LEFT_OUT):
        dump.statement()
        yield from dump.until(ENDS_OF_ROWS)
