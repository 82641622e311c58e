"""The database verbs from the command line: results on stdout, exit codes, questions."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import click
import pytest

from installer.bundle.manifest.manifest import Database as Described
from installer.bundle.sql.migrations import Migration
from installer.commands import backup_verbs, database_verbs
from installer.database.values.address import DatabaseAddress
from installer.errors import AnotherRunActive, FailedAndRestored, Refused, UsageProblem
from installer.mariadb.backup.backup import list_backups, read_backup
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.migration.failure import MigrationFailed
from installer.operations.plan.restore_plan import dump_restore_plan
from installer.operations.release_directory import Site
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.system.docker.docker import Container
from installer.workflow.journal import begin_run
from installer.workflow.lock import site_lock
from tests.mariadb.dumps import dump_by_hand
from tests.mariadb.schemas import execute, query
from tests.operations.plan.test_restore_plan import PLAN, of_one
from tests.testbed.age import age_key

pytestmark = [pytest.mark.engine, pytest.mark.database]
USERS = Migration("20260101000000_users", b"CREATE TABLE users (id INT PRIMARY KEY);")
SEED = Migration("20260102000000_seed", b"INSERT INTO users VALUES (1);")


@dataclass(frozen=True)
class OpenSite(Site):
    """A site whose database and migrations are given."""

    address: DatabaseAddress
    folders: tuple[Migration, ...]

    def name(self) -> str:
        return f"test-{self.address.database}"

    def databases(self, named: str | None = None) -> tuple[Described, ...]:
        return (Described("db", "prisma/migrations"),)

    def label_of(self, service: str) -> str:
        return ""

    def database(self, named: str | None = None) -> MariaDbDatabase:
        return MariaDbDatabase(self.address)

    def migrations(self, described: Described) -> tuple[Migration, ...]:
        return self.folders

    def started_database(self, named: str | None, deadline_seconds: float) -> MariaDbDatabase:
        return self.database()

    def containers(self) -> tuple[Container, ...]:
        return ()  # no application hangs on this database

    def services_beside_databases(self) -> tuple[str, ...]:
        return ()


class Terminal:
    """Runs commands against one site and keeps what they print."""

    def __init__(self, address: DatabaseAddress, release: Path) -> None:
        self.address, self.release = address, release
        self.stdout, self.stderr = StringIO(), StringIO()

    def type(self, *words: str, migrations: tuple[Migration, ...] = (USERS, SEED)) -> int:
        """The exit code of one command line; errors come through."""
        console = Console(results=self.stdout, story=self.stderr, answers=StringIO())
        group = click.Group(commands=[*database_verbs.COMMANDS, *backup_verbs.COMMANDS])
        obj = OpenSite(self.release, console, self.address, migrations)
        for stream in (self.stdout, self.stderr):
            stream.seek(0)
            stream.truncate()
        done = group.main(list(words), standalone_mode=False, obj=obj)
        return done if isinstance(done, int) else 0


@pytest.fixture
def terminal(database: DatabaseAddress, tmp_path: Path) -> Iterator[Terminal]:
    return Terminal(database, tmp_path)


def test_status_lists_what_is_pending_and_ends_with_3(terminal: Terminal) -> None:
    assert terminal.type("migrate", "status") == 3
    assert terminal.stdout.getvalue().splitlines() == [
        "2 migrations found in prisma/migrations",
        "",
        "Following migrations have not yet been applied:",
        "  20260101000000_users",
        "  20260102000000_seed",
    ]


def test_after_deploy_the_status_is_up_to_date(terminal: Terminal) -> None:
    assert terminal.type("migrate", "deploy") == 0
    assert terminal.type("migrate", "status") == 0
    assert terminal.stdout.getvalue().splitlines()[-1] == "Database schema is up to date!"


def test_status_as_json_has_stable_keys(terminal: Terminal) -> None:
    assert terminal.type("migrate", "status", "--json") == 3
    assert json.loads(terminal.stdout.getvalue()) == {
        "service": "db",
        "up_to_date": False,
        "found": [USERS.name, SEED.name],
        "applied": [],
        "pending": [USERS.name, SEED.name],
        "failed": [],
        "edited": [],
        "missing_locally": [],
        "out_of_order": [],
        "rolled_back_only": [],
        "invalid_indexes": [],
        "unmanaged": False,
        "running": [],
    }


def test_an_unmanaged_database_is_told_how_to_begin(terminal: Terminal) -> None:
    execute(terminal.address, "CREATE TABLE users (id INT PRIMARY KEY)")
    assert terminal.type("migrate", "status") == 3
    assert terminal.stdout.getvalue().splitlines()[-1].endswith("airlock migrate baseline LAST_MIGRATION")
    assert terminal.type("migrate", "baseline", USERS.name) == 0
    assert terminal.type("migrate", "deploy") == 0
    assert query(terminal.address, "SELECT id FROM users") == [(1,)]
    with pytest.raises(UsageProblem, match="P3017"):
        terminal.type("migrate", "baseline", "nowhere")


def test_a_failed_migration_is_shown_with_its_logs_and_can_be_resolved(terminal: Terminal) -> None:
    wrong = (USERS, Migration(SEED.name, b"INSERT INTO nobody VALUES (1);"))
    with pytest.raises(MigrationFailed):
        terminal.type("migrate", "deploy", migrations=wrong)
    assert terminal.type("migrate", "status", migrations=wrong) == 3
    assert "Failed migrations:" in terminal.stdout.getvalue()
    assert "nobody' doesn't exist" in terminal.stdout.getvalue()
    with pytest.raises(UsageProblem):
        terminal.type("migrate", "resolve", migrations=wrong)
    assert terminal.type("migrate", "resolve", "--rolled-back", SEED.name, migrations=wrong) == 0
    assert terminal.type("migrate", "deploy") == 0


def test_a_backup_is_listed_verified_and_restored_after_a_safety_backup(terminal: Terminal) -> None:
    terminal.type("migrate", "deploy")
    assert terminal.type("backup") == 0
    path = Path(terminal.stdout.getvalue().strip())
    execute(terminal.address, "DELETE FROM users")
    with pytest.raises(Refused, match="nothing was changed"):
        terminal.type("restore", path.name)
    assert terminal.type("restore", path.name, "--yes") == 0
    assert query(terminal.address, "SELECT id FROM users") == [(1,)]
    assert terminal.type("backups", "verify") == 0
    assert f"{path.name} is complete and unchanged." in terminal.stderr.getvalue().splitlines()
    assert terminal.type("backups", "--json") == 0
    listed = json.loads(terminal.stdout.getvalue())
    assert [(one["reason"], one["tables"], one["rows"]) for one in listed] == [
        ("manual", 2, 3),
        ("before_restore", 2, 2),
    ]
    assert terminal.type("backups") == 0
    assert path.name in terminal.stderr.getvalue()
    assert len(list_backups(path.parent)) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "deploy"),
        ("migrate", "resolve", "--applied", USERS.name),
        ("migrate", "baseline", USERS.name),
        ("backup",),
        ("restore", "--yes"),
    ],
)
def test_nothing_is_written_while_another_run_changes_the_site(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    terminal.type("backup")
    site = OpenSite(terminal.release, Console(), terminal.address, ())
    with site_lock(site.name(), "import"), pytest.raises(AnotherRunActive):
        terminal.type(*words)
    assert query(terminal.address, "SHOW TABLES") == []
    assert len(list_backups(site.backups_folder())) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("migrate", "deploy"),
        ("migrate", "resolve", "--applied", USERS.name),
        ("migrate", "baseline", USERS.name),
        ("backup",),
        ("backups", "prune", "--keep", "1", "--yes"),
        ("restore", "--yes"),
    ],
)
def test_nothing_is_written_while_a_restore_is_unfinished(terminal: Terminal, words: tuple[str, ...]) -> None:
    terminal.type("backup")
    journal = begin_run(runs_folder(terminal.release), PLAN.run_name, dump_restore_plan(PLAN), verb="restore")
    journal.started("stop-services")
    with pytest.raises(Refused, match="was interrupted or got stuck") as refused:
        terminal.type(*words)
    assert "./airlock restore --resume" in refused.value.hint
    assert query(terminal.address, "SHOW TABLES") == []
    assert len(list_backups(terminal.release / "backups")) == 1


def test_a_restore_of_another_database_or_a_changed_backup_does_not_go_on(terminal: Terminal) -> None:
    terminal.type("backup")
    path = Path(terminal.stdout.getvalue().strip())
    backup = {"backup": f"backups/{path.name}", "is_encrypted": False}
    alone = {"running_services": (), "healthy_services": ()}
    here = replace(of_one(**backup, database=terminal.address.database), **alone)
    other = dump_restore_plan(replace(of_one(**backup, database="other"), **alone))
    folder = runs_folder(terminal.release)
    journal = begin_run(folder, PLAN.run_name, other, verb="restore")
    journal.started("stop-services")
    with pytest.raises(Refused, match="was of another database: other"):
        terminal.type("restore", "--resume")
    (journal.folder / "plan.json").write_bytes(dump_restore_plan(here))
    with pytest.raises(Refused, match="was changed since the restore began"):
        terminal.type("restore", "--resume")
    assert terminal.type("restore", "--resume", path.name) == 0
    assert journal.end() == "done"
    with pytest.raises(Refused, match="no restore to resume"):
        terminal.type("restore", "--resume")


def test_a_restore_of_an_encrypted_backup_asks_for_its_key_again(terminal: Terminal, tmp_path: Path) -> None:
    execute(terminal.address, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    key = age_key(tmp_path)
    terminal.type("backup", "--recipient", key.recipient)
    path = Path(terminal.stdout.getvalue().strip())
    execute(terminal.address, "DROP TABLE t")
    here = {"database": terminal.address.database, "backup": f"backups/{path.name}"}
    plan = of_one(**here, sha256=read_backup(path).sha256)
    plan = replace(plan, running_services=(), healthy_services=())
    journal = begin_run(runs_folder(terminal.release), plan.run_name, dump_restore_plan(plan), verb="restore")
    journal.started("stop-services")
    with pytest.raises(Refused, match="is encrypted") as refused:
        terminal.type("restore", "--resume")
    assert refused.value.hint.endswith("./airlock restore --resume --identity KEYFILE")
    assert terminal.type("restore", "--resume", "--identity", str(key.identity)) == 0
    assert query(terminal.address, "SELECT n FROM t") == [(1,)]


def test_restoring_without_any_backup_says_how_to_make_one(terminal: Terminal) -> None:
    with pytest.raises(Refused, match="no backup") as refusal:
        terminal.type("restore")
    assert refusal.value.hint == "Make one: ./airlock backup"


def test_backups_verify_names_the_damaged_one_and_goes_on(terminal: Terminal) -> None:
    terminal.type("backup")
    damaged = Path(terminal.stdout.getvalue().strip())
    damaged.write_bytes(damaged.read_bytes() + b"\0")
    time.sleep(1)  # a name for each second
    terminal.type("backup")
    whole = Path(terminal.stdout.getvalue().strip())
    with pytest.raises(Refused, match="Some backups cannot") as refusal:
        terminal.type("backups", "verify", "--json")
    assert refusal.value.details == (damaged.name,)
    assert [(one["file"], one["is_whole"]) for one in json.loads(terminal.stdout.getvalue())] == [
        (damaged.name, False),
        (whole.name, True),
    ]
    assert f"{whole.name} is complete and unchanged." in terminal.stderr.getvalue()
    assert terminal.type("backups", "verify", whole.name) == 0


def test_backups_prune_shows_what_goes_asks_and_removes_it(terminal: Terminal) -> None:
    names = []
    for _number in range(2):
        terminal.type("backup")
        names.append(Path(terminal.stdout.getvalue().strip()).name)
        time.sleep(1)
    with pytest.raises(Refused, match="nothing was changed") as refusal:
        terminal.type("backups", "prune", "--keep", "1")
    assert refusal.value.hint.endswith("./airlock backups prune --keep 1 --yes")
    assert names[0] in terminal.stderr.getvalue()
    assert terminal.type("backups", "prune", "--keep", "1", "--yes", "--json") == 0
    assert json.loads(terminal.stdout.getvalue()) == {"removed": [names[0]], "needed": []}
    terminal.type("backup", "--keep", "1")
    assert terminal.type("backups", "list", "--json") == 0
    assert len(json.loads(terminal.stdout.getvalue())) == 1


def test_a_dump_made_by_hand_is_looked_through_restored_and_told(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("migrate", "deploy")
    path = dump_by_hand(terminal.address, tmp_path / "by-hand.sql")
    execute(terminal.address, "DELETE FROM users")
    with pytest.raises(Refused, match="nothing was changed"):
        terminal.type("restore", str(path))
    assert "The dump contains no routines" in terminal.stderr.getvalue()
    assert terminal.type("restore", str(path), "--yes") == 0
    assert query(terminal.address, "SELECT id FROM users") == [(1,)]
    told = [line.strip() for line in terminal.stderr.getvalue().splitlines()]
    begins = told.index("by-hand.sql is loaded. There is no record to compare it with.")
    assert told[begins + 1 : begins + 3] == [
        "Tables: 2, rows: 3",
        f"Migrations applied: 2, the last: {SEED.name}",
    ]
    with pytest.raises(Refused, match=r"There is no backup nowhere\.sql"):
        terminal.type("restore", "nowhere.sql", "--yes")


def test_a_backup_whose_record_is_wrong_can_be_restored_unproven_and_without_safety(
    terminal: Terminal,
) -> None:
    terminal.type("migrate", "deploy")
    terminal.type("backup")
    path = Path(terminal.stdout.getvalue().strip())
    record = path.with_name(path.name.replace(".sql.gz", ".json"))
    record.write_text(record.read_text().replace('"rows": 1', '"rows": 7'))
    execute(terminal.address, "INSERT INTO users VALUES (2)")
    with pytest.raises(FailedAndRestored) as failed:
        terminal.type("restore", path.name, "--yes")
    assert "users: 1 rows instead of 7" in failed.value.details
    assert query(terminal.address, "SELECT id FROM users") == [(1,), (2,)]
    assert terminal.type("restore", path.name, "--yes", "--unproven", "--no-safety-backup") == 0
    assert "Warning: Without a safety backup" in terminal.stderr.getvalue()
    assert query(terminal.address, "SELECT id FROM users") == [(1,)]


def test_a_backup_made_for_readers_of_a_key_is_restored_with_it(terminal: Terminal, tmp_path: Path) -> None:
    execute(terminal.address, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    key = age_key(tmp_path)
    assert terminal.type("backup", "--recipient", key.recipient) == 0
    path = Path(terminal.stdout.getvalue().strip())
    assert path.name.endswith(".sql.gz.age")
    assert terminal.type("backups", "verify") == 0
    assert "its content was not read" in terminal.stderr.getvalue()
    assert terminal.type("backups", "verify", "--identity", str(key.identity)) == 0
    assert f"{path.name} is complete and unchanged." in terminal.stderr.getvalue()
    execute(terminal.address, "DROP TABLE t")
    assert terminal.type("restore", path.name, "--yes", "--identity", str(key.identity)) == 0
    assert query(terminal.address, "SELECT n FROM t") == [(1,)]
