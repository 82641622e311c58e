"""Says what to write in airlock.yml where it is not clear which migrations are for which database."""

from collections.abc import Sequence

from installer.errors import UsageProblem
from installer.text import _
from packager.project.project_migrations import ProjectMigrations
from packager.project.written_services import Compose


def no_database(compose: Compose, found: Sequence[ProjectMigrations]) -> UsageProblem:
    """Returns the error for migrations without a database."""
    names = [service.name for service in compose.services]
    return UsageProblem(
        _("There are migrations, but no database service was found."),
        details=[", ".join(names)],
        hint=_("Specify it in airlock.yml: `database: {{service: {name}}}`", name=names[0]),
    )


def not_served(service: str, program: str, products: Sequence[str]) -> UsageProblem:
    """Returns the error for a database of airlock.yml that runs a server of another kind."""
    return UsageProblem(
        _("Airlock does not serve {program}, which the service {name} runs.", program=program, name=service),
        details=[_("It serves: {products}", products=", ".join(products))],
        hint=_("Remove the service from `databases:` in airlock.yml; its data is then not backed up."),
    )


def other_provider(service: str, migrations: ProjectMigrations) -> UsageProblem:
    """Returns the error for migrations that the server of a service does not understand."""
    return UsageProblem(
        _("The migrations are for another kind of database than the service {service}.", service=service),
        details=[f"{migrations.folder}: provider = {migrations.provider}"],
        hint=_(
            "Specify the right folder for each database in airlock.yml: {line}",
            line=_line([service], [migrations]),
        ),
    )


def unknown_owners(unknown: Sequence[ProjectMigrations], services: Sequence[str]) -> UsageProblem:
    """Returns the error for folders of which nothing says whose they are."""
    if len(services) == len(unknown) == 1:
        return other_provider(services[0], unknown[0])
    if len(services) == 1:
        return _several_folders([one.folder for one in unknown])
    return UsageProblem(
        _("It is not known to which database these migrations belong."),
        details=[
            *(f"{one.folder}: provider = {one.provider}, {one.variable}" for one in unknown),
            _("Databases: {names}", names=", ".join(services)),
        ],
        hint=_("Specify it in airlock.yml, for example: {line}", line=_line(services, unknown)),
    )


def _several_folders(folders: Sequence[str]) -> UsageProblem:
    return UsageProblem(
        _("Several folders contain migrations."),
        details=folders,
        hint=_("Specify the right folder in airlock.yml: `migrations: {folder}`", folder=folders[0]),
    )


def _line(services: Sequence[str], found: Sequence[ProjectMigrations]) -> str:
    folders = [one.folder for one in found]
    pairs = zip(services, [*folders, *[""] * len(services)], strict=False)
    items = (f"{{service: {name}{f', migrations: {folder}' if folder else ''}}}" for name, folder in pairs)
    return f"`databases: [{', '.join(items)}]`"
