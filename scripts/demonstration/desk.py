"""Reads the versions, rows and dumps of a running Order Desk."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from demonstration.place import Place
from testbed.fetch import fetching

ADDRESS = "http://127.0.0.1:8090"
PASSWORDS = {
    "POSTGRES_PASSWORD": "catalogPwForTheDemo1",
    "MARIADB_ROOT_PASSWORD": "r00tPwForTheDemo1234",
    "MARIADB_PASSWORD": "ordersPwForTheDemo12",
}
IN_CATALOG = ("docker", "exec", "desk-catalog-db")
PSQL = (*IN_CATALOG, "psql", "-U", "catalog", "--no-psqlrc", "--tuples-only", "--no-align", "-F", "\t", "-c")
PG_DUMP = (*IN_CATALOG, "pg_dump", "-U", "catalog", "catalog")
AS_ROOT = 'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" exec "$@"'
IN_ORDERS = ("docker", "exec", "desk-orders-db", "sh", "-c", AS_ROOT, "sh")
MARIADB_OPTIONS = ("-uroot", "--default-character-set=utf8mb4", "--batch", "--skip-column-names")
MARIADB = (*IN_ORDERS, "mariadb", *MARIADB_OPTIONS, "orders", "-e")
MARIADB_DUMP = (
    *(*IN_ORDERS, "mariadb-dump", "-uroot", "--routines", "--events", "--triggers"),
    *("--hex-blob", "--skip-dump-date", "--order-by-primary", "orders"),
)
KEYS = ("\\restrict ", "\\unrestrict ")  # pg_dump writes a random word behind them
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Desk:
    """The application on a machine; `folder` is its release directory, below the home folder."""

    place: Place
    folder: str

    def versions(self) -> dict[str, str]:
        """Returns the version that each service reports."""
        return {
            name: json.loads(self._fetch(f"/{name}/api/health"))["version"] for name in ("catalog", "orders")
        }

    def products(self) -> Rows:
        return self._answer("/catalog/api/products")

    def customers(self) -> Rows:
        return self._answer("/orders/api/customers")

    def orders(self) -> Rows:
        return self._answer("/orders/api/orders")

    def in_catalog(self, statement: str) -> list[list[str]]:
        """Returns the rows of a statement in PostgreSQL."""
        return self._rows(*PSQL, statement)

    def in_orders(self, statement: str) -> list[list[str]]:
        """Returns the rows of a statement in MariaDB."""
        return self._rows(*MARIADB, statement)

    def dumps(self) -> dict[str, str]:
        """Returns both databases as SQL; equal text means equal data."""
        lines = self._ask(*PG_DUMP).splitlines(keepends=True)
        catalog = "".join(line for line in lines if not line.startswith(KEYS))
        return {"catalog": catalog, "orders": self._ask(*MARIADB_DUMP)}

    def running_images(self) -> set[str]:
        return set(self.place.ask("docker ps --format '{{.Names}} {{.Image}}'").splitlines())

    def _answer(self, path: str) -> Rows:
        rows: Rows = json.loads(self._fetch(path))
        return rows

    def _fetch(self, path: str) -> str:
        return self._ask(*fetching(f"{ADDRESS}{path}"))

    def _rows(self, *words: str) -> list[list[str]]:
        return [line.split("\t") for line in self._ask(*words).splitlines()]

    def _ask(self, *words: str) -> str:
        return self.place.ask(shlex.join(words))


def fill_in_passwords(env_file: Path) -> None:
    """Fills in the passwords, as an administrator does with an editor."""
    text = env_file.read_text()
    for name, password in PASSWORDS.items():
        text = text.replace(f"{name}=\n", f"{name}={password}\n")
    env_file.write_text(text)
