"""Reads the settings of Bitnami's PostgreSQL images, which differ from those of the official ones.

Source: `postgresql-env.sh` of these images.
"""

from collections.abc import Sequence

from installer.bundle.images.image_references import split_reference
from installer.database.values.problems import CannotRehearse
from installer.site.running.image_settings import Environment, setting_of
from installer.system.docker.data_stores import is_of_bitnami
from installer.system.docker.docker import Container
from installer.system.secret import Secret
from installer.text import _

USER = ("POSTGRESQL_USERNAME", "POSTGRES_USERNAME", "POSTGRES_USER", "POSTGRESQL_USER")
PASSWORD = ("POSTGRESQL_PASSWORD", "POSTGRES_PASSWORD")
PASSWORD_OF_SUPERUSER = ("POSTGRESQL_POSTGRES_PASSWORD", "POSTGRES_POSTGRES_PASSWORD")
DATABASE = ("POSTGRESQL_DATABASE", "POSTGRES_DATABASE", "POSTGRES_DB")
PORT = ("POSTGRESQL_PORT_NUMBER", "POSTGRES_PORT_NUMBER")
EMPTY_IS_ALLOWED = "ALLOW_EMPTY_PASSWORD"
YES = ("yes", "true", "1")
SUPERUSER = "postgres"  # whoever else is named; the name of the usual database, too
OF_IMAGE, OF_SETTINGS = "BITNAMI_", "POSTGRESQL_"  # beginnings of variables
OFFICIAL = "postgres"


def reads_settings_of_bitnami(image: str, settings: Environment) -> bool:
    """Returns whether an image is Bitnami's: by its name, or by variables that official ones do not read."""
    is_official = split_reference(image).last_name == OFFICIAL
    marks = (OF_IMAGE,) if is_official else (OF_IMAGE, OF_SETTINGS)
    return is_of_bitnami(image) or any(name.startswith(marks) for name in settings)


def credentials_of_bitnami(container: Container, environment: Environment) -> tuple[str, Secret | None]:
    """Returns the superuser with its password; the named user where that of the superuser is not set.

    The password is None where no variable says it. Raises `ToolFailed` if a file cannot be read.
    """
    named = _first(container, environment, USER)
    user, password = named.reveal() if named else SUPERUSER, _first(container, environment, PASSWORD)
    of_superuser = _first(container, environment, PASSWORD_OF_SUPERUSER)
    if user != SUPERUSER and of_superuser is not None:
        return SUPERUSER, of_superuser
    allowed = environment.get(EMPTY_IS_ALLOWED)
    if password is None and allowed is not None and allowed.reveal().lower() in YES:
        password = Secret("")
    return user, password


def database_of_bitnami(container: Container, environment: Environment) -> str:
    """Returns the name of the database that the image creates."""
    named = _first(container, environment, DATABASE)
    return named.reveal() if named else SUPERUSER


def no_temporary_server() -> CannotRehearse:
    """Returns why no temporary server is started from such an image: it would not be the same server."""
    return CannotRehearse(
        _("Bitnami's PostgreSQL images are not started as temporary servers."),
        details=[_("They keep a part of their configuration outside of the data.")],
    )


def _first(container: Container, environment: Environment, names: Sequence[str]) -> Secret | None:
    return setting_of(container, environment, names, "")
