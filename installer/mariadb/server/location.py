"""Finds the application's database, with user and password, in the environment of its container."""

from collections.abc import Callable

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.server import speaks
from installer.site.running.image_settings import Environment, not_specified, setting_of, settings_file
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.docker.reachable_place import places_of, reachable_place
from installer.system.secret import Secret
from installer.text import _

MARIADB_PORT = 3306
PREFIXES = ("MARIADB_", "MYSQL_")
ROOT = "root"
EMPTY_IS_ALLOWED = tuple(
    f"{prefix}ALLOW_EMPTY_{kind}PASSWORD" for prefix in PREFIXES for kind in ("ROOT_", "")
)
ALLOWED_BY_BITNAMI, YES = "ALLOW_EMPTY_PASSWORD", ("yes", "true", "1")
UNKNOWN_ROOT = ("RANDOM_ROOT_PASSWORD", "ROOT_PASSWORD_HASH")


def locate_database(service: Service, container: Container) -> DatabaseAddress:
    """Returns the address of the schema that the container was created with, as root where possible.

    Raises `Refused` when its environment names no schema or no password.
    """
    environment = {**service.environment, **container.environment}
    user, password = _credentials(service, container, environment)
    host, port = reachable_place(container, MARIADB_PORT)
    schema = setting_of(container, environment, PREFIXES, "DATABASE")
    if schema is None:
        raise not_specified(service, "MARIADB_DATABASE")
    otherwise = _for_application(container, environment, (host, port)) if user == ROOT else None
    return DatabaseAddress(
        container.id, host, port, user, password, schema.reveal(), otherwise, settings_file(container)
    )


def locate_for_application(service: Service, container: Container) -> DatabaseAddress | None:
    """Returns the schema's address as the application's user of the image; None where it creates none."""
    environment = {**service.environment, **container.environment}
    return _for_application(container, environment, reachable_place(container, MARIADB_PORT))


def _for_application(
    container: Container, environment: Environment, place: tuple[str, int]
) -> DatabaseAddress | None:
    user, password, schema = (
        setting_of(container, environment, PREFIXES, name) for name in ("USER", "PASSWORD", "DATABASE")
    )
    if user is None or password is None or schema is None:
        return None
    return DatabaseAddress(
        container.id, *place, user.reveal(), password, schema.reveal(), settings=settings_file(container)
    )


def answering() -> Callable[[Container], bool]:
    """Returns a function that checks whether the database server in a container answers yet.

    A container starts long before its server: the official images first run a server that listens on a socket
    only. A server that has answered is not asked again, because a server blocks a host that connects too
    often.
    """
    answered: set[tuple[str, int]] = set()

    def answers(container: Container) -> bool:
        this_start = (container.id, container.restart_count)
        places = tuple(places_of(container, MARIADB_PORT))
        if this_start not in answered and (not places or any(speaks(*place) for place in places)):
            answered.add(this_start)
        return this_start in answered

    return answers


def _credentials(service: Service, container: Container, environment: Environment) -> tuple[str, Secret]:
    root = setting_of(container, environment, PREFIXES, "ROOT_PASSWORD")
    if root is not None:
        return ROOT, root
    if _may_be_empty(environment):
        return ROOT, Secret("")
    user, password = (setting_of(container, environment, PREFIXES, name) for name in ("USER", "PASSWORD"))
    if user is None or password is None:
        raise (
            _unknown_root(service)
            if _has_unknown_root(environment)
            else not_specified(service, "MARIADB_ROOT_PASSWORD")
        )
    return user.reveal(), password


def _may_be_empty(environment: Environment) -> bool:
    by_bitnami = environment.get(ALLOWED_BY_BITNAMI)
    if by_bitnami is not None and by_bitnami.reveal().lower() in YES:
        return True
    return any(name in environment for name in EMPTY_IS_ALLOWED)


def _has_unknown_root(environment: Environment) -> bool:
    return any(f"{prefix}{name}" in environment for prefix in PREFIXES for name in UNKNOWN_ROOT)


def _unknown_root(service: Service) -> Refused:
    return Refused(
        _("The root password of the database in service {service} is not known.", service=service.name),
        details=[_("The password was generated at random, or only its hash is set.")],
        hint=_(
            "Create a user with all rights on the database, and set MARIADB_USER and"
            " MARIADB_PASSWORD to its name and password."
        ),
    )
