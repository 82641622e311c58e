"""Finds the database that a folder of Prisma migrations was written for: Prisma calls it the provider.

Source: `migration_lock.toml`, which Prisma writes beside the migrations; without it, the schema above them.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from installer.errors import Refused
from installer.text import _

Provider = Literal["mysql", "postgresql"]
MYSQL: Provider = "mysql"  # Prisma writes it for MariaDB, too
POSTGRESQL: Provider = "postgresql"
PROVIDERS = (MYSQL, POSTGRESQL)
ENGINE_OF_PROVIDER: Mapping[Provider, str] = {MYSQL: "mariadb", POSTGRESQL: "postgresql"}  # as in manifests
LOCK_FILE = "migration_lock.toml"
SCHEMA_FILE = "schema.prisma"
OTHER_NAMES = {"postgres": "postgresql"}  # as a schema may call it
COMMENT = re.compile(r"//[^\n]*")
DATASOURCE = re.compile(r"^\s*datasource\s+\w+\s*\{(?P<body>[^}]*)\}", re.MULTILINE)
LISTED = re.compile(r"^\s*schemas\s*=\s*\[(?P<names>[^\]]*)\]", re.MULTILINE)
OF_SCHEMA = re.compile(r"^\s*provider\s*=\s*\"(?P<provider>[^\"]*)\"", re.MULTILINE)


def provider_of(folder: Path) -> Provider:
    """Returns the provider of the migrations in `folder`; without its lock file, what the schema above says.

    It is `mysql` if neither says anything. Raises `Refused` for a provider that is not served (P3019).
    """
    lock_file = folder / LOCK_FILE
    if not lock_file.is_file():
        return POSTGRESQL if _of_schema(folder.parent / SCHEMA_FILE) == POSTGRESQL else MYSQL
    written = _of_lock_file(lock_file)
    served = [one for one in PROVIDERS if written == [one]]
    if served:
        return served[0]
    raise Refused(
        _("The migrations are not for MariaDB, MySQL or PostgreSQL (Prisma P3019)."),
        details=[f"{lock_file}: provider = {', '.join(written) or '?'}"],
        hint=_('The provider in migration_lock.toml must be "mysql" or "postgresql".'),
    )


def refuse_other_engine(folder: Path, engine: str, service: str) -> None:
    """Raises `Refused` if the lock file says that migrations are for another kind of server (P3019).

    `engine` is the kind of the database in `service`, as manifests name it.
    """
    if (folder / LOCK_FILE).is_file() and ENGINE_OF_PROVIDER[provider := provider_of(folder)] != engine:
        raise Refused(
            _(
                "The migrations of the database {service} are for another kind of server (Prisma P3019).",
                service=service,
            ),
            details=[f'{folder / LOCK_FILE}: provider = "{provider}"', f"{service}: {engine}"],
            hint=_("Ask the vendor for a package with the migrations of this database."),
        )


def listed_schemas(folder: Path) -> tuple[str, ...]:
    """Returns the schemas that the file above a folder of migrations lists; none for a database with one."""
    found = LISTED.search(_datasource(folder.parent / SCHEMA_FILE))
    return tuple(re.findall(r"\"([^\"]*)\"", found["names"])) if found else ()


def _of_lock_file(lock_file: Path) -> list[str]:
    lines = lock_file.read_text("utf-8", "replace").splitlines()
    providers = [line.split("=", 1)[1] for line in lines if re.match(r"\s*provider\s*=", line)]
    return [provider.split("#")[0].strip().strip("\"'") for provider in providers]


def _of_schema(file: Path) -> str:
    """Returns the provider of the datasource, without that of a generator; empty if there is none."""
    found = OF_SCHEMA.search(_datasource(file))
    written = found["provider"] if found else ""
    return OTHER_NAMES.get(written, written)


def _datasource(file: Path) -> str:
    """Returns the body of the datasource without comments; empty if there is none."""
    text = COMMENT.sub("", file.read_text("utf-8", "replace")) if file.is_file() else ""
    source = DATASOURCE.search(text)
    return source["body"] if source else ""
