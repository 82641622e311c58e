"""Finds the service that runs MariaDB or MySQL by the name of its image."""

import re

from installer.bundle.variables import NoDefault, by_defaults
from installer.errors import UsageProblem
from installer.text import _
from packager.project.image_references import split_reference
from packager.project.written_services import Compose, Service

DATABASES = re.compile(r"(mariadb|mysql|percona)(-(galera|server|community-server|enterprise-server|slim))?")


def find_database(compose: Compose, told: str | None, *, has_migrations: bool) -> str | None:
    """The database's service: the one `told`, else the only one whose image is a MariaDB or MySQL.

    Raises `UsageProblem` when there are several, or none for migrations that are there.
    """
    names = [service.name for service in compose.services]
    if told is not None:
        if told not in names:
            raise UsageProblem(
                _(
                    "airlock.yml names the database service {name}, which is not in the compose file.",
                    name=told,
                ),
                details=[", ".join(names)],
            )
        return told
    found = [service.name for service in compose.services if _is_database(service)]
    if len(found) == 1 or (not found and not has_migrations):
        return found[0] if found else None
    raise UsageProblem(
        _("There are several database services.")
        if found
        else _("There are migrations, but no database service."),
        details=[", ".join(found or names)],
        hint=_("Name it in airlock.yml: `database: {{service: {name}}}`", name=(found or names)[0]),
    )


def _is_database(service: Service) -> bool:
    try:
        image = by_defaults(service.image)
    except NoDefault:
        image = service.image
    return DATABASES.fullmatch(split_reference(image).last_name) is not None
