"""Keeps today's state of the release in operation before going back from it."""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.database.records.known_migrations import known_migrations
from installer.errors import AirlockError, Refused
from installer.operations.services.change import Change
from installer.site.paths import backups_folder
from installer.site.running.start_again import start_again
from installer.system.clock import utc_now
from installer.text import _

REASON = "before_rollback"


@contextmanager
def services_stopped(change: Change) -> Iterator[None]:
    """Stop all services of the release in operation but its database; start them again if the body fails."""
    services = _running_services(change)
    try:
        if services:
            change.console.say(_("Stopping: {services}", services=", ".join(services)))
            change.new.stop(services)
        yield
    except BaseException:  # Ctrl-C, too: nothing has changed yet
        if services:
            start_again(change.new, change.containers(), services)
        raise


def secure_today(change: Change, *, files_are_kept: bool) -> None:
    """Back up the database of the release in operation.

    `files_are_kept`: what the database's files are now is set aside, so that a backup that cannot be made
    is only told. Otherwise that raises `Refused`.
    """
    try:
        _back_up(change)
    except AirlockError as obstacle:
        if not files_are_kept:
            raise _no_safety(obstacle) from obstacle
        words = _(
            "Today's database could not be backed up; its files are set aside: {problem}",
            problem=obstacle.happened,
        )
        change.console.warn(words)


def has_safety_backup(change: Change) -> bool:
    """Whether today's state was backed up for going back from this import."""
    name, since = f"backup_{REASON}_", f"{change.plan.started_at:%Y%m%d_%H%M%S}"
    records = backups_folder(change.plan.release).glob(f"{name}*.json")  # a record is written last
    return any(record.name.removeprefix(name) > since for record in records)


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
        _("Today's database could not be backed up, so nothing was changed."),
        details=(obstacle.happened, *obstacle.details),
        hint=obstacle.hint or _("Fix the problems above, then run: ./airlock rollback"),
    )
