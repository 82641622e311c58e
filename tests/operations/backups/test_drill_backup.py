"""`airlock backups drill` in a release directory whose database runs: what it tells, records and leaves."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import click
import pytest

from installer.bundle.manifest.manifest import Application
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.commands.backup_verbs import COMMANDS
from installer.database.records.backup_record import Backup, read_backup
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.errors import AnotherRunActive, Refused
from installer.mariadb.content.take_picture import picture_of
from installer.mariadb.database import MariaDbDatabase
from installer.operations.release_directory import Site
from installer.screen.console import Advance, Console
from installer.site.paths import drills_path
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from installer.workflow.lock import site_lock
from tests.bundle.builders import a_manifest
from tests.mariadb.backups import backup_of
from tests.mariadb.dumps import sql
from tests.mariadb.schemas import EVERY_KIND, execute
from tests.system.compose_project import compose
from tests.testbed.age import age_key
from tests.testbed.mariadb import wait_until_ready

pytestmark = [pytest.mark.engine, pytest.mark.database]
SERVICES = """services:
  db:
    image: mariadb:10.11
    environment: {MARIADB_ROOT_PASSWORD: geheim, MARIADB_DATABASE: app}
    command: [--character-set-server=utf8mb4]
    volumes: ["./data:/var/lib/mysql"]
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A release directory whose database runs and holds an object of every kind."""
    folder = tmp_path_factory.mktemp("drill") / f"f-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    (folder / ".env").touch()
    project = compose(folder, SERVICES)
    manifest = a_manifest(application=Application("vault", "Vault", "2.1.2", folder.name))
    (folder / "manifest.json").write_bytes(dump_manifest(manifest))
    try:
        project.up()
        wait_until_ready(output_of(project.command("ps", "--quiet", "db")).strip())
        execute(address(folder), EVERY_KIND)
        yield folder
    finally:
        output_of(project.command("down", "--volumes", "--timeout", "0"))


def address(release: Path) -> DatabaseAddress:
    database = Site(release, Console(story=StringIO())).database()
    assert isinstance(database, MariaDbDatabase)
    return database.address


class Terminal:
    """Runs commands in a release directory and keeps what they print."""

    def __init__(self, release: Path, console: type[Console] = Console) -> None:
        self._results, self._story = StringIO(), StringIO()
        self._site = Site(release, console(results=self._results, story=self._story))

    def type(self, *words: str) -> "Terminal":
        """One command line; errors come through."""
        click.Group(commands=COMMANDS).main(list(words), standalone_mode=False, obj=self._site)
        return self

    @property
    def lines(self) -> list[str]:
        return self._story.getvalue().splitlines()

    @property
    def document(self) -> object:
        return json.loads(self._results.getvalue())


@pytest.fixture
def backup(release: Path) -> Iterator[Backup]:
    """The only backup of the release directory, never drilled."""
    made = backup_of(address(release), release / "backups")
    drills_path(release).unlink(missing_ok=True)
    yield made
    for path in (release / "backups").iterdir():
        path.unlink()


@pytest.fixture(autouse=True)
def leaves_nothing() -> Iterator[None]:
    """Whatever a drill does, the engine has afterwards what it had before."""
    before = in_engine()
    yield
    assert in_engine() == before


def in_engine() -> dict[str, set[str]]:
    kinds = {"container": ("--all",), "network": (), "volume": (), "image": ("--all",)}
    return {
        kind: set(output_of(("docker", kind, "ls", "--quiet", *all)).split()) for kind, all in kinds.items()
    }


def last_drill(release: Path) -> dict[str, object]:
    [listed] = Terminal(release).type("backups", "list", "--json").document  # type: ignore[misc]
    return {**(listed["last_drill"] or {})}


def test_a_backup_is_restored_elsewhere_compared_and_the_drill_is_listed(
    release: Path, backup: Backup
) -> None:
    before: Picture = picture_of(address(release))
    terminal = Terminal(release).type("backups", "drill", "--json")
    drill = last_drill(release)
    assert drill == terminal.document
    seconds = drill["seconds"]
    assert isinstance(seconds, float) and 0 < seconds < 60
    assert {key: value for key, value in drill.items() if key not in ("at", "seconds")} == {
        "by": "0.1.0",
        "file": backup.path.name,
        "result": "restored",
        "server_version": backup.server_version,
        "problems": [],
    }
    assert [terminal.lines[0], *terminal.lines[-2:]] == [
        f"Restoring {backup.path.name} into a temporary server; the site is not changed.",
        f"{backup.path.name} was restored into a temporary server: exactly as in its record.",
        f"A restore takes about {seconds} s on this host, without the safety backup before it.",
    ]
    assert Terminal(release).type("backups").lines[-1] == (
        f"Last drill of {backup.path.name}: {drill['at']}, restored exactly, {seconds} s"
    )
    assert picture_of(address(release)) == before


def test_the_database_need_not_run(release: Path, backup: Backup) -> None:
    project = Site(release, Console(story=StringIO())).compose()
    output_of(project.command("stop", "--timeout", "60", "db"))
    try:
        Terminal(release).type("backups", "drill", backup.path.name)
    finally:
        output_of(project.command("start", "db"))
        wait_until_ready(output_of(project.command("ps", "--quiet", "db")).strip())
    assert last_drill(release)["result"] == "restored"


def test_a_backup_that_is_not_what_its_record_says_fails_and_is_listed_so(
    release: Path, backup: Backup
) -> None:
    document = json.loads(backup.record_path.read_text())
    document["positions"]["invoice_number"] += 1
    backup.record_path.write_text(json.dumps(document))
    with pytest.raises(Refused) as refused:
        Terminal(release).type("backups", "drill")
    now = backup.positions["invoice_number"]
    lines = (
        f"invoice_number: the next number is {now} instead of {document['positions']['invoice_number']}",
    )
    assert (refused.value.happened, refused.value.details, refused.value.exit_code) == (
        f"The backup {backup.path.name} cannot be restored exactly.",
        lines,
        3,
    )
    drill = last_drill(release)
    assert (drill["result"], drill["problems"]) == ("failed", list(lines))


def test_a_damaged_backup_fails_without_a_server(release: Path, backup: Backup) -> None:
    backup.path.write_bytes(backup.path.read_bytes()[:-1])
    with pytest.raises(Refused):
        Terminal(release).type("backups", "drill")
    drill = last_drill(release)
    assert (drill["result"], drill["seconds"], drill["server_version"]) == ("failed", None, "")
    assert drill["problems"] == [f"The backup {backup.path.name} is damaged.", "The file is truncated."]


def test_a_backup_of_another_version_of_the_server_is_compared_by_names_and_rows(
    release: Path, backup: Backup
) -> None:
    record = backup.record_path.read_text()
    backup.record_path.write_text(record.replace(backup.server_version, "10.5.1-MariaDB"))
    terminal = Terminal(release).type("backups", "drill")
    assert last_drill(release)["result"] == "counted"
    assert "all objects and the same numbers of rows" in terminal.lines[-2]


def test_a_record_of_the_first_format_is_enough(release: Path, backup: Backup) -> None:
    document = json.loads(backup.record_path.read_text())
    for later in ("data_bytes", "recipients", "positions", "grants"):
        del document[later]
    del document["objects"]["database"]
    backup.record_path.write_text(json.dumps({**document, "format": 1}))
    assert read_backup(backup.path).positions == {}
    Terminal(release).type("backups", "drill")
    assert last_drill(release)["result"] == "restored"


def test_an_encrypted_backup_needs_its_key(release: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    key, wrong = age_key(tmp_path), age_key(tmp_path / "other")
    Terminal(release).type("backup", "--recipient", key.recipient)
    [path] = (release / "backups").glob("*.age")
    try:
        with pytest.raises(Refused) as refused:
            Terminal(release).type("backups", "drill")
        assert refused.value.hint.endswith(f"./airlock backups drill --identity KEYFILE {path.name}")
        with pytest.raises(Refused, match="cannot be decrypted"):
            Terminal(release).type("backups", "drill", "--identity", str(wrong.identity))
        assert last_drill(release) == {}
        Terminal(release).type("backups", "drill", "--identity", str(key.identity))
        assert last_drill(release)["result"] == "restored"
    finally:
        for made in (release / "backups").iterdir():
            made.unlink()


def test_what_cannot_be_drilled_is_refused_and_not_recorded(release: Path, backup: Backup) -> None:
    by_hand = release / "by-hand.sql"
    by_hand.write_text(sql("app"))
    with pytest.raises(Refused, match="not a backup made by Airlock"):
        Terminal(release).type("backups", "drill", str(by_hand))
    with pytest.raises(Refused, match="There is no backup nowhere"):
        Terminal(release).type("backups", "drill", "nowhere")
    with (
        site_lock(Site(release, Console()).name(), "import"),
        pytest.raises(AnotherRunActive),
    ):
        Terminal(release).type("backups", "drill")
    compose(release, SERVICES.replace("mariadb:10.11", "mariadb:none"))
    try:
        with pytest.raises(Refused, match="The image mariadb:none of the release is not in the engine"):
            Terminal(release).type("backups", "drill")
    finally:
        compose(release, SERVICES)
    assert last_drill(release) == {}


class Impatient(Console):
    """A person presses Ctrl-C while the backup is loaded."""

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        if title == "Loading the backup":
            raise KeyboardInterrupt
        with super().progress(title, total_bytes) as advance:
            yield advance


def test_ctrl_c_leaves_nothing_not_even_of_a_drill_that_was_killed_before(
    release: Path, backup: Backup
) -> None:
    Engine.connect().scratch(Site(release, Console()).name()).new_volume()
    with pytest.raises(click.Abort):
        Terminal(release, Impatient).type("backups", "drill")
    assert last_drill(release) == {}
