"""Reads columns and constraints of CREATE TABLE and ALTER TABLE … ADD into changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from packager.lint.history.changes import AddCheck, AddColumn, AddForeignKey, AddIndex, AddPrimaryKey, Change
from packager.lint.history.tables import Column, ForeignKey, Generated, Index, IndexKind
from packager.lint.sql import tokens

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.expressions import Expression

KINDS: dict[str, IndexKind] = {"FULLTEXT": "fulltext", "SPATIAL": "spatial"}
UNSIGNED = {
    "utinyint": "tinyint", "usmallint": "smallint", "umediumint": "mediumint", "uint": "int",
    "ubigint": "bigint", "udecimal": "decimal", "udouble": "double", "ufloat": "float",
}  # fmt: skip
SAME = {"timestamptz": "timestamp", "boolean": "tinyint", "ipv4": "inet4", "ipv6": "inet6"}


def read_element(table: str, text: str) -> Change:
    """Returns the change that adds this element to a table. Raises `NotSql`."""
    return _element(table, None, tokens.element(text))


def read_column(text: str) -> Column:
    """Returns a column definition. Raises `NotSql` if it is something else."""
    read = read_element("", text)
    if not isinstance(read, AddColumn):
        raise tokens.NotSql
    return read.column


def _element(table: str, name: str | None, tree: "Expression") -> Change:
    from sqlglot import exp

    if isinstance(tree, exp.Constraint) and len(tree.expressions) == 1:
        return _element(table, tree.name, tree.expressions[0])
    if isinstance(tree, exp.ColumnDef) and tree.kind is not None:
        place = tree.find(exp.ColumnPosition)
        return AddColumn(table, _column(tree), place is None, place.this.name if place and place.this else "")
    if isinstance(tree, exp.PrimaryKey):
        return AddPrimaryKey(table, _names(tree.expressions))
    if isinstance(tree, exp.ForeignKey):
        return AddForeignKey(table, _foreign_key(name or tree.name or None, tree))
    if isinstance(tree, exp.UniqueColumnConstraint) and isinstance(tree.this, exp.Schema):
        parts = tree.this.expressions
        return AddIndex(table, Index(tree.this.name or name, _names(parts), "unique", _has_prefix(parts)))
    if isinstance(tree, exp.IndexColumnConstraint):
        kind = KINDS.get(str(tree.args.get("kind")).upper(), "index")
        parts = tree.expressions
        return AddIndex(table, Index(tree.name or name, _names(parts), kind, _has_prefix(parts)))
    if isinstance(tree, exp.CheckColumnConstraint):
        return AddCheck(table, name)
    raise tokens.NotSql


def _column(tree: "exp.ColumnDef") -> Column:
    from sqlglot import exp

    kind = tree.kind
    if not isinstance(kind, exp.DataType) or not isinstance(kind.this, exp.DataType.Type):
        raise tokens.NotSql
    word = kind.this.value.lower()
    literals = [part.find(exp.Literal) for part in kind.expressions]
    serial = word == "serial"
    return Column(
        name=tree.name,
        type="bigint" if serial else UNSIGNED.get(word, SAME.get(word, word)),
        size=tuple(int(part.name) for part in literals if part is not None and part.is_int),
        values=tuple(part.name for part in literals if part is not None and part.is_string),
        is_unsigned=word in UNSIGNED or serial,
        is_nullable=_is_nullable(tree) and not serial,
        default=_default(tree),
        charset=_charset(tree),
        collation=_collation(tree),
        generated=_generated(tree),
        expression=_expression(tree),
        says_null=_has(tree, exp.NotNullColumnConstraint),
        is_auto_increment=_has(tree, exp.AutoIncrementColumnConstraint) or serial,
        is_unique=_has(tree, exp.UniqueColumnConstraint) or serial,
        is_primary=_has(tree, exp.PrimaryKeyColumnConstraint),
        is_checked=_has(tree, exp.CheckColumnConstraint),
        references=_references(tree),
    )


def _has(tree: "exp.ColumnDef", kind: "type[Expression]") -> bool:
    return any(isinstance(constraint.kind, kind) for constraint in tree.constraints)


def _is_nullable(tree: "exp.ColumnDef") -> bool:
    from sqlglot import exp

    given = [c.kind for c in tree.constraints if isinstance(c.kind, exp.NotNullColumnConstraint)]
    return bool(given[-1].args.get("allow_null")) if given else True


def _default(tree: "exp.ColumnDef") -> str | None:
    from sqlglot import exp

    given = [c.kind.this for c in tree.constraints if isinstance(c.kind, exp.DefaultColumnConstraint)]
    return str(given[-1].sql(dialect="mysql")) if given else None


def _charset(tree: "exp.ColumnDef") -> str | None:
    """Returns the character set, also if only the collation (`utf8mb4_bin`) implies it."""
    from sqlglot import exp

    kinds = [constraint.kind for constraint in tree.constraints]
    given = [str(kind.name) for kind in kinds if isinstance(kind, exp.CharacterSetColumnConstraint)]
    collation = _collation(tree)
    found = [*given, *([collation.partition("_")[0]] if collation and "_" in collation else ())]
    return found[0].lower() if found else None


def _collation(tree: "exp.ColumnDef") -> str | None:
    from sqlglot import exp

    kinds = [constraint.kind for constraint in tree.constraints]
    given = [str(kind.this.name) for kind in kinds if isinstance(kind, exp.CollateColumnConstraint)]
    if not given and any(isinstance(kind, exp.BinaryColumnConstraint) for kind in kinds):
        return "binary"  # the binary collation of the character set
    return given[0].lower() or None if given else None


def _generated(tree: "exp.ColumnDef") -> Generated:
    from sqlglot import exp

    given = [c.kind for c in tree.constraints if isinstance(c.kind, exp.ComputedColumnConstraint)]
    if not given:
        return ""
    return "stored" if given[-1].args.get("persisted") else "virtual"


def _expression(tree: "exp.ColumnDef") -> str:
    """Returns the expression of a generated column; empty for other columns."""
    from sqlglot import exp

    given = [c.kind.this for c in tree.constraints if isinstance(c.kind, exp.ComputedColumnConstraint)]
    return str(given[-1].sql(dialect="mysql")) if given else ""


def _references(tree: "exp.ColumnDef") -> ForeignKey | None:
    from sqlglot import exp

    given = [c.kind for c in tree.constraints if isinstance(c.kind, exp.Reference)]
    return _tie(None, (tree.name,), given[0]) if given else None


def _foreign_key(name: str | None, tree: "exp.ForeignKey") -> ForeignKey:
    return _tie(name, _names(tree.expressions), tree.args.get("reference"))


def _tie(name: str | None, columns: tuple[str, ...], reference: object) -> ForeignKey:
    from sqlglot import exp

    if not isinstance(reference, exp.Reference):
        raise tokens.NotSql
    to = reference.find(exp.Table)
    if to is None:
        raise tokens.NotSql
    options = [str(option).upper() for option in reference.args.get("options") or ()]
    return ForeignKey(
        name,
        columns,
        ".".join(filter(None, (to.db, to.name))),
        _names(reference.this.expressions) if isinstance(reference.this, exp.Schema) else (),
        sets_null=any(option.endswith("SET NULL") for option in options),
    )


def _has_prefix(trees: "Iterable[Expression]") -> bool:
    from sqlglot import exp

    return any(tree.find(exp.ColumnPrefix) is not None for tree in trees)


def _names(trees: "Iterable[Expression]") -> tuple[str, ...]:
    """Returns the columns of an index; expressions have no name."""
    from sqlglot import exp

    bare = (tree.this if isinstance(tree, exp.Ordered | exp.ColumnPrefix) else tree for tree in trees)
    bare = (tree.this if isinstance(tree, exp.ColumnPrefix) else tree for tree in bare)
    return tuple(str(tree.name) for tree in bare if isinstance(tree, exp.Column | exp.Identifier))
