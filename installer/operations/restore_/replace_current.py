"""Replaces the content of a database by that of its backup; loads the safety backup again."""

from installer.database.records.backup_record import read_backup
from installer.database.values.problems import ContentUntouched, InterruptedUntouched
from installer.errors import AnotherRunActive, Refused
from installer.operations.plan.labels import labelled
from installer.operations.restore_.restoration import DatabaseRestoration
from installer.text import _
from installer.workflow.step import Step


def replace_current(database: DatabaseRestoration) -> Step:
    """Returns the step.

    Once it is finished, users may have changed the content: then the journal says that it is done, because
    a comparison could not. Its undo leaves content alone that is exactly as in the safety backup.
    """
    return Step(
        database.replace_step,
        labelled(database.label, _("Replace the content of the database, compare it with the backup")),
        do=lambda: _replace(database),
        undo=lambda: _load_safety_backup(database),
        is_done=lambda: _is_replaced(database),
    )


def _replace(run: DatabaseRestoration) -> str:
    assert run.prepared is not None
    _clear_up(run)
    try:
        run.prepared.load()
    except (ContentUntouched, AnotherRunActive, InterruptedUntouched):
        if not run.is_touched:
            run.journal.undone(run.replace_step)  # so that no undo loads the safety backup without need
        raise
    return run.prepared.name


def _is_replaced(run: DatabaseRestoration) -> bool:
    if run.is_replaced:
        return True
    assert run.prepared is not None
    _clear_up(run)
    return run.prepared.is_in_place()


def _clear_up(run: DatabaseRestoration) -> None:
    database = run.running_database()
    if run.is_touched:
        database.clear_up_after_load(run.plan.server_settings)


def _load_safety_backup(run: DatabaseRestoration) -> None:
    database = run.running_database()
    database.clear_up_after_load(run.plan.server_settings)
    path = run.plan.safety_path(run.site.release)
    if path is None or not run.has_safety_backup:
        raise Refused(_("There is no safety backup of the content from before."))
    safety = database.prepare_restore(read_backup(path), run.console)
    if not safety.is_in_place():
        run.journal.started(run.replace_step)  # from now on the content may be incomplete
        run.console.say(_("Loading the safety backup {name}.", name=path.name))
        safety.load()
