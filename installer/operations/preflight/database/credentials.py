"""Checks whether the databases, which store their users and passwords, accept the current `.env`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import old_databases
from installer.operations.preflight.findings.finding import (
    Finding,
    failed,
    failed_if_any,
    finding_of,
    warning,
)
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import env_path
from installer.site.running.installation import Installation
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.secret import Secret
from installer.text import _

CREDENTIALS = ("USER", "PASSWORD", "DATABASE")


def check_credentials(around: Surroundings) -> Iterator[Finding]:
    """Checks both `.env` files: the new release starts with its own, a rollback with the old one's."""
    installation = around.situation.installation
    for database in old_databases(around.situation):
        if installation is not None and database.container.is_running:
            yield from _judge_database(database, installation, around)


def _judge_database(
    database: OldDatabase, installation: Installation, around: Surroundings
) -> Iterator[Finding]:
    name, container = database.service.name, database.container
    engine = engine_of_container(container)
    service_of_release = around.situation.model.services[name]
    releases = {
        installation.env_path: installation.model.services[name],
        env_path(around.situation.plan.release): service_of_release,
    }
    yield from _judge_place(engine, installation.model.services[name], service_of_release, container)
    for env, service in releases.items():
        changed = changed_credentials(container.environment, service.environment)
        if changed:
            yield judge_credentials(env, changed, engine.refused_credentials(service, container))


def _judge_place(
    engine: DatabaseEngine, old: Service, new: Service, container: Container
) -> Iterator[Finding]:
    """Fails for a release whose applications use another database or schema than the old one's."""
    try:
        moved = engine.moved_data(old, new, container)
    except Refused as obstacle:
        yield finding_of(obstacle)
    else:
        yield from judge_moved_data(new.name, moved)


def judge_moved_data(service: str, moved: str | None) -> Iterator[Finding]:
    """Fails if the release's services look elsewhere for the data of this database; `moved` says where."""
    return failed_if_any(
        _("The release's services would not find the data of the database {service}.", service=service),
        [moved] if moved else [],
        hint=_("Use the old database and schema in the URL of the services, or ask the vendor."),
    )


def changed_credentials(old: Mapping[str, Secret], new: Mapping[str, Secret]) -> list[str]:
    """Returns the names of users, passwords and schemas that differ."""
    return sorted(
        name for name in new if name.endswith(CREDENTIALS) and name in old and new[name] != old[name]
    )


def judge_credentials(env: Path, changed: list[str], refusal: str | None) -> Finding:
    """Judges the credentials in the file `env`; `refusal` is the running database's error, None for yes."""
    hint = _(
        "The existing database keeps the old values. Change them there, too, or undo the edit in {path}.",
        path=env,
    )
    if refusal is None:
        return warning(
            _("Credentials in {path} differ from those the running database was started with.", path=env),
            changed,
            hint=hint,
        )
    return failed(
        _("The running database does not accept the credentials in {path}.", path=env),
        [refusal, _("Changed since the database was started: {names}", names=", ".join(changed))],
        hint=hint,
    )
