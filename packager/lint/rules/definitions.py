"""Checks definitions that the server refuses: types, collations, AUTO_INCREMENT, foreign keys.

Source of the numbers and families: MariaDB 10.11 and 11.8 (`tests/packager/lint/test_refused.py`).
"""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddColumn,
    AddForeignKey,
    Change,
    ChangeColumn,
    ConvertCharset,
    CreateTable,
)
from packager.lint.history.replay import after
from packager.lint.history.tables import Column, ForeignKey, Table, serves
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.types import CHARACTER_BYTES, INTEGERS, TEXT_BYTES

ROW_BYTES = 65532
LONGEST = {"char": 255, "binary": 255}
KEY_FAMILIES = (
    ("char", "varchar"),
    ("decimal", "binary", "varbinary", "datetime", "timestamp", "time", "uuid", "bit", "inet6"),
    ("enum", "set", "year"),
)
NEWER_COLLATION = "_0900_"  # MariaDB 11.4 and newer support some of MySQL's


def judge_definition(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields what the server refuses even without any rows."""
    table = change.changed_table
    for column in _columns(change):
        charset = change.charset if isinstance(change, CreateTable) else None
        yield from _type(table, column, charset, context)
    yield from _collations(change)
    if context.is_sure and not (isinstance(change, CreateTable) and (change.like or context.table(table))):
        yield from _keys(change, context)


def judge_whole(name: str, context: RuleContext) -> Iterator[Finding]:
    """Yields what the whole statement must satisfy: one AUTO_INCREMENT column, and a key for it."""
    table = context.schema.table(name)
    if (
        table is None
        or table == context.before.table(name)
        or not context.is_sure
        or table.engine not in ("", "innodb")
    ):
        return
    numbered = [column for column in table.columns.values() if column.is_auto_increment]
    firsts = {columns[0].lower() for columns in _indexes(table) if columns}
    if len(numbered) > 1 or any(column.name.lower() not in firsts for column in numbered):
        yield Finding("AL126", table.name, numbered[-1].name)


def _columns(change: Change) -> Iterator[Column]:
    elements = change.elements if isinstance(change, CreateTable) else (change,)
    for one in elements:
        if isinstance(one, AddColumn | ChangeColumn):
            yield one.column


def _type(table: str, column: Column, of_table: str | None, context: RuleContext) -> Iterator[Finding]:
    longest = LONGEST.get(column.type)
    if column.type in ("varchar", "varbinary"):
        known = context.schema.tables.get(table)
        charset = column.charset or of_table or (known.charset if known else None)
        width = CHARACTER_BYTES.get(charset or "", 1) if column.type == "varchar" else 1
        longest = ROW_BYTES // width
    is_refused = context.schema.is_strict  # else the server uses another type
    if is_refused and longest is not None and column.size and column.size[0] > longest:
        yield Finding("AL127", table, column.name, str(longest), column.written_type)


def _collations(change: Change) -> Iterator[Finding]:
    table = change.changed_table
    named = [(column.name, column.collation) for column in _columns(change)]
    if isinstance(change, CreateTable | ConvertCharset):
        named.append(("", change.collation))
    for name, collation in named:
        if collation and NEWER_COLLATION in collation:
            yield Finding("AL129", table, name, now=collation)


def _keys(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields problems of new foreign keys, and of columns that become NOT NULL in a SET NULL key."""
    name = change.changed_table
    elements = change.elements if isinstance(change, CreateTable) else (change,)
    whole = context.schema
    for one in elements if isinstance(change, CreateTable) else context.statement:
        if not isinstance(one, AddForeignKey) and one.changed_table == name:
            whole = after(whole, CreateTable(name, (one,)) if whole.table(name) is None else one)
    table = whole.table(name)
    if table is None:
        return
    for one in elements:
        if isinstance(one, AddColumn) and one.column.references:
            yield from _key(table, one.column.references, context)
        if isinstance(one, AddForeignKey):
            yield from _key(table, one.key, context)
    if isinstance(change, ChangeColumn) and not change.column.is_nullable:
        for key in table.foreign_keys_with(change.column.name):
            if key.sets_null and not context.drops_foreign_key(key):
                yield Finding("AL125", name, change.column.name, was=key.name or "", now="1830")


def _key(table: Table, key: ForeignKey, context: RuleContext) -> Iterator[Finding]:
    """Yields why the server cannot make this foreign key."""
    columns = ", ".join(key.columns)
    others = [one.name for each in context.schema.tables.values() for one in each.foreign_keys]
    if (
        key.name
        and not context.drops_foreign_key(key)
        and key.name.lower() in {(n or "").lower() for n in others}
    ):
        yield Finding("AL123", table.name, key.name, now="1005")
    own = [table.column(name) for name in key.columns]
    if any(one is None for one in own):
        yield Finding("AL124", table.name, columns, now="1072")
        return
    if "." in key.to or not context.schema.checks_foreign_keys:
        return
    sets_null_on = [one for one in own if one and key.sets_null]
    primary = [name.lower() for name in table.primary_key]
    if any(not one.is_nullable or one.name.lower() in primary for one in sets_null_on):
        yield Finding("AL125", table.name, columns, was="SET NULL", now="1005")
    to = table if key.to == table.name else context.table(key.to)
    if to is None:
        if context.schema.lacks(key.to) or (not context.schema.tables and context.schema.is_whole):
            known = context.schema.in_other_case(key.to)
            yield (
                Finding("AL170", key.to, was=known, now="1005")
                if known
                else Finding("AL125", table.name, columns, was=key.to, now="150")
            )
        return
    yield from _fitting(table, key, to)


def _fitting(table: Table, key: ForeignKey, to: Table) -> Iterator[Finding]:
    columns = ", ".join(key.columns)
    pairs = [(table.column(a), to.column(b)) for a, b in zip(key.columns, key.to_columns, strict=False)]
    if not key.to_columns or len(pairs) < len(key.columns) or any(there is None for _own, there in pairs):
        yield Finding("AL125", table.name, columns, was=key.to, now="column")
    elif any(own and there and not _same_family(own, there) for own, there in pairs):
        types = ", ".join(there.written_type for _own, there in pairs if there)
        yield Finding("AL125", table.name, columns, was=types, now="type")
    elif not any(serves(index, key.to_columns) for index in _indexes(to)):
        yield Finding("AL125", table.name, columns, was=key.to, now="index")


def _indexes(table: Table) -> list[tuple[str, ...]]:
    """Returns the columns of every index that can find rows; InnoDB appends those of the primary key."""
    ordinary = [i for i in table.indexes if i.kind in ("index", "unique") and not i.has_prefix]
    return [table.primary_key, *(index.columns + table.primary_key for index in ordinary)]


def _same_family(own: Column, there: Column) -> bool:
    """Returns whether a foreign key can join the two; character sets are left to the server."""
    if own.type in TEXT_BYTES or there.type in TEXT_BYTES or "blob" in f"{own.type} {there.type}":
        return False
    if own.type in INTEGERS or there.type in INTEGERS:
        return (own.type, own.is_unsigned) == (there.type, there.is_unsigned)
    return own.type == there.type or any({own.type, there.type} <= set(one) for one in KEY_FAMILIES)
