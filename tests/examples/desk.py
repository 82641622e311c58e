"""A running Order Desk on the engine of this run, and its databases, as a person reaches them by hand."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.command import output_of
from testbed.fetch import fetching
from testbed.images import RECIPES
from testbed.images.recipe import image_archive

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "order-desk"
ADDRESS = "http://127.0.0.1:8090"
POSTGRES, ROOT, USER = "catalogS3cret0123456789", "r00tS3cret0123456789", "ordersS3cret0123456789"
ENV = f"""\
POSTGRES_PASSWORD={POSTGRES}
MARIADB_ROOT_PASSWORD={ROOT}
MARIADB_PASSWORD={USER}
PROXY_PORT=8090
"""
PSQL = (
    *("docker", "exec", "--interactive", "desk-catalog-db", "psql", "--username", "catalog", "--no-psqlrc"),
    *("--quiet", "--tuples-only", "--no-align", "--field-separator", "\t", "--set", "ON_ERROR_STOP=1"),
)
IN_MARIADB = ("docker", "exec", "--interactive", "--env", f"MYSQL_PWD={ROOT}", "desk-orders-db")
MARIADB = (*IN_MARIADB, "mariadb", "-uroot", "--default-character-set=utf8mb4", "--skip-column-names")
DUMP = (*IN_MARIADB, "mariadb-dump", "-uroot", "--skip-dump-date", "--order-by-primary", "--triggers")


@dataclass(frozen=True)
class Ran:
    """What a client did with a script: its exit code, the rows it wrote, and its errors."""

    code: int
    rows: list[list[str]]
    errors: str


DONE = Ran(0, [], "")


def checkout(version: str, directory: Path) -> Path:
    """Writes the source tree of a version; returns its directory."""
    output_of(sys.executable, EXAMPLE / "checkout", version, directory)
    return directory


@contextmanager
def running(directory: Path) -> Iterator[None]:
    """Builds the images of a source tree and runs it while the body runs; deletes its data afterwards."""
    output_of("docker", "load", "--quiet", "--input", image_archive(RECIPES["postgres:17"]))
    (directory / ".env").write_text(ENV)
    try:
        _compose(directory, "up", "--build", "--detach", "--wait")
        yield
    finally:
        _compose(directory, "down", "--volumes", "--timeout", "1")


def seed() -> str:
    """Adds the seed's rows; returns what it says."""
    return output_of(sys.executable, EXAMPLE / "seed", ADDRESS)


def answer(path: str) -> object:
    """Returns the answer of the application, read from JSON."""
    return json.loads(output_of(*fetching(ADDRESS + path)))


def migrations(service: str, release: str) -> list[str]:
    """Returns the scripts that a release adds for a service, in order."""
    tree = EXAMPLE / ("app" if release == "1.0.0" else f"releases/{release}")
    return [path.read_text() for path in sorted((tree / service).glob("prisma/migrations/*/migration.sql"))]


def in_catalog(script: str, database: str = "catalog") -> Ran:
    """Runs a script in PostgreSQL as one message, as Prisma does: it fails as a whole."""
    return _ran((*PSQL, "--dbname", database, "--command", script))


def in_orders(script: str, database: str = "orders") -> Ran:
    """Runs a script in MariaDB, statement by statement up to the first that fails."""
    return _ran((*MARIADB, database), script)


def copy_databases(name: str) -> None:
    """Copies both databases to new ones of this name, each in its own server."""
    assert in_catalog(f'CREATE DATABASE "{name}" TEMPLATE "catalog"', "postgres") == DONE
    assert in_orders(f"CREATE DATABASE `{name}`") == DONE
    assert in_orders(output_of(*DUMP, "orders"), name) == DONE


def call(version: str, service: str, database: str, statement: str) -> str:
    """Runs Python in a new container of a service, with a copied database; returns its output."""
    urls = {
        "catalog": f"CATALOG_DATABASE_URL=postgresql://catalog:{POSTGRES}@catalog-db:5432/{database}",
        "orders": f"ORDERS_DATABASE_URL=mysql://root:{ROOT}@orders-db:3306/{database}",
    }
    return output_of(
        *("docker", "run", "--rm", "--network", "order-desk_default", "--env", urls[service]),
        *(f"order-desk/{service}:{version}", "python3", "-c", statement),
    )


def build(version: str, directory: Path) -> None:
    """Builds the images of both services of a source tree, tagged with the version."""
    for service in ("catalog", "orders"):
        output_of(
            "docker", "build", "--quiet", "--tag", f"order-desk/{service}:{version}", directory / service
        )


def _compose(directory: Path, *words: str) -> None:
    output_of("docker", "compose", "--project-directory", directory, *words)


def _ran(words: Sequence[str], given: str = "") -> Ran:
    done = subprocess.run(words, input=given, capture_output=True, text=True, check=False)
    return Ran(done.returncode, [line.split("\t") for line in done.stdout.splitlines()], done.stderr)
