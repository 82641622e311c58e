"""Finds the database: in the environment of its container, and in the URLs of its applications."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.bitnami import DATABASE as DATABASE_OF_BITNAMI
from installer.postgresql.server.bitnami import PORT as PORT_OF_BITNAMI
from installer.postgresql.server.bitnami import (
    credentials_of_bitnami,
    database_of_bitnami,
    reads_settings_of_bitnami,
)
from installer.postgresql.server.prisma_url import url_of_application
from installer.postgresql.server.server import answers
from installer.site.running.image_settings import Environment, not_specified, setting_of, settings_file
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.docker.reachable_place import places_of, reachable_place
from installer.system.process.process import ToolFailed
from installer.system.secret import Secret

POSTGRESQL_PORT = 5432
PREFIXES = ("POSTGRES_",)
USER_VARIABLE = "POSTGRES_USER"  # which names the database, too, where nothing else does
SUPERUSER = "postgres"  # unless POSTGRES_USER names another
TRUST = "trust"


def locate_database(service: Service, container: Container) -> DatabaseAddress:
    """Returns the address of the database that applications use, as the superuser of the container.

    Their URLs say which database and schema that is, and how sessions begin; without one, it is the database
    that the container was created with. A URL's user is taken where the container names no password. Raises
    `Refused` when neither does, unless the server asks for none, or when URLs name several databases.
    """
    environment = {**service.environment, **container.environment}
    host, port = reachable_place(container, _port(environment))
    return _address(service, container, environment, host, port)


def refuse_unclear_place(service: Service) -> None:
    """Raises `Refused` if URLs of applications name several databases or schemas of a server.

    A database whose name a file of the container says is not known before it starts.
    """
    names = (*DATABASE_OF_BITNAMI, USER_VARIABLE)  # those of the official images among them
    if not any(f"{name}_FILE" in service.environment for name in names):
        named = (service.environment[name].reveal() for name in names if name in service.environment)
        url_of_application(service, next(filter(None, named), SUPERUSER))


def answering() -> Callable[[Container], bool]:
    """Returns a function that checks whether the database server in a container answers yet.

    A container starts long before its server: the official images first run a server that listens on a socket
    only, and `pg_isready` takes it for ready. A server that has answered is not asked again.
    """
    answered: set[tuple[str, int]] = set()

    def is_answering(container: Container) -> bool:
        this_start = (container.id, container.restart_count)
        if this_start not in answered and _answers(container):
            answered.add(this_start)
        return this_start in answered

    return is_answering


def _answers(container: Container) -> bool:
    """Asks over TCP; a password that is not known is refused by the server, which is an answer, too."""
    environment = container.environment
    places = tuple(places_of(container, _port(environment)))
    user, database, password = SUPERUSER, SUPERUSER, Secret("")
    with suppress(ToolFailed):  # a file of a container that has stopped again
        user, database = _user_and_database(container, environment)
        password = _password(container, environment) or Secret("")
    addresses = (DatabaseAddress(container.id, host, port, user, password, database) for host, port in places)
    return not places or any(answers(address) for address in addresses)


def _address(
    service: Service, container: Container, environment: Environment, host: str, port: int
) -> DatabaseAddress:
    user, database = _user_and_database(container, environment)
    url = url_of_application(service, database)
    password = _password(container, environment)
    if password is None and url is not None and url.user:
        user, password = url.user, url.password
    if password is None:
        raise not_specified(service, "POSTGRES_PASSWORD")
    address = DatabaseAddress(
        container.id, host, port, user, password, database, settings=settings_file(container)
    )
    return replace(address, database=url.database, schema=url.schema, session=url.session) if url else address


def _password(container: Container, environment: Environment) -> Secret | None:
    """Returns the password of the user of `_user_and_database`; None where no variable says it."""
    if reads_settings_of_bitnami(container.image, environment):
        return credentials_of_bitnami(container, environment)[1]
    password = setting_of(container, environment, PREFIXES, "PASSWORD")
    return Secret("") if password is None and _trusts(environment) else password


def _user_and_database(container: Container, environment: Environment) -> tuple[str, str]:
    if reads_settings_of_bitnami(container.image, environment):
        user_of_bitnami = credentials_of_bitnami(container, environment)[0]
        return user_of_bitnami, database_of_bitnami(container, environment)
    user = setting_of(container, environment, PREFIXES, "USER") or Secret(SUPERUSER)
    return user.reveal(), (setting_of(container, environment, PREFIXES, "DB") or user).reveal()


def _trusts(environment: Environment) -> bool:
    method = environment.get("POSTGRES_HOST_AUTH_METHOD")
    return method is not None and method.reveal() == TRUST


def _port(environment: Environment) -> int:
    """Returns the port of the server; PGPORT is its own default, too."""
    chosen = (environment.get(name) for name in ("PGPORT", *PORT_OF_BITNAMI))
    ports = (int(one.reveal()) for one in chosen if one is not None and one.reveal().isdecimal())
    return next(ports, POSTGRESQL_PORT)
