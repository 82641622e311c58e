"""Reads the properties of a dump made by hand, from its first to its last byte, before anything changes."""

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from installer.database.dumps.dump_file import dump_chunks
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.backup.dump_end import is_complete
from installer.postgresql.restore.dump_kinds import refuse_another_kind, refuse_folder
from installer.postgresql.restore.dump_parts import HEADING, OWN_COMMANDS, DumpPlace, text_of
from installer.postgresql.restore.dump_pieces import Piece, pieces_of
from installer.postgresql.restore.missing_roles import needed_roles
from installer.screen.console import Console
from installer.text import _

TAIL_BYTES = 1024
SERVER = re.compile(r"^-- Dumped from database version (.*?)\r?$", re.MULTILINE)
CLIENT = re.compile(r"^-- Dumped by pg_dump version (.*?)\r?$", re.MULTILINE)
WHOLE_SERVER = re.compile(r"^-- PostgreSQL database cluster dump( complete)?\r?$", re.MULTILINE)
NEW_DATABASE = "CREATE DATABASE "
NO_OBJECTS = ("TABLE DATA", "MATERIALIZED VIEW DATA", "SEQUENCE SET", "STATISTICS DATA",
              "BLOBS", "BLOB", "BLOB METADATA", "LARGE OBJECT",
              "COMMENT", "ACL", "DEFAULT ACL", "SECURITY LABEL")  # fmt: skip
Names = frozenset[str]


@dataclass(frozen=True)
class DumpFacts:
    """Holds the content of a dump: `made` are its objects, by kind and name as in `read_schema_dump`.

    `create_database` is None where it does not create the database. `roles` is the SQL of roles in it, and
    `needed_roles` are those that own something or have rights. `client` and `server` are version texts,
    `sql_bytes` is its size when decompressed.
    """

    path: Path
    client: str
    server: str
    create_database: str | None
    made: frozenset[tuple[str, str]]
    has_rows: bool
    roles: str
    needed_roles: Names
    sql_bytes: int


def read_facts(path: Path, address: DatabaseAddress, console: Console) -> DumpFacts:
    """Reads a whole dump.

    Raises `Refused` when it is damaged, no dump, incomplete, or of another database.
    """
    refuse_folder(path, address)
    chunks = dump_chunks(path, address)
    first = next(chunks, b"")
    refuse_another_kind(path, first, address)
    dump = _Dump(address)
    with console.progress(_("Reading {name}", name=path.name), None) as advance:
        for piece in pieces_of(chain([first], chunks)):
            dump.read(piece)
            advance(len(piece.sql))
    _refuse_half_a_dump(path, dump)
    _refuse_without_headers(path, dump)
    _refuse_other_databases(path, dump, address.database)
    _refuse_commands(path, dump)
    return dump.facts(path)


class _Dump:
    """Collects what the pieces of a dump say."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._schema = address.schema
        self._place = DumpPlace(address.database)
        self._about_database: list[str] = []
        self._roles: list[str] = []
        self._needed: set[str] = set()
        self._made: set[tuple[str, str]] = set()
        self._has_rows = False
        self._client = self._server = ""
        self.databases: set[str] = set()
        self.unknown_commands: list[str] = []
        self.is_inside_server = self.has_unnamed = False
        self.tail, self.sql_bytes = b"", 0

    def read(self, piece: Piece) -> None:
        """Takes the next piece."""
        self.sql_bytes += len(piece.sql)
        self.tail = (self.tail + piece.sql[-TAIL_BYTES:])[-TAIL_BYTES:]
        part = self._place.part_of(piece)
        if piece.kind == "between":
            self._read_comments(text_of(piece), is_content=part == "content")
        elif piece.kind == "command":
            self._read_command(text_of(piece))
        elif piece.kind == "statement":
            self._read_statement(text_of(piece), part)

    @property
    def has_begun(self) -> bool:
        """Returns whether the dump of a database was found."""
        return self._place.has_begun

    def facts(self, path: Path) -> DumpFacts:
        """Returns what was found."""
        about = "\n\n".join(self._about_database)
        return DumpFacts(
            path=path,
            client=self._client,
            server=self._server,
            create_database=about if about.startswith(NEW_DATABASE) else None,
            made=frozenset(self._made),
            has_rows=self._has_rows,
            roles="\n".join(self._roles),
            needed_roles=frozenset(self._needed),
            sql_bytes=self.sql_bytes,
        )

    def _read_comments(self, text: str, *, is_content: bool) -> None:
        server, client = SERVER.search(text), CLIENT.search(text)
        self._server = self._server or (server[1] if server else "")
        self._client = self._client or (client[1] if client else "")
        for found in WHOLE_SERVER.finditer(text):
            self.is_inside_server = found[1] is None
        if is_content and self._place.entry is not None:
            self._read_entry(self._place.entry)

    def _read_entry(self, entry: "re.Match[str]") -> None:
        self._has_rows = self._has_rows or bool(entry["data"])
        if not entry["data"] and entry["type"] not in NO_OBJECTS:
            schema = "" if entry["schema"] in ("-", self._schema) else f"{entry['schema']}."
            self._made.add((entry["type"].lower(), schema + entry["name"]))

    def _read_command(self, line: str) -> None:
        if self._place.connected:
            self.databases.add(self._place.connected)
        if not line.startswith(OWN_COMMANDS):
            self.unknown_commands.append(line.strip())

    def _read_statement(self, text: str, part: str) -> None:
        if part == "roles":
            self._roles.append(text)
        if part == "database":
            self._about_database.append(text)
        if part == "content" and self._place.entry is None and not HEADING.match(text):
            self.has_unnamed = True
        if part in ("database", "content"):
            self._needed.update(needed_roles(text))


def _refuse_half_a_dump(path: Path, dump: _Dump) -> None:
    if dump.is_inside_server or not is_complete(dump.tail):
        raise Refused(
            _("{path} is incomplete: its end is missing.", path=path),
            details=[_("Its last line is not `-- PostgreSQL database dump complete`.")],
            hint=_("Get another copy of the file; nothing was changed."),
        )


def _refuse_without_headers(path: Path, dump: _Dump) -> None:
    if dump.has_unnamed or not dump.has_begun:
        raise Refused(
            _("{path} is not as pg_dump wrote it.", path=path),
            details=[_("Comments such as `-- Name: users; Type: TABLE` are missing.")],
            hint=_("Get another copy of the file, or load it by hand with psql."),
        )


def _refuse_other_databases(path: Path, dump: _Dump, database: str) -> None:
    if dump.databases and database not in dump.databases:
        others = ", ".join(sorted(dump.databases))
        raise Refused(
            _("{path} is a dump of another database: {names}.", path=path, names=others),
            details=[_("This database is {database}.", database=database)],
            hint=_("Restore a dump of {database} only.", database=database),
        )


def _refuse_commands(path: Path, dump: _Dump) -> None:
    if dump.unknown_commands:
        raise Refused(
            _("{path} contains commands of psql that pg_dump does not write.", path=path),
            details=dump.unknown_commands[:5],
            hint=_("Delete them from the file, or load the file by hand with psql."),
        )
