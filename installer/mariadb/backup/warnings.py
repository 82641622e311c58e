"""Reports on a backup: warnings before it, losses in it, and its name and size."""

from installer.database.records.backup_record import Backup
from installer.mariadb.backup.dump_source import Source
from installer.mariadb.backup.untrue_columns import Loss
from installer.screen.console import Console, size
from installer.text import _, ngettext


def warn(source: Source, console: Console) -> None:
    """Warns of tables that are locked and of views that will not be in the dump."""
    if source.tables_without_transactions:
        names = ", ".join(source.tables_without_transactions)
        console.warn(_("Tables without transactions are locked during the backup: {names}", names=names))
    for view in source.broken_views:
        told = _(
            "View {name} is broken and is left out of the backup: {problem}",
            name=view.name,
            problem=view.problem,
        )
        console.warn(told)
        console.say(view.definition)


def tell(backup: Backup, source: Source, console: Console) -> None:
    """Warns of content that cannot be compared or kept, and reports the backup's name and size."""
    changing = [name for name, content in backup.tables.items() if content is None]
    if changing:
        names = ", ".join(changing)
        console.warn(
            _(
                "These tables changed during the backup and cannot be compared after a restore: {names}",
                names=names,
            )
        )
    for loss in source.lost_values:
        console.warn(_lost(loss))
    if source.rounded_columns:
        names = ", ".join(source.rounded_columns)
        console.warn(_("A dump keeps only six digits of FLOAT columns: {names}", names=names))
    console.say(_("Backup {name}: {size}, verified.", name=backup.path.name, size=size(backup.size_bytes)))


def _lost(loss: Loss) -> str:
    return ngettext(
        "{column} contains {count} value that no dump can keep; a restore would change it.",
        "{column} contains {count} values that no dump can keep; a restore would change them.",
        loss.rows,
        column=loss.column,
    )
