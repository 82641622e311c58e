"""Defines the picture of a database: everything by which two servers are compared, at one moment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from installer.database.values.history_row import HistoryRow
from installer.text import _

Level = Literal["full", "quick"]
DATABASE = "database"  # the kind of the properties of the schema itself
Definitions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class TableContent:
    """Holds a table's number of rows and a checksum over them; None where the server has no checksum."""

    rows: int
    checksum: int | None


@dataclass(frozen=True)
class Picture:
    """Holds the definitions and the content of a schema.

    `definitions` by kind and name; `tables`: rows and checksum, empty in a quick picture; `positions`: the
    next number of tables and sequences; `migrations`: the history, None without its table; `grants`: by
    account the statements that give its rights on the schema, without passwords, None where the user may not
    read them.
    """

    definitions: Definitions
    tables: Mapping[str, TableContent]
    positions: Mapping[str, int]
    migrations: tuple[HistoryRow, ...] | None
    grants: Mapping[str, tuple[str, ...]] | None


def kind_in_words(kind: str) -> str:
    """Returns the word for a kind of object in the user's language."""
    words = {
        DATABASE: _("database"),
        "table": _("table"),
        "sequence": _("sequence"),
        "view": _("view"),
        "trigger": _("trigger"),
        "procedure": _("procedure"),
        "function": _("function"),
        "package": _("package"),
        "package body": _("package body"),
        "event": _("event"),
        "library": _("library"),
        **_words_of_postgresql(),
    }
    return words.get(kind, kind)


def _words_of_postgresql() -> dict[str, str]:
    """Returns the words for what only PostgreSQL has; kinds that hardly anybody uses keep pg_dump's word."""
    return {
        "materialized view": _("materialized view"),
        "schema": _("schema"),
        "index": _("index"),
        "constraint": _("constraint"),
        "fk constraint": _("foreign key"),
        "default": _("default value"),
        "type": _("type"),
        "domain": _("domain"),
        "extension": _("extension"),
        "policy": _("policy"),
        "row security": _("row security"),
        "rule": _("rule"),
        "aggregate": _("aggregate"),
        "collation": _("collation"),
        "publication": _("publication"),
        "comment": _("comment"),
        "acl": _("rights on"),
        "default acl": _("default rights"),
        "event trigger": _("event trigger"),
        "sequence owned by": _("owner of the sequence"),
        "table attach": _("partition"),
        "large object": _("large object"),
    }


def fingerprints(definitions: Definitions) -> dict[str, dict[str, str]]:
    """Returns, by kind and name, the SHA-256 of each definition in hex."""
    return {
        kind: {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        for kind, texts in definitions.items()
    }
