"""A small application on PostgreSQL whose releases bring another major version of the server each."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.manifest.manifest import Database, MigrationEntry
from installer.system.process.process import output_of, run
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.bundle.builders import sha256
from tests.faults.test_crash import journal_of
from tests.operations.small_site import BUSYBOX, SmallSite

ROOT = Path(__file__).parents[3]
HEALTH_SECONDS = 240.0
LOAD_SECONDS = 240.0
ROWS = 200_000
COMPOSE = """
services:
  web: {image: "busybox:1", command: sleep 9999, init: true}
  db:
    image: postgres:%s
    environment: {POSTGRES_PASSWORD: secret, POSTGRES_DB: app}
    volumes: ["%s"]
    healthcheck: {test: ["CMD", "pg_isready", "-h", "127.0.0.1"], interval: 1s, retries: 90}
volumes: {orders: , newer: }
"""
SCRIPTS = {
    "1_init": "CREATE TABLE orders (id int PRIMARY KEY, item text);",
    "2_note": "ALTER TABLE orders ADD note text NOT NULL DEFAULT 'none';",
}
FOLDER = "prisma/migrations"
IS_LOADING = "SELECT count(*) FROM pg_database WHERE datname LIKE '%airlock_new'"


@dataclass(frozen=True)
class OrdersSite:
    """A site whose releases have one database."""

    site: SmallSite

    def release(self, version: str, major: int, volume: str, last: int) -> Path:
        """A package with the first migrations, on this major version, with this line of volumes."""
        output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[f"postgres:{major}"]))))
        known = {name: text.encode() for name, text in SCRIPTS.items() if int(name[0]) <= last}
        files = {f"{FOLDER}/{name}/migration.sql": text for name, text in known.items()}
        files[f"{FOLDER}/migration_lock.toml"] = b'provider = "postgresql"'
        entries = tuple(MigrationEntry(name, sha256(text)) for name, text in known.items())
        return self.site.release(
            version,
            COMPOSE % (major, volume),
            files,
            "data",
            databases=(Database("db", FOLDER, entries, "postgresql"),),
            references=(BUSYBOX, f"postgres:{major}"),
        )

    def go_to(self, release: Path, **asked: object) -> str:
        return self.site.import_(release, health_seconds=HEALTH_SECONDS, **asked)

    def sql(self, statement: str, database: str = "app") -> str:
        words = ("psql", "-U", "postgres", "-d", database, "-A", "-t", "-c", statement)
        return self.site.says("db", *words).strip()

    def fill(self, rows: int) -> None:
        """Rows, a role with rights, and a second database that no migration knows."""
        self.sql(f"INSERT INTO orders SELECT n, 'item ' || n FROM generate_series(1, {rows}) AS n")
        self.sql("CREATE ROLE clerk LOGIN PASSWORD 'x'")
        self.sql("GRANT SELECT ON orders TO clerk")
        self.sql("CREATE DATABASE beside")
        self.sql("CREATE TABLE notes AS SELECT 'kept' AS body", "beside")

    def content(self) -> tuple[str, ...]:
        """What must be the same before and after: the version of the server is not."""
        return (
            self.sql("SELECT count(*), sum(hashtextextended(id || item, 0)::numeric) FROM orders"),
            self.sql("SELECT has_table_privilege('clerk', 'orders', 'SELECT')"),
            self.sql("SELECT body FROM notes", "beside"),
        )

    def major(self) -> str:
        return self.sql("SHOW server_version").partition(".")[0]

    def volumes(self) -> set[str]:
        """The volumes of the engine, without those that nobody named."""
        return {name for name in self.site.engine.volumes() if len(name) != 64}

    def kill_while_loading(self, release: Path) -> None:
        """Kills an import without a warning once its new server has begun to load."""
        process = subprocess.Popen(
            (sys.executable, "-m", "installer", "import", "--yes", "--rehearse", "never"),
            cwd=release,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + LOAD_SECONDS
        while not self._is_loading(release):
            assert process.poll() is None and time.monotonic() < deadline, process.returncode
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def resume(self, release: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            (sys.executable, "-m", "installer", "--lang", "en", "import", "--resume", "--yes"),
            cwd=release,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def _is_loading(self, release: Path) -> bool:
        """Returns whether a temporary server, which serves no service, loads a database behind the border."""
        if "started back-up" not in journal_of(release):
            return False
        listed = run(("docker", "ps", "--quiet", "--filter", "label=airlock.scratch")).stdout.split()
        asked = ("psql", "-h", "127.0.0.1", "-U", "postgres", "-A", "-t", "-c", IS_LOADING)
        said = (run(("docker", "exec", id, *asked)) for id in listed)
        return any(one.exit_code == 0 and one.stdout.strip() == "1" for one in said)
