"""Finds the databases of a project, and which folder of migrations belongs to which of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from installer.bundle.layout import MIGRATIONS, SCHEMA
from installer.bundle.sql.provider import ENGINE_OF_PROVIDER, Provider
from installer.bundle.variables import by_defaults_if_any
from installer.errors import UsageProblem
from installer.system.docker.data_stores import ENGINE_OF_PROGRAM, program_of_image
from installer.text import _
from packager.git.checkout import Checkout
from packager.project.airlock_yml import Settings
from packager.project.databases.database_addresses import (
    addressed_schema,
    addressed_services,
    variables_of_service,
)
from packager.project.databases.unclear_databases import (
    no_database,
    not_served,
    other_provider,
    unknown_owners,
)
from packager.project.project_migrations import (
    USUAL_VARIABLE,
    ProjectMigrations,
    migration_folders,
    migrations_in,
)
from packager.project.written_services import Compose

OF_SERVERS: Mapping[str, tuple[str, ...]] = {  # variables that only images of servers read
    "postgresql": ("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_HOST_AUTH_METHOD"),
    "mariadb": ("MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD_FILE"),
}
PROVIDER_OF_ENGINE = {engine: provider for provider, engine in ENGINE_OF_PROVIDER.items()}


@dataclass(frozen=True)
class ProjectDatabase:
    """A database: its Compose service, the kind of its server, and its migrations, if there are any.

    `folder` is the path of its migrations in the package, `schema` that of its `schema.prisma`; `search_path`
    is the schema inside of the database that applications use, None for the usual one.
    """

    service: str
    engine: str
    migrations: ProjectMigrations | None
    folder: str = MIGRATIONS
    schema: str = SCHEMA
    search_path: str | None = None


def find_databases(
    compose: Compose, settings: Settings, checkout: Checkout, state: Collection[str]
) -> tuple[ProjectDatabase, ...]:
    """Returns the databases, in the order of airlock.yml, else of the compose file.

    Raises `UsageProblem` if it is not known to which of them a folder of migrations belongs, and what to
    write in airlock.yml.
    """
    services = _services(compose, settings)
    found = [migrations_in(folder, checkout) for folder in _folders(settings, checkout, state)]
    if not services and found:
        raise no_database(compose, found)
    owned = _owned(services, settings, compose, found)
    return tuple(_database(service, owned.get(service), compose, len(services) > 1) for service in services)


def _services(compose: Compose, settings: Settings) -> tuple[str, ...]:
    names = [service.name for service in compose.services]
    configured = [*settings.databases, *filter(None, [settings.database_service])]
    for name in configured:
        if name not in names:
            raise UsageProblem(
                _(
                    "airlock.yml names the database service {name}, which is not in the compose file.",
                    name=name,
                ),
                details=[", ".join(names)],
            )
        _refuse_unserved(name, compose)
    return tuple(configured or filter(lambda name: _engine_of(name, compose), names))


def _refuse_unserved(service: str, compose: Compose) -> None:
    program = _program_of(service, compose)
    if program is not None and program not in ENGINE_OF_PROGRAM:
        raise not_served(service, program, tuple(ENGINE_OF_PROGRAM))


def _program_of(service: str, compose: Compose) -> str | None:
    image = next(one.image for one in compose.services if one.name == service)
    return program_of_image(by_defaults_if_any(image))


def _engine_of(service: str, compose: Compose) -> str | None:
    """Returns the kind of server in the image of a service, by the image's name; None if it names none."""
    return ENGINE_OF_PROGRAM.get(_program_of(service, compose) or "")


def _engine_by_variables(service: str, compose: Compose) -> str | None:
    """Returns the kind of a server whose image has another name, by what its environment sets."""
    names = variables_of_service(compose, service)
    return next((engine for engine, own in OF_SERVERS.items() if names.intersection(own)), None)


def _folders(settings: Settings, checkout: Checkout, state: Collection[str]) -> tuple[str, ...]:
    """Returns the folders that airlock.yml names, else all that are found."""
    named = tuple(folder for folder in settings.databases.values() if folder is not None)
    if settings.databases:
        return named
    return (settings.migrations,) if settings.migrations is not None else migration_folders(checkout, state)


def _owned(
    services: Sequence[str], settings: Settings, compose: Compose, found: Sequence[ProjectMigrations]
) -> dict[str, ProjectMigrations]:
    """Maps services to the migrations of their databases."""
    owners = {folder: name for name, folder in settings.databases.items()}
    owned: dict[str, ProjectMigrations] = {}
    unknown = []
    for one in found:
        owner = owners.get(one.folder) or _owner(one, services, compose, found)
        if owner is None or owner in owned:
            unknown.append(one)
        else:
            owned[owner] = one
    if unknown:
        raise unknown_owners(unknown, services)
    return owned


def _owner(
    migrations: ProjectMigrations,
    services: Sequence[str],
    compose: Compose,
    found: Sequence[ProjectMigrations],
) -> str | None:
    """Returns the only service that the migrations can be for; None if there are several or none."""
    fitting = [name for name in services if _fits(name, migrations.provider, compose)]
    addressed = addressed_services(compose, migrations.variable, migrations.folder)
    named = [name for name in fitting if name in addressed]
    if len(named) == 1:
        return named[0]
    alike = [one for one in found if one.provider == migrations.provider]
    return fitting[0] if len(fitting) == len(alike) == 1 else None


def _fits(service: str, provider: Provider, compose: Compose) -> bool:
    return _engine_of(service, compose) in (None, ENGINE_OF_PROVIDER[provider])


def _database(
    service: str, migrations: ProjectMigrations | None, compose: Compose, is_one_of_several: bool
) -> ProjectDatabase:
    by_image = _engine_of(service, compose) or _engine_by_variables(service, compose)
    by_provider = ENGINE_OF_PROVIDER[migrations.provider] if migrations else None
    if migrations is not None and by_image is not None and by_image != by_provider:
        raise other_provider(service, migrations)
    engine = by_image or by_provider or ENGINE_OF_PROVIDER["mysql"]
    variable = migrations.variable if migrations else USUAL_VARIABLE
    search_path = addressed_schema(compose, service, variable)
    found = ProjectDatabase(service, engine, migrations, search_path=search_path)
    if not is_one_of_several:
        return found
    place = f"{MIGRATIONS.partition('/')[0]}/{service}"
    folder, schema = (f"{place}/{path}" for path in _last(MIGRATIONS, SCHEMA))
    return replace(found, folder=folder, schema=schema)


def _last(*paths: str) -> Iterator[str]:
    return (path.rpartition("/")[2] for path in paths)
