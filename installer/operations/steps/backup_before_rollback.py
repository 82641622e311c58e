"""Backs up the current state of the running release before a rollback."""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.database.records.known_migrations import known_migrations
from installer.errors import AirlockError, Refused
from installer.operations.services.change_context import Change
from installer.site.paths import backups_folder
from installer.site.running.start_again import start_again
from installer.system.clock import utc_now
from installer.system.process.signals import saying_once, uninterrupted
from installer.text import _

REASON = "before_rollback"


@contextmanager
def services_stopped(change: Change) -> Iterator[None]:
    """Stops all services of the running release but its database; restarts them if the body fails."""
    services = _running_services(change)
    try:
        if services:
            change.console.say(_("Stopping: {services}", services=", ".join(services)))
            change.new.stop(services)
        yield
    except BaseException:  # also Ctrl-C: nothing has changed yet
        if services:
            with uninterrupted(saying_once(change.console.warn, _about_signal)):
                start_again(change.new, change.containers, services)
        raise


def back_up_before_rollback(change: Change, *, files_are_kept: bool) -> None:
    """Backs up the database of the running release.

    `files_are_kept`: the rollback keeps the database's current files, so a backup that fails is only a
    warning. Otherwise raises `Refused`.
    """
    try:
        _back_up(change)
    except AirlockError as obstacle:
        if not files_are_kept:
            raise _no_safety(obstacle) from obstacle
        message = _(
            "The current database could not be backed up; its files are kept: {problem}",
            problem=obstacle.happened,
        )
        change.console.warn(message)


def has_safety_backup(change: Change) -> bool:
    """Returns whether the current state was backed up for the rollback of this import."""
    name, since = f"backup_{REASON}_", f"{change.plan.started_at:%Y%m%d_%H%M%S}"
    records = backups_folder(change.plan.release).glob(f"{name}*.json")  # a record is written last
    return any(record.name.removeprefix(name) > since for record in records)


def _about_signal() -> str:
    return _("The services are being started again; this cannot be interrupted.")


def _running_services(change: Change) -> tuple[str, ...]:
    up = {one.service for one in change.containers() if one.service is not None and one.is_up}
    return tuple(sorted(up - {change.plan.database}))


def _back_up(change: Change) -> None:
    database = change.database_of(change.new)
    if database is not None:
        folder = backups_folder(change.plan.release)
        database.back_up(
            folder,
            reason=REASON,
            now=utc_now(),
            console=change.console,
            leave_out_broken_views=True,
            known_migrations=known_migrations(change.plan.release),
        )


def _no_safety(obstacle: AirlockError) -> Refused:
    return Refused(
        _("The current database could not be backed up, so nothing was changed."),
        details=(obstacle.happened, *obstacle.details),
        hint=obstacle.hint or _("Fix the problems above, then run: ./airlock rollback"),
    )
