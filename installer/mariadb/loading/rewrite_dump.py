"""Turns the SQL of a dump into SQL that loads exactly and fast, for dumps of any program.

Secondary indexes come after the rows of their table, foreign keys after everything (`late_indexes`). Row by
row, an index that does not fit into the server's memory is written at random places; built at once, it is
sorted first. The tables are identical to the byte; the time saved is in BENCHMARKS.md. InnoDB's bulk insert
(autocommit=0 around the rows) made this slower, and without late indexes it was slower than the unchanged
dump.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from installer.mariadb.loading.dump_lines import USUAL_DELIMITER, DumpStream
from installer.mariadb.loading.system_versioning import EndsOfTime, ends_of_time, with_end_of_time
from installer.mariadb.loading.table_definition import WITH_HISTORY, split_definition

HEAD_BYTES = 4096
SANDBOX = b"/*M!999999"  # first line of newer dumps; older clients fail at it, binary mode does not need it
MODE, ANY_DATE = b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO'", b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
LEFT_OUT = (b"LOCK TABLES", b"UNLOCK TABLES", b"SET @@GLOBAL", b"SET @@SESSION")
AFTER_TABLES = (b"-- Dumping events", b"-- Dumping routines", b"-- Final ")
STOPS = re.compile(
    rb"\n(?:CREATE TABLE `|DELIMITER |(?:UN)?LOCK TABLES|SET @@(?:GLOBAL|SESSION)|%b)"
    % b"|".join(AFTER_TABLES)
)
ENDS_OF_ROWS = re.compile(
    rb"\n(?:(?:UN)?LOCK TABLES|DROP |CREATE |ALTER |USE |DELIMITER |SET @saved_"
    rb"|-- (?:Table |Temporary |Final |Current |Dumping events|Dumping routines|Dump completed)"
    rb"|/\*M?!\d+ (?:SET @(?:saved_|save_|OLD_)|SET [A-Z_]+=@OLD|DROP |CREATE ))"
)
CLOSED_TOO_EARLY = re.compile(rb"\s*;(\s*\*/ ?;;\n)")  # in a comment that MySQL runs, see `written_alike`
SETTING = re.compile(rb"(?:/\*M?!\d+ )?SET (?!@@).*;")


@dataclass(frozen=True)
class Settings:
    """Holds what the dump sets for its session before it creates any object, one statement each."""

    statements: tuple[bytes, ...]


@dataclass(frozen=True)
class TableFilled:
    """Marks the end of a table's rows, and holds the indexes and foreign keys it still lacks."""

    add_indexes: bytes
    add_foreign_keys: bytes


class TablesComplete:
    """Marks that every index must exist before the next statement: some views name indexes."""


Piece = bytes | Settings | TableFilled | TablesComplete


def loadable(chunks: Iterator[bytes], *, server_version: str, late_indexes: bool = True) -> Iterator[Piece]:
    """Yields the same dump for this server, in pieces of about the size of `chunks`, without table locks.

    Under LOCK TABLES a default cannot take a number from a sequence, and no other session uses an empty
    schema. MySQL with GTIDs writes settings (SET @@…) that MariaDB does not know. Invalid dates (2023-02-31)
    are kept. The semicolon that MySQL keeps of some triggers and events would end their definition too early;
    it is left out. A row of any length is never held as a whole.
    """
    head = _corrected(_head(chunks))
    ends = ends_of_time(head, server_version)
    yield Settings(tuple(_settings(head)))
    dump = DumpStream(chain((head,), chunks))
    while not dump.is_over:
        if not dump.is_at(AFTER_TABLES):  # `until(ENDS_OF_ROWS)` may have stopped here
            yield from dump.until(STOPS)
        if dump.is_at(b"DELIMITER "):
            yield CLOSED_TOO_EARLY.sub(rb"\1", b"".join(dump.until(USUAL_DELIMITER)))
        elif dump.is_at(b"CREATE TABLE "):
            yield from _table(dump, late_indexes, ends)
        elif dump.is_at(LEFT_OUT):
            dump.statement()
        elif dump.is_at(AFTER_TABLES):
            yield TablesComplete()
            yield dump.line()
    yield TablesComplete()


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


def _settings(head: bytes) -> Iterator[bytes]:
    for line in head.splitlines():
        if SETTING.fullmatch(line):
            yield line
        elif line and not line.startswith(b"--"):
            return


def _table(dump: DumpStream, late_indexes: bool, ends: EndsOfTime | None) -> Iterator[Piece]:
    definition = dump.statement()
    split = split_definition(definition) if late_indexes else None
    yield definition if split is None else split.create
    yield from with_end_of_time(_rows(dump), ends if WITH_HISTORY in definition else None)
    if split is not None:
        yield TableFilled(split.add_indexes, split.add_foreign_keys)


def _rows(dump: DumpStream) -> Iterator[bytes]:
    yield from dump.until(ENDS_OF_ROWS)
    while dump.is_at(LEFT_OUT):
        dump.statement()
        yield from dump.until(ENDS_OF_ROWS)
