"""Will the database, which keeps its users and passwords, accept what `.env` says by now?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.location import locate_database, locate_for_application
from installer.mariadb.server.server import connect
from installer.operations.plan.old_database import old_database
from installer.operations.preflight.findings.finding import Finding, failed, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import env_path
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.secret import Secret
from installer.text import _

CREDENTIALS = ("USER", "PASSWORD", "DATABASE")


def check_credentials(around: Surroundings) -> Iterator[Finding]:
    """Both `.env` files: the new release starts with its own, and going back starts with the old one's."""
    database, installation = old_database(around.situation), around.situation.installation
    if database is None or installation is None or not database.container.is_running:
        return
    name, container = database.service.name, database.container
    releases = {
        installation.env_path: installation.model.services[name],
        env_path(around.situation.plan.release): around.situation.model.services[name],
    }
    for env, service in releases.items():
        changed = changed_credentials(container.environment, service.environment)
        if changed:
            yield judge_credentials(env, changed, refusal_of(service, container))


def changed_credentials(old: Mapping[str, Secret], new: Mapping[str, Secret]) -> list[str]:
    """The names of users, passwords and schemas that differ."""
    return sorted(
        name for name in new if name.endswith(CREDENTIALS) and name in old and new[name] != old[name]
    )


def judge_credentials(env: Path, changed: list[str], refusal: str | None) -> Finding:
    """`refusal` is what the running database says to the credentials in the file `env`, None for yes."""
    hint = _(
        "An existing database keeps its own. Change them there, too, or take back the edit in {path}.",
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
        [refusal, _("Changed since it was started: {names}", names=", ".join(changed))],
        hint=hint,
    )


def refusal_of(service: Service, container: Container) -> str | None:
    """Why `service` could not go on with this database: root's credentials, the application's, the schema."""
    stranger = replace(container, environment={})
    try:
        before, after = locate_database(service, container), locate_database(service, stranger)
        _knock(after)
        if after.database != before.database:
            return _(
                "The data is in the database {old}, not in {new}.", old=before.database, new=after.database
            )
        application = locate_for_application(service, stranger)
        if application is not None and _accepts(locate_for_application(service, container)):
            _knock(application)
    except Refused as problem:
        return problem.happened
    return None


def _accepts(address: DatabaseAddress | None) -> bool:
    """Whether this user may come from here at all: its rights may be bound to the application's address."""
    try:
        if address is not None:
            _knock(address)
    except Refused:
        return False
    return address is not None


def _knock(address: DatabaseAddress) -> None:
    with connect(address):
        pass
