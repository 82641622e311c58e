"""Loads the safety backup when a restore fails after the old schema was dropped."""

import time
from typing import NoReturn

from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentDiffers
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Refused, Stuck
from installer.mariadb.restore.put_in_place import put_in_place
from installer.mariadb.restore.restored_content import Content
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.system.process.signals import uninterrupted
from installer.text import _

SERVER_RETURNS_SECONDS = 90.0  # a crashed server checks its files first when it starts again
POLL_SECONDS = 1.0


def restore_safety_backup(
    failure: BaseException,
    address: DatabaseAddress,
    wanted: Content,
    safety: Content | None,
    console: Console,
) -> NoReturn:
    """Loads the safety backup. Raises `FailedAndRestored` (`Interrupted` after Ctrl-C), otherwise `Stuck`."""
    if safety is None:
        raise _stuck(failure, wanted) from failure
    with uninterrupted():
        console.failure(failure)
        console.say(_("The restore failed. Loading the safety backup; this cannot be interrupted."))
        try:
            _wait_for_server(address)
            put_in_place(address, safety, console)
        except Exception as second:
            raise _stuck_twice(failure, second, wanted, safety) from second
    raise _outcome(failure, wanted, safety) from failure


def _wait_for_server(address: DatabaseAddress) -> None:
    deadline = time.monotonic() + SERVER_RETURNS_SECONDS
    while True:
        try:
            with connect(address, schema=False):
                return
        except Refused:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)


def _outcome(failure: BaseException, wanted: Content, safety: Content) -> AirlockError:
    before = _("The old content was restored from the safety backup {name}.", name=safety.name)
    if isinstance(failure, KeyboardInterrupt):
        return Interrupted(_("Interrupted."), details=[before])
    return FailedAndRestored(
        _("{name} was not restored.", name=wanted.name),
        details=[*_reason(failure), before],
        hint=_way_around(failure, wanted),
    )


def _way_around(failure: BaseException, wanted: Content) -> str:
    if isinstance(failure, ContentDiffers):
        return _(
            "To load it without a comparison, run: ./airlock restore --unproven {name}",
            name=wanted.name,
        )
    return _("Fix the problems above, then run: ./airlock restore {name}", name=wanted.name)


def _stuck(failure: BaseException, wanted: Content) -> Stuck:
    return Stuck(
        _("The restore stopped half-way; the database is incomplete."),
        details=_reason(failure),
        hint=_("The backup is untouched. Try again: ./airlock restore {name}", name=wanted.name),
    )


def _stuck_twice(failure: BaseException, second: Exception, wanted: Content, safety: Content) -> Stuck:
    return Stuck(
        _("The restore stopped half-way; the database is incomplete."),
        details=[
            _("Restoring {name}:", name=wanted.name),
            *_reason(failure),
            _("Loading the safety backup {name}:", name=safety.name),
            *_reason(second),
        ],
        hint=_("Both backups are untouched. Try again: ./airlock restore {name}", name=safety.name),
    )


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    if isinstance(failure, KeyboardInterrupt):
        return (_("Interrupted."),)
    return (f"{type(failure).__name__}: {failure}",)
