"""Finds the service that runs MariaDB or MySQL by the name of its image."""

from installer.bundle.variables import by_defaults_if_any
from installer.errors import UsageProblem
from installer.system.docker.data_stores import SERVED, program_of_image
from installer.text import _
from packager.project.written_services import Compose, Service


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
    return program_of_image(by_defaults_if_any(service.image)) in SERVED
