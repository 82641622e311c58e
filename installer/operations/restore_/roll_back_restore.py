"""Goes back from a restore that was interrupted: to the content from before, with the services that ran."""

from collections.abc import Iterator

from installer.database.records.backup_record import read_backup
from installer.errors import Refused
from installer.operations.plan.restore_plan import parse_restore_plan
from installer.operations.release_directory import Site
from installer.operations.restore_.carry_out_restore import undo_restore
from installer.operations.restore_.restoration import Restoration, restoration_of
from installer.operations.restore_.restore_outcome import no_way_back
from installer.operations.way_back.standing_of_restore import where_restore_stands
from installer.operations.way_back.unfinished_runs import unfinished_restore
from installer.text import _
from installer.workflow.journal import Journal


def roll_back_restore(site: Site, *, health_seconds: float) -> None:
    """Undoes a restore that was interrupted or got stuck, after asking.

    Raises `Refused` if there is none, `Stuck` if the content was changed and has no safety backup.
    """
    with site.locked("rollback"):
        journal = unfinished_restore(site.release)
        if journal is None:
            raise Refused(
                _("There is no restore to roll back in this directory."),
                details=[_("Looked in: {path}", path=site.release)],
            )
        _roll_back(site, journal, health_seconds)


def _roll_back(site: Site, journal: Journal, health_seconds: float) -> None:
    run = restoration_of(parse_restore_plan(journal.plan()), journal, site, health_seconds)
    for line in where_restore_stands(journal, site):
        site.console.say(line)
    _refuse_obstacles(run)
    for line in _consequences(run):
        site.console.say(line)
    site.console.expect_yes(_("Roll back?"), hint=_("To skip the question, run: ./airlock rollback --yes"))
    reason = _("the restore was interrupted")
    undo_restore(run, reason)
    site.console.say(_("Everything is back as it was before the restore."))


def _refuse_obstacles(run: Restoration) -> None:
    if not run.has_way_back:
        raise no_way_back(run)
    for database in run.touched:
        path = database.plan.safety_path(run.site.release)
        assert path is not None
        safety = database.running_database().prepare_restore(read_backup(path), run.console)
        safety.refuse_obstacles(None)


def _consequences(run: Restoration) -> Iterator[str]:
    for database in run.touched:
        path = database.plan.safety_path(run.site.release)
        if path is not None:
            yield _("This loads the safety backup {name}.", name=path.name)
    if any(database.is_replaced for database in run.databases):
        yield _("Everything that was written since the backup was restored will be LOST.")
    if run.plan.running_services:
        yield _("These services run afterwards: {services}", services=", ".join(run.plan.running_services))
