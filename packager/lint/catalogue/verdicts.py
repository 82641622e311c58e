"""Maps each change to the key of its sentence in the templates, and to its minimum weight."""

from packager.lint.catalogue.levels import Weight
from packager.lint.history import changes
from packager.lint.history.changes import Change

Verdict = tuple[str, Weight | None]
VERDICTS: dict[type[Change], Verdict] = {
    changes.CreateTable: ("creates_table", "adds"),
    changes.DropTable: ("drops_table", "changes"),
    changes.RenameTable: ("renames", "changes"),
    changes.AddColumn: ("adds_column", "adds"),
    changes.ChangeColumn: ("changes_column", "changes"),
    changes.RenameColumn: ("renames", "changes"),
    changes.DropColumn: ("drops_column", "changes"),
    changes.ChangeDefault: ("changes_default", "changes"),
    changes.AddIndex: ("adds_index", "adds"),
    changes.RenameIndex: ("renames", "changes"),
    changes.DropIndex: ("drops_constraint", "changes"),
    changes.AddPrimaryKey: ("changes_primary_key", "changes"),
    changes.DropPrimaryKey: ("changes_primary_key", "changes"),
    changes.AddForeignKey: ("adds_foreign_key", "adds"),
    changes.AddCheck: ("adds_check", "adds"),
    changes.DropForeignKey: ("drops_constraint", "changes"),
    changes.DropConstraint: ("drops_constraint", "changes"),
    changes.ConvertCharset: ("converts_character_set", "changes"),
    changes.ChangeEngine: ("changes_table", "changes"),
    changes.ChangePartitions: ("changes_table", "changes"),
    changes.ChangeOptions: ("changes_table", "changes"),
    changes.IgnoreErrors: ("ignores_errors", "changes"),
    changes.DropDatabase: ("drops_database", "changes"),
    changes.CreateCode: ("creates_code", "adds"),
    changes.DropCode: ("drops_code", "changes"),
    changes.SetOption: ("sets_session", None),
    changes.UseDatabase: ("sets_session", None),
    changes.ReadOnly: ("reads", None),
    changes.NotRead: ("unknown", None),
}
ROWS: dict[str, Verdict] = {
    "inserts": ("inserts_rows", "adds"),
    "updates": ("updates_rows", "changes"),
    "deletes": ("deletes_rows", "changes"),
    "truncates": ("truncates", "changes"),
}


def verdict_of(change: Change) -> Verdict:
    """Returns the verdict on a change, and its weight before anything is known about the tables."""
    if isinstance(change, changes.ChangeRows):
        return ROWS["updates" if change.updates_others else change.kind]
    if isinstance(change, changes.AddIndex) and change.index.kind == "unique":
        return ("adds_unique", "adds")
    return VERDICTS[type(change)]
