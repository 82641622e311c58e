"""Computes the new values of a row after a statement, as SQL over its present columns."""

from dataclasses import dataclass

from installer.bundle.sql.statement_words import words_of
from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.type_families import DATES, INTEGERS, TEXTS
from installer.mariadb.server.queries import quoted

CONSTANT_WORDS = ("NULL", "TRUE", "FALSE")


@dataclass(frozen=True)
class Value:
    """Holds the SQL and the present columns that it reads."""

    sql: str
    reads: frozenset[str] = frozenset()

    @property
    def is_constant(self) -> bool:
        """Returns whether the value is the same in every row."""
        return not self.reads


@dataclass(frozen=True)
class TableChange:
    """Describes one table before and after a statement; columns by lower-case name, `renamed` new to old."""

    before: dict[str, Column]
    after: dict[str, Column]
    renamed: dict[str, str]

    def origin(self, name: str) -> Column | None:
        """Returns the present column that a later column comes from; None for a new one."""
        renamed = {new.lower(): old.lower() for new, old in self.renamed.items()}
        old = renamed.get(name.lower(), name.lower())
        is_taken = name.lower() not in renamed and old in renamed.values()
        return None if is_taken else self.before.get(old)

    def value(self, name: str, prefix: str = "") -> Value | None:
        """Returns what this column will hold, with `prefix` before each present name; None if not known."""
        new, old = self.after[name.lower()], self.origin(name)
        if old is None or (new.expression and new.expression != old.expression):
            return self._new_value(new, prefix)
        sql = _converted(old, new, prefix + quoted(old.name))
        return Value(sql, frozenset({old.name})) if sql else None

    def translated(self, sql: str, prefix: str = "") -> Value | None:
        """Translates an expression over the later columns, as the server prints it, to the present ones."""
        parts, end, reads = [], 0, frozenset[str]()
        for word in words_of(sql):
            if sql[word.start] == "`":
                value = self.value(word.name, prefix) if word.name.lower() in self.after else None
                if value is None:
                    return None
                parts += [sql[end : word.start], value.sql]
                end, reads = word.end, reads | value.reads
        return Value("".join((*parts, sql[end:])), reads)

    def _new_value(self, new: Column, prefix: str) -> Value | None:
        if new.expression:
            inner = self.translated(new.expression, prefix)
            sql = _as_text(f"({inner.sql})", new) if inner else ""
            return Value(sql, inner.reads) if inner and sql else None
        if new.is_counter:
            return None
        if new.default is None:
            return None if new.is_nullable else Value(_implicit(new)) if _implicit(new) else None
        return Value(new.default) if _is_constant(new.default) else None


def _converted(old: Column, new: Column, value: str) -> str:
    """Converts the old value to the new type, for a value that fits; empty when that is not known."""
    if (old.type, old.collation) == (new.type, new.collation):
        return value
    if old.kind in TEXTS and new.kind in TEXTS:
        return value if old.collation == new.collation else _as_text(value, new)
    if old.kind in INTEGERS and new.kind in (*INTEGERS, "decimal"):
        return value
    if (old.kind, new.kind) == ("decimal", "decimal"):
        return value if (new.scale or 0) >= (old.scale or 0) else f"ROUND({value}, {new.scale})"
    if old.kind in DATES and new.kind == "date":
        return f"CAST({value} AS DATE)"
    return ""


def _as_text(value: str, column: Column) -> str:
    return f"CONVERT({value} USING {column.charset}) COLLATE {column.collation}" if column.charset else value


def _implicit(column: Column) -> str:
    """Returns what the server fills into a new NOT NULL column without a default; empty when not known."""
    if column.kind in (*INTEGERS, "decimal", "float", "double"):
        return "0"
    return "''" if column.kind in TEXTS else ""


def _is_constant(default: str) -> bool:
    """Returns whether the default is a literal or NULL; a call may give another value for each row."""
    words = words_of(default)
    if all(word.upper.isdigit() or word.upper in ("-", ".") for word in words):
        return True
    return len(words) == 1 and (not words[0].name or words[0].upper in CONSTANT_WORDS)
