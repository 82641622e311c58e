"""Reads the properties of a dump made by hand, from its first to its last byte, before anything changes."""

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from installer.database.dumps.dump_file import dump_chunks
from installer.database.values.address import DatabaseAddress
from installer.postgresql.backup.dump_end import is_complete
from installer.postgresql.restore.dump_parts import HEADING, OWN_COMMANDS, DumpPlace, text_of
from installer.postgresql.restore.dump_pieces import Piece, pieces_of
from installer.postgresql.restore.dump_refusals import (
    refuse_another_kind,
    refuse_commands,
    refuse_folder,
    refuse_half_a_dump,
    refuse_other_databases,
    refuse_without_headers,
)
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
    refuse_half_a_dump(path, is_whole=dump.is_whole)
    refuse_without_headers(path, has_headers=dump.has_headers)
    refuse_other_databases(path, dump.databases, address.database)
    refuse_commands(path, dump.unknown_commands)
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
        self._is_inside_server = self._has_unnamed = False
        self._tail, self.sql_bytes = b"", 0

    def read(self, piece: Piece) -> None:
        """Takes the next piece."""
        self.sql_bytes += len(piece.sql)
        self._tail = (self._tail + piece.sql[-TAIL_BYTES:])[-TAIL_BYTES:]
        part = self._place.part_of(piece)
        if piece.kind == "between":
            self._read_comments(text_of(piece), is_content=part == "content")
        elif piece.kind == "command":
            self._read_command(text_of(piece))
        elif piece.kind == "statement":
            self._read_statement(text_of(piece), part)

    @property
    def is_whole(self) -> bool:
        """Returns whether the dump has its end, and that of a whole server its own."""
        return is_complete(self._tail) and not self._is_inside_server

    @property
    def has_headers(self) -> bool:
        """Returns whether everything has the comments that tell the parts of a dump apart."""
        return self._place.has_begun and not self._has_unnamed

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
            self._is_inside_server = found[1] is None
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
            self._has_unnamed = True
        if part in ("database", "content"):
            self._needed.update(needed_roles(text))
