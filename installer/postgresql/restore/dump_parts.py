"""Says to what each piece of a dump belongs: the server's roles, the database itself, or its content."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from installer.postgresql.restore.dump_pieces import Piece, pieces_of

Part = Literal["roles", "database", "content", "cleaning", "elsewhere", "command"]
DATABASE_BEGINS = "-- PostgreSQL database dump"
ENTRY = re.compile(
    r"-- (?P<data>Data for )?Name: (?P<name>.*); Type: (?P<type>[A-Z ]+); Schema: (?P<schema>.*);.*"
)
OF_DATABASE = ("DATABASE", "DATABASE PROPERTIES")
ABOUT_DATABASE = "DATABASE "  # begins the name of an entry with its comment or its rights
PUBLIC = r"SCHEMA (?:IF EXISTS )?public\b"  # is in every new database; such a dump creates it again
CLEANING = re.compile(
    rf"DROP (?!{PUBLIC})|ALTER |CREATE OR REPLACE VIEW "
    r"|SELECT pg_catalog\.lo_unlink\(|UPDATE pg_catalog\.pg_database "
)
HEADING = re.compile(rf"SET |SELECT pg_catalog\.set_config\(|DROP {PUBLIC}")
CONNECT = re.compile(r"\\connect (?:-reuse-previous=on )?(.*?)\s*")
CONNECTION_WORDS = re.compile(r'"dbname=\'(.*)\'"')
OWN_COMMANDS = ("\\restrict ", "\\unrestrict ", "\\connect ", "\\encoding ")
LINE_END = re.compile(r"\r?\n")
NOTE = (
    b"pg_attver="  # of servers such as 15.18 and 17.12; their own pg_dump hides it, an older build does not
)
NOTED = re.compile(rb"(ALTER (?:FOREIGN )?TABLE ONLY .* ALTER COLUMN .* SET \()([^()]*)(\);\s*)", re.DOTALL)
ENCODING, ODD_BYTES = "utf-8", "surrogateescape"


class DumpPlace:
    """Follows the pieces of a dump in order, and knows where in the dump it is.

    `database` is the one whose content is wanted: a dump of a whole server has several. `connected` is the
    one that psql was told to connect to, empty before. `entry` is the header of the present object.
    `has_begun`: the roles are over.
    """

    def __init__(self, database: str) -> None:
        self._database = database
        self.has_begun = False
        self.connected = ""
        self.entry: re.Match[str] | None = None

    def part_of(self, piece: Piece) -> Part:
        """Returns where the next piece belongs.

        `cleaning` drops objects that a new database does not have; what is `elsewhere` is about another one.
        """
        if piece.kind == "command":
            return self._command(text_of(piece))
        if piece.kind == "between":
            self._read_comments(text_of(piece))
        if not self.has_begun:
            return "roles"
        about = self._database_of_entry()
        if about:
            return "database" if about == self._database else "elsewhere"
        if self.connected not in ("", self._database):
            return "elsewhere"
        if piece.kind == "statement" and not self.entry and CLEANING.match(text_of(piece)):
            return "cleaning"
        return "content"

    def _command(self, line: str) -> Part:
        found = CONNECT.fullmatch(line)
        if found:
            self.connected, self.entry = database_of(found[1]), None
        return "command"

    def _read_comments(self, text: str) -> None:
        for line in LINE_END.split(text):
            if line == DATABASE_BEGINS:
                self.has_begun, self.entry = True, None
            self.entry = ENTRY.fullmatch(line) or self.entry

    def _database_of_entry(self) -> str:
        """Returns the database that the present object is, or is about; empty where it is another object."""
        if self.entry is None:
            return ""
        if self.entry["type"] in OF_DATABASE:
            return self.entry["name"]
        is_about = self.entry["schema"] == "-" and self.entry["name"].startswith(ABOUT_DATABASE)
        return database_of(self.entry["name"].removeprefix(ABOUT_DATABASE)) if is_about else ""


def cut_roles_off(chunks: Iterable[bytes], database: str = "") -> tuple[str, Iterator[bytes]]:
    """Returns the SQL of the roles, and a stream of the SQL that makes the content of the database.

    The stream leaves out what concerns other databases, what drops objects before they are made, and commands
    of psql: an older one would not know them. A dump of a database alone has no roles.
    """
    place = DumpPlace(database)
    roles: list[str] = []
    pieces = pieces_of(chunks)
    for piece in pieces:
        part = place.part_of(piece)
        if part not in ("roles", "command"):
            return "".join(roles), _content(piece, part, pieces, place)
        if part == "roles":
            roles.append(text_of(piece))
    return "".join(roles), iter(())


def without_column_notes(statement: bytes) -> bytes:
    """Returns a statement without what a server noted of a column, and others refuse as an unknown option.

    Returns nothing if the statement sets no other option.
    """
    found = NOTED.fullmatch(statement) if NOTE in statement else None
    if found is None:
        return statement
    options = [option for option in found[2].split(b", ") if not option.startswith(NOTE)]
    return found[1] + b", ".join(options) + found[3] if options else b""


def text_of(piece: Piece) -> str:
    """Returns the text of a piece; a dump in another encoding than UTF-8 has it in odd characters."""
    return piece.sql.decode(ENCODING, ODD_BYTES)


def database_of(words: str) -> str:
    """Returns the database in the words behind `\\connect` or `DATABASE`."""
    found = CONNECTION_WORDS.fullmatch(words)
    if found:
        return re.sub(r"\\(.)", r"\1", found[1].replace('""', '"'))
    return words[1:-1].replace('""', '"') if words.startswith('"') else words


def _content(first: Piece, part: Part, others: Iterator[Piece], place: DumpPlace) -> Iterator[bytes]:
    if part == "content":
        yield _loaded(first)
    for piece in others:
        if place.part_of(piece) == "content":
            yield _loaded(piece)


def _loaded(piece: Piece) -> bytes:
    return without_column_notes(piece.sql) if piece.kind == "statement" else piece.sql
