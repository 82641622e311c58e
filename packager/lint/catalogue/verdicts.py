"""Maps each change to the key of its sentence in the templates, and to its minimum weight."""

from packager.lint.catalogue.codes import Weight
from packager.lint.history.changes import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    Change,
    ChangeColumn,
    ChangeDefault,
    ChangeEngine,
    ChangeOptions,
    ChangePartitions,
    ChangeRows,
    ConvertCharset,
    CreateCode,
    CreateTable,
    DropCode,
    DropColumn,
    DropConstraint,
    DropDatabase,
    DropForeignKey,
    DropIndex,
    DropPrimaryKey,
    DropTable,
    IgnoreErrors,
    NotRead,
    ReadOnly,
    RenameColumn,
    RenameIndex,
    RenameTable,
    SetOption,
    UseDatabase,
)

Verdict = tuple[str, Weight | None]
VERDICTS: dict[type[Change], Verdict] = {
    CreateTable: ("creates_table", "adds"),
    DropTable: ("drops_table", "changes"),
    RenameTable: ("renames", "changes"),
    AddColumn: ("adds_column", "adds"),
    ChangeColumn: ("changes_column", "changes"),
    RenameColumn: ("renames", "changes"),
    DropColumn: ("drops_column", "changes"),
    ChangeDefault: ("changes_default", "changes"),
    AddIndex: ("adds_index", "adds"),
    RenameIndex: ("renames", "changes"),
    DropIndex: ("drops_constraint", "changes"),
    AddPrimaryKey: ("changes_primary_key", "changes"),
    DropPrimaryKey: ("changes_primary_key", "changes"),
    AddForeignKey: ("adds_foreign_key", "adds"),
    AddCheck: ("adds_check", "adds"),
    DropForeignKey: ("drops_constraint", "changes"),
    DropConstraint: ("drops_constraint", "changes"),
    ConvertCharset: ("converts_character_set", "changes"),
    ChangeEngine: ("changes_table", "changes"),
    ChangePartitions: ("changes_table", "changes"),
    ChangeOptions: ("changes_table", "changes"),
    IgnoreErrors: ("ignores_errors", "changes"),
    DropDatabase: ("drops_database", "changes"),
    CreateCode: ("creates_code", "adds"),
    DropCode: ("drops_code", "changes"),
    SetOption: ("sets_session", None),
    UseDatabase: ("sets_session", None),
    ReadOnly: ("reads", None),
    NotRead: ("unknown", None),
}
ROWS: dict[str, Verdict] = {
    "inserts": ("inserts_rows", "adds"),
    "updates": ("updates_rows", "changes"),
    "deletes": ("deletes_rows", "changes"),
    "truncates": ("truncates", "changes"),
}


def verdict_of(change: Change) -> Verdict:
    """Returns the verdict on a change, and its weight before anything is known about the tables."""
    if isinstance(change, ChangeRows):
        return ROWS["updates" if change.updates_others else change.kind]
    if isinstance(change, AddIndex) and change.index.kind == "unique":
        return ("adds_unique", "adds")
    return VERDICTS[type(change)]
