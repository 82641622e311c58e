"""Checks whether the databases can be reached and backed up, and their histories fit the release."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import read_migrations
from installer.bundle.sql.provider import refuse_other_engine
from installer.database.door.database_engine import DatabaseEngine
from installer.database.door.running_database import Database
from installer.database.engines import engine_of
from installer.database.records.known_migrations import known_migrations
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import locate_old, old_databases
from installer.operations.plan.labels import labelled
from installer.operations.preflight.findings.finding import Finding, failed, finding_of, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Service
from installer.text import _, ngettext


def check_database(around: Surroundings) -> Iterator[Finding]:
    """Checks the old release's databases, and what the release says of its own."""
    yield from _descriptions(around)
    for database in old_databases(around.situation):
        label = around.situation.plan.label_of(database.service.name)
        for finding in _findings_of_one(database, around):
            yield replace(finding, title=labelled(label, finding.title))


def _descriptions(around: Surroundings) -> Iterator[Finding]:
    """Checks the kind of server that migrations are for, and where new databases will be."""
    situation = around.situation
    old = {database.service.name for database in old_databases(situation)}
    there = (one for one in situation.manifest.databases if one.service in situation.model.services)
    for described in there:
        service = situation.model.services[described.service]
        engine = engine_of(service.image, service.environment)
        yield from judge_provider(situation.plan.release / described.folder, engine.key, service.name)
        if service.name not in old:
            yield from judge_place_of_new(engine, service)


def judge_place_of_new(engine: DatabaseEngine, service: Service) -> Iterator[Finding]:
    """Fails for a database that does not exist yet, if the release does not say clearly where it will be."""
    try:
        engine.refuse_unclear_place(service)
    except Refused as obstacle:
        yield finding_of(obstacle)


def judge_provider(folder: Path, engine: str, service: str) -> Iterator[Finding]:
    """Fails for migrations of another kind of server than the `engine` of the service."""
    try:
        refuse_other_engine(folder, engine, service)
    except Refused as obstacle:
        yield finding_of(obstacle)


def _findings_of_one(database: OldDatabase, around: Surroundings) -> Iterator[Finding]:
    """Turns what prevents a look at one database into a finding, so that the others are looked at, too."""
    try:
        yield from _findings(database, around)
    except Refused as obstacle:
        yield finding_of(obstacle)


def _findings(database: OldDatabase, around: Surroundings) -> Iterator[Finding]:
    if not database.container.is_running:
        yield not_running(database.container.name, database.container.state)
        return
    installation = around.situation.installation
    known = known_migrations(installation.directory, database.service.name) if installation else ()
    running = locate_old(database)
    running.refuse_lost_tables(known)
    yield from _backup(running)
    yield from _history(running, around, database)


def not_running(name: str, state: str) -> Finding:
    """Returns the finding that a database is stopped or paused, by the engine's word for its state."""
    if state == "paused":
        return failed(
            _("The database's container {name} is paused, so it cannot be backed up.", name=name),
            hint=_("Resume it: docker unpause {name}", name=name),
        )
    return failed(
        _("The database's container {name} is not running, so it cannot be backed up.", name=name),
        hint=_("Start it: docker start {name}", name=name),
    )


def judge_history(status: MigrationStatus) -> Iterator[Finding]:
    """Reports pending migrations, and oddities that do not prevent the import."""
    yield ok(
        ngettext(
            "Database reachable; {count} migration is pending",
            "Database reachable; {count} migrations are pending",
            len(status.pending),
        )
    )
    if status.out_of_order:
        yield warning(
            _("Pending migrations are older than one that is already applied."),
            [shown(name) for name in status.out_of_order],
            hint=_("Check that they do not depend on each other."),
        )


def _backup(running: Database) -> Iterator[Finding]:
    """Checks that a backup will work: step 7 would find out after the old services were stopped."""
    try:
        running.refuse_obstacles()
    except Refused as obstacle:
        yield finding_of(obstacle)


def _history(running: Database, around: Surroundings, database: OldDatabase) -> Iterator[Finding]:
    migrations = read_migrations(around.situation.plan.release / database.migrations, database.prisma)
    status = running.history(migrations)
    pending = [migration for migration in migrations if migration.name in status.pending]
    running.refuse_unless_deployable(status, pending)
    yield from judge_history(status)
