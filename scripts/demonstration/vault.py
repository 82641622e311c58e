"""Reads the version, rows, files and dump of a running Customer Vault."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from demonstration.place import Place
from testbed.fetch import fetching

ADDRESS = "http://127.0.0.1:8080"
SECRET = 'MYSQL_PWD="$MARIADB_ROOT_PASSWORD"'
DUMP = "mariadb-dump -uroot --routines --events --triggers --hex-blob --skip-dump-date --order-by-primary"


@dataclass(frozen=True)
class Vault:
    """The application on a machine; `folder` is its release directory, below the home folder."""

    place: Place
    folder: str

    def version(self) -> str:
        return str(json.loads(self._fetch("/api/health"))["version"])

    def users(self) -> list[dict[str, object]]:
        answer: list[dict[str, object]] = json.loads(self._fetch("/api/users"))
        return answer

    def document(self, number: int) -> str:
        return self._fetch(f"/api/documents/{number}", " | sha256sum").split()[0]

    def query(self, statement: str) -> list[list[str]]:
        """Returns the rows of a statement, NULL as "NULL"."""
        said = self._in_database(
            f'mariadb -uroot --batch --skip-column-names "$MARIADB_DATABASE" -e "{statement}"'
        )
        return [line.split("\t") for line in said.splitlines()]

    def dump(self) -> str:
        """Returns the whole schema as SQL; equal text means equal data."""
        return self._in_database(f'{DUMP} "$MARIADB_DATABASE"')

    def uploads(self) -> dict[str, bytes]:
        """Returns every uploaded file with its content."""
        folder = self.place.home / self.folder / "uploads"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    def log(self) -> str:
        return (self.place.home / self.folder / "logs/backend.log").read_text()

    def running_images(self) -> set[str]:
        listed = self.place.ask("docker ps --format '{{.Names}} {{.Image}}'").splitlines()
        return set(listed)

    def _fetch(self, path: str, rest: str = "") -> str:
        return self.place.ask(shlex.join(fetching(f"{ADDRESS}{path}")) + rest)

    def _in_database(self, line: str) -> str:
        return self.place.ask(f"docker exec vault-db sh -c '{SECRET} {line}'")


def fill_in_passwords(env_file: Path) -> None:
    """Fills in the passwords, as an administrator does with an editor."""
    text = env_file.read_text()
    for name, password in (("DB_ROOT_PASSWORD", "r00tPwForTheDemo"), ("DB_PASSWORD", "pwForTheDemo123")):
        text = text.replace(f"{name}=\n", f"{name}={password}\n")
    env_file.write_text(text)
