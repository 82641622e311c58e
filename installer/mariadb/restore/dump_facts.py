"""Reads the properties of a dump made by hand, from its first to its last byte, before anything changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.sql.sql_patterns import NAMED
from installer.database.dumps.dump_file import dump_chunks
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.loading.dump_lines import USUAL_DELIMITER, DumpStream
from installer.screen.console import Advance, Console
from installer.text import _

HEAD_BYTES, TAIL_BYTES = 4096, 256
HEAD = re.compile(r"^-- ((?:MariaDB|MySQL) dump .*)$", re.MULTILINE)
SERVER = re.compile(r"^-- Server version\t(.*)$", re.MULTILINE)
END = re.compile(rb"\n-- Dump completed[^\n]*\s*\Z")
MARKS = re.compile(
    rb"\n(?:-- Host: |CREATE (?:DATABASE|TABLE|SEQUENCE) |USE `|/\*!50001 VIEW `|-- Dumping [er]|DELIMITER )"
)
DUMPED_FROM = re.compile(r"-- Host: .* Database: (.*)")
USED = re.compile(rf"(?:CREATE DATABASE (?:/\*!32312 IF NOT EXISTS\*/ )?|USE ){NAMED}")
MADE = re.compile(rf"(?:CREATE |/\*!50001 )(TABLE|SEQUENCE|VIEW) {NAMED}")
COLLATION = re.compile(r"COLLATE[= ](\w+)")
Names = frozenset[str]


@dataclass(frozen=True)
class DumpFacts:
    """Holds the content of a dump: `made` are its tables, sequences and views, as kind and name.

    `databases` are all that it names. `create_database` is None where it has none, `server` the version it
    was made from, `sql_bytes` its size when decompressed.
    """

    path: Path
    program: str
    server: str
    databases: Names
    create_database: str | None
    made: frozenset[tuple[str, str]]
    collations: Names
    has_routines: bool
    has_events: bool
    sql_bytes: int


def read_facts(path: Path, address: DatabaseAddress, console: Console) -> DumpFacts:
    """Reads a whole dump.

    Raises `Refused` when it is damaged, no dump, incomplete, or of another database.
    """
    dump = _Measured(dump_chunks(path, address))
    with console.progress(_("Reading {name}", name=path.name), None) as advance:
        marks = [mark.decode("utf-8", "replace") for mark in _marks(dump.counted(advance))]
    head = dump.head.decode("utf-8", "replace")
    _refuse_what_is_no_dump(path, head)
    _refuse_half_a_dump(path, dump.tail)
    facts = _facts(path, head, marks, dump.size_bytes)
    _refuse_other_databases(facts, address.database)
    return facts


class _Measured:
    """Passes chunks on and keeps the first and last bytes and the size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.head = self.tail = b""
        self.size_bytes = 0

    def counted(self, advance: Advance) -> Iterator[bytes]:
        """Yields the chunks, each measured before it is passed on."""
        for chunk in self._chunks:
            self.size_bytes += len(chunk)
            self.head += chunk[: HEAD_BYTES - len(self.head)]
            self.tail = (self.tail + chunk)[-TAIL_BYTES:]
            advance(len(chunk))
            yield chunk


def _marks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yields the statements and comments that reveal a dump's content; not those within routines."""
    dump = DumpStream(chunks)
    while not dump.is_over:
        _skip(dump.until(MARKS))
        if dump.is_at(b"DELIMITER "):
            _skip(dump.until(USUAL_DELIMITER))
        elif dump.is_at(b"-- "):
            yield dump.line()
        elif not dump.is_over:
            yield dump.statement()


def _skip(pieces: Iterator[bytes]) -> None:
    for _piece in pieces:
        continue


def _facts(path: Path, head: str, marks: list[str], sql_bytes: int) -> DumpFacts:
    program, server = HEAD.search(head), SERVER.search(head)
    made = [found for found in map(MADE.match, marks) if found]
    return DumpFacts(
        path=path,
        program=program[1] if program else "",
        server=server[1] if server else "",
        databases=frozenset(_databases(marks)),
        create_database=next((mark for mark in marks if mark.startswith("CREATE DATABASE ")), None),
        made=frozenset((found[1].lower(), _name(found[2])) for found in made),
        collations=frozenset(COLLATION.findall("\n".join(marks))),
        has_routines=any(mark.startswith("-- Dumping routines ") for mark in marks),
        has_events=any(mark.startswith("-- Dumping events ") for mark in marks),
        sql_bytes=sql_bytes,
    )


def _databases(marks: list[str]) -> Iterator[str]:
    for mark in marks:
        dumped_from, used = DUMPED_FROM.match(mark), USED.match(mark)
        if dumped_from and dumped_from[1].strip():
            yield dumped_from[1]
        if used:
            yield _name(used[1])


def _name(quoted: str) -> str:
    return quoted.replace("``", "`")


def _refuse_what_is_no_dump(path: Path, head: str) -> None:
    if not HEAD.search(head):
        raise Refused(
            _("{path} is not a dump of mariadb-dump or mysqldump.", path=path),
            details=[_("It does not begin with `-- MariaDB dump` or `-- MySQL dump`.")],
            hint=_("A dump made with --skip-comments or --compact cannot be checked; load it by hand."),
        )


def _refuse_half_a_dump(path: Path, tail: bytes) -> None:
    if not END.search(tail):
        raise Refused(
            _("{path} is incomplete: its end is missing.", path=path),
            details=[_("Its last line is not `-- Dump completed`.")],
            hint=_("Get another copy of the file; nothing was changed."),
        )


def _refuse_other_databases(facts: DumpFacts, database: str) -> None:
    others = sorted(facts.databases - {database})
    if others:
        raise Refused(
            _("{path} is a dump of another database: {names}.", path=facts.path, names=", ".join(others)),
            details=[_("This database is {database}.", database=database)],
            hint=_("Restore a dump of {database} only.", database=database),
        )
