"""Maps the changes of PostgreSQL to the keys of their sentences in the templates."""

from packager.lint.catalogue.verdicts import Verdict, verdict_of
from packager.lint.history.changes import Change
from packager.lint.postgresql import postgresql_changes as changes

VERDICTS: dict[type[Change], Verdict] = {
    changes.BuildPrimaryKey: ("changes_primary_key", "changes"),
    changes.CheckRows: ("adds_check", "adds"),
    changes.CheckReferences: ("adds_foreign_key", "adds"),
    changes.ChangeType: ("changes_column", "changes"),
    changes.SetNotNull: ("changes_column", "changes"),
    changes.Validate: ("validates", None),
    changes.RenameConstraint: ("renames", "changes"),
    changes.Rewrite: ("rewrites", "changes"),
    changes.Reindex: ("rewrites", "changes"),
    changes.ChangeProperty: ("changes_table", "changes"),
    changes.AttachPartition: ("changes_table", "changes"),
    changes.DropRelation: ("drops_table", "changes"),
    changes.DropIndexNamed: ("drops_constraint", "changes"),
    changes.CreateEnum: ("creates_object", "adds"),
    changes.AddEnumValue: ("changes_enum", "adds"),
    changes.RenameEnumValue: ("changes_enum", "changes"),
    changes.RenameType: ("renames", "changes"),
    changes.CreateExtension: ("creates_object", "adds"),
    changes.ChangeObject: ("changes_object", "changes"),
    changes.ChangeServer: ("changes_server", "changes"),
    changes.Transaction: ("bounds_transaction", None),
    changes.SetForTransaction: ("sets_session", None),
    changes.CopyFromClient: ("inserts_rows", "adds"),
    changes.ClientCommand: ("unknown", None),
}
DROPPED: dict[changes.Dropped, Verdict] = {
    "schema": ("drops_object", "changes"),
    "type": ("drops_object", "changes"),
    "other": ("drops_code", "changes"),
}


def verdict_of_postgresql(change: Change) -> Verdict | None:
    """Returns the verdict on a change, and its weight before anything is known about the tables.

    The word CASCADE of a clause has none of its own.
    """
    if isinstance(change, changes.Cascade):
        return None
    if isinstance(change, changes.DropObject):
        return DROPPED[change.kind]
    if isinstance(change, changes.BuildIndex):
        return ("adds_unique" if change.index.kind == "unique" else "adds_index", "adds")
    return VERDICTS.get(type(change)) or verdict_of(change)
