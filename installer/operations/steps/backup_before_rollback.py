"""Backs up the current state of the running release before a rollback."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from installer.database.door.running_database import Database
from installer.database.records.known_migrations import known_migrations
from installer.errors import AirlockError, Refused
from installer.operations.plan.import_plan import PlannedDatabase
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import has_old_files
from installer.site.paths import backups_folder
from installer.site.starting.start_again import start_again
from installer.system.clock import utc_now
from installer.system.process.signals import saying_once, uninterrupted
from installer.text import _

REASON = "before_rollback"


@contextmanager
def services_stopped(change: Change) -> Iterator[None]:
    """Stops all services of the running release but its databases; restarts them if the body fails."""
    services = _running_services(change)
    try:
        if services:
            change.console.say(_("Stopping: {services}", services=", ".join(services)))
            change.new.stop(services)
        yield
    except BaseException:  # also Ctrl-C: nothing has changed yet
        if services:
            with uninterrupted(saying_once(change.console.warn, _about_signal)):
                start_again(change.new, change.engine, services)
        raise


def back_up_before_rollback(change: Change, but: Collection[str] = ()) -> None:
    """Backs up the databases of the running release, `but` those of these services.

    Where the rollback keeps a database's current files, a backup that fails is only a warning. Otherwise
    raises `Refused`.
    """
    now = utc_now()
    for database in change.plan.databases:
        if database.service not in but:
            _back_up_or_warn(change, database, now)


def back_up_as_before_rollback(change: Change, service: str, database: Database, now: datetime) -> None:
    """Writes the backup of what the release wrote until the rollback."""
    folder = backups_folder(change.plan.release)
    folder.mkdir(mode=0o700, exist_ok=True)
    database.back_up(
        folder,
        reason=REASON,
        now=now,
        console=change.console,
        leave_out_broken_views=True,
        known_migrations=known_migrations(change.plan.release, service),
        label=change.plan.label_of(service),
    )


def _back_up_or_warn(change: Change, database: PlannedDatabase, now: datetime) -> None:
    try:
        _back_up(change, database.service, now)
    except AirlockError as obstacle:
        if not has_old_files(change.plan, database):
            raise _no_safety(obstacle) from obstacle
        message = _(
            "The current database could not be backed up; its files are kept: {problem}",
            problem=obstacle.happened,
        )
        change.console.warn(message)


def has_safety_backup(change: Change, service: str) -> bool:
    """Returns whether the current state of a database was backed up for the rollback of this import."""
    since, label = f"{change.plan.started_at:%Y%m%d_%H%M%S}", change.plan.label_of(service)
    records = backups_folder(change.plan.release).glob(f"backup_{REASON}_*.json")  # a record is written last
    return any(_stem_after(since, record.stem, label) for record in records)


def _stem_after(since: str, stem: str, label: str) -> bool:
    stamp = stem.removeprefix(f"backup_{REASON}_").removesuffix(label and f"_{label}")
    return len(stamp) == len(since) and stamp >= since


def _about_signal() -> str:
    return _("The services are being started again; this cannot be interrupted.")


def _running_services(change: Change) -> tuple[str, ...]:
    up = {one.service for one in change.containers() if one.service is not None and one.is_up}
    return tuple(sorted(up - {*change.plan.database_services}))


def _back_up(change: Change, service: str, now: datetime) -> None:
    database = change.database_of(change.new, service)
    if database is not None:
        back_up_as_before_rollback(change, service, database, now)


def _no_safety(obstacle: AirlockError) -> Refused:
    return Refused(
        _("The current database could not be backed up, so nothing was changed."),
        details=(obstacle.happened, *obstacle.details),
        hint=obstacle.hint or _("Fix the problems above, then run: ./airlock rollback"),
    )
