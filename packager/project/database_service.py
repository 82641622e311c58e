"""Finds the service that runs MariaDB or MySQL by the name of its image."""

import re

from installer.bundle.images.image_references import split_reference
from installer.bundle.variables import NoDefault, by_defaults
from installer.errors import UsageProblem
from installer.text import _
from packager.project.written_services import Compose, Service

DATABASES = re.compile(r"(mariadb|mysql|percona)(-(galera|server|community-server|enterprise-server|slim))?")


def find_database(compose: Compose, configured: str | None, *, has_migrations: bool) -> str | None:
    """Returns the database service: the `configured` one, else the only one with a MariaDB or MySQL image.

    Raises `UsageProblem` if there are several, or if there is none although there are migrations.
    """
    names = [service.name for service in compose.services]
    if configured is not None:
        if configured not in names:
            raise UsageProblem(
                _(
                    "airlock.yml names the database service {name}, which is not in the compose file.",
                    name=configured,
                ),
                details=[", ".join(names)],
            )
        return configured
    found = [service.name for service in compose.services if _is_database(service)]
    if len(found) == 1 or (not found and not has_migrations):
        return found[0] if found else None
    raise UsageProblem(
        _("Several database services were found.")
        if found
        else _("There are migrations, but no database service was found."),
        details=[", ".join(found or names)],
        hint=_("Specify it in airlock.yml: `database: {{service: {name}}}`", name=(found or names)[0]),
    )


def _is_database(service: Service) -> bool:
    try:
        image = by_defaults(service.image)
    except NoDefault:
        image = service.image
    return DATABASES.fullmatch(split_reference(image).last_name) is not None
