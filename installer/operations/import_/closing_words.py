"""Shows the end of an import: where the application answers, and the commands to use from now on."""

import socket
from collections.abc import Iterator

from installer.operations.decisions.old_version import version_of
from installer.operations.decisions.unserved_lines import other_shared_places, unserved_lines
from installer.operations.import_.addresses import addresses, checked_url
from installer.operations.plan.import_plan import PlannedDatabase, Situation, Snapshot
from installer.operations.plan.planned_conversion import Conversion
from installer.screen.console import Console
from installer.text import _


def closing_words(situation: Situation, console: Console) -> None:
    """Shows addresses and useful commands."""
    application, plan = situation.manifest.application, situation.plan
    console.say()
    console.say(_("{title} {version} is in operation.", title=application.title, version=application.version))
    for address in addresses(situation.model, checked_url(situation), socket.gethostname()):
        console.say(f"  {address}")
    console.say(_("Its directory is now {directory}. Useful commands there:", directory=plan.release))
    for command in useful_commands(situation):
        console.say(f"  {command}")
    for line in (*_way_back(situation), *unserved_lines(situation)):
        console.say(line)


def useful_commands(situation: Situation) -> Iterator[str]:
    """Lists only the commands that apply to this application."""
    yield "docker compose ps"
    yield "docker compose logs --tail 50"
    if situation.plan.databases:
        if situation.manifest.migrations:
            yield "./airlock migrate status"
        yield "./airlock backup"
    if situation.plan.previous is not None:
        yield "./airlock rollback"


def _way_back(situation: Situation) -> Iterator[str]:
    plan = situation.plan
    if plan.previous is None:
        return
    yield _(
        "The last command rolls back to {version}; keep {directory} for it.",
        version=version_of(plan.previous),
        directory=plan.previous.directory,
    )
    for snapshot in plan.copied_files:
        yield from _snapshot(snapshot)
    for database in plan.databases:
        if database.conversion is not None:
            yield from _converted(database, database.conversion)
    places = other_shared_places(situation)
    if places:
        yield _("A rollback does not undo changes in: {places}", places=", ".join(places))


def _converted(database: PlannedDatabase, conversion: Conversion) -> Iterator[str]:
    values = {"service": database.service, "engine": conversion.engine, "before": conversion.before}
    yield _("The database of {service} was converted from {engine} {before} to {after}.", **values,
            after=conversion.after)  # fmt: skip
    snapshot = database.snapshot
    if snapshot is None:
        yield _("Also keep the files of {engine} {before}, which are where they were.", **values)
        return
    yield _("Also keep the files of {engine} {before}: {path}", **values, path=snapshot.holder)
    if snapshot.volume is not None:
        yield _("When no rollback is needed any more, run: docker volume rm {name}", name=snapshot.volume)


def _snapshot(snapshot: Snapshot) -> Iterator[str]:
    yield _("Also keep the copy of the database's files: {path}", path=snapshot.holder)
    if snapshot.volume is not None:
        yield _("When no rollback is needed any more, run: docker volume rm {name}", name=snapshot.volume)
