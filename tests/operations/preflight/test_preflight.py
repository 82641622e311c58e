"""The preflight of an upgrade beside a running release: a real engine, Compose, and MariaDB."""

import io
import shutil
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application, Image, Layer, Manifest, Requirements
from installer.errors import Refused
from installer.mariadb.server.location import locate_database
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from installer.operations.decisions.look_around import look_around
from installer.operations.preflight.findings.finding import Finding
from installer.operations.preflight.findings.surroundings import look_at_surroundings
from installer.operations.preflight.preflight import run_preflight
from installer.screen.console import Console
from installer.site.files.lent_settings import borrowed_settings
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory

pytestmark = [pytest.mark.engine, pytest.mark.database]

COMPOSE = """
services:
  db:
    image: mariadb:10.11
    container_name: ${NAME}-db
    environment: {MARIADB_ROOT_PASSWORD: "${DB_ROOT_PASSWORD:?}", MARIADB_DATABASE: vault}
    volumes: ["./data/mariadb:/var/lib/mysql"]
  web:
    image: busybox:1
    container_name: ${NAME}-web
    init: true
    command: sleep 1000
    ports: ["127.0.0.1:18201:80"]
"""
EXAMPLE = b"NAME=vault\nDB_ROOT_PASSWORD=change me\n"
READY_SECONDS = 60


@dataclass(frozen=True)
class Host:
    """An old release that runs in `folder`, and a place beside it for new ones."""

    engine: Engine
    name: str
    folder: Path

    def release(self, compose: str = COMPOSE, **changes: object) -> tuple[Path, Manifest]:
        contents = {**CONTENTS, "docker-compose.yml": compose.encode(), ".env.example": EXAMPLE}
        images = tuple(self._image(reference) for reference in ("mariadb:10.11", "busybox:1"))
        manifest = a_manifest(
            contents,
            application=Application("vault", "Vault", "2.1.2", self.name),
            images=images,
            state=("data/mariadb",),
            upgrade_from=None,
            smoke=None,
        )
        manifest = replace(manifest, **changes)
        shutil.rmtree(self.folder.parent / "vault_2.1.2_package", ignore_errors=True)
        return a_package_directory(self.folder.parent, contents, manifest), manifest

    def _image(self, reference: str) -> Image:
        stored = self.engine.image(reference)
        assert stored is not None
        layers = tuple(Layer(layer, 10) for layer in stored.diff_ids)
        return Image(reference, stored.id, stored.platform, layers)

    def preflight(self, release: Path, manifest: Manifest) -> tuple[Finding, ...]:
        console = Console(story=io.StringIO())
        with borrowed_settings(release) as settings:
            situation = look_around(
                manifest, self.engine, release, settings, from_directory=None, state_mode="copy"
            )
            return run_preflight(look_at_surroundings(situation, self.engine), console)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    name = f"f-{uuid.uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("srv") / name
    folder.mkdir()
    (folder / "docker-compose.yml").write_text(COMPOSE)
    (folder / ".env").write_text(f"NAME={name}\nDB_ROOT_PASSWORD='pa$$word'\n")
    old = Compose(folder, ("docker-compose.yml",), name)
    engine = Engine.connect()
    old.up()
    try:
        wait_for_database(engine, old)
        yield Host(engine, name, folder)
    finally:
        old.stop(timeout_seconds=0)
        old.down()


def wait_for_database(engine: Engine, old: Compose) -> None:
    deadline = time.monotonic() + READY_SECONDS
    service = old.model().services["db"]
    while True:
        container = engine.container(f"{old.project}-db")
        try:
            with connect(locate_database(service, container)):
                return
        except Refused:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def titles(findings: tuple[Finding, ...], *levels: str) -> list[str]:
    return [finding.title for finding in findings if finding.level in levels]


def test_an_upgrade_that_nothing_stands_against_passes(host: Host) -> None:
    findings = host.preflight(*host.release())
    assert titles(findings, "warning", "failed") == []
    assert [
        title for title in titles(findings, "ok") if not title.startswith(("Disk of", "Clock", "Docker "))
    ] == [
        "Architecture linux/amd64",
        "The installed version is unknown, and the package does not require one.",
        "The Docker engine sees the directory and the data",
        "The old release runs as its files say",
        f"The running database uses the files in {host.folder}/data/mariadb",
        f"Settings in {host.folder}/.env are complete",
        "Container names are free",
        "Ports are free",
        "Permissions are sufficient",
        "Database reachable; 1 migration is pending",
        f"The database's files are in {host.folder}/data/mariadb",
    ]


def test_everything_that_stands_against_it_is_told_at_once(host: Host) -> None:
    compose = COMPOSE.replace("18201", "18202").replace("mariadb:10.11", "mariadb:10.6") + (
        f'  more: {{image: "busybox:1", container_name: {host.name}-more, environment: {{A: "${{LOST}}"}}}}\n'
    )
    release, manifest = host.release(
        compose,
        requirements=Requirements("99.0", "98.0"),
        platform="linux/arm64",
        upgrade_from=">=2.0.0",
        source=replace(a_manifest().source, committed_at="2999-01-01T00:00:00Z"),
    )
    taken = output_of(("docker", "create", "--name", f"{host.name}-more", "busybox:1")).strip()
    try:
        with socket.create_server(("127.0.0.1", 18202)), pytest.raises(Refused) as refused:
            host.preflight(release, manifest)
    finally:
        output_of(("docker", "rm", taken))
    version = host.engine.version().version
    assert refused.value.happened == "The preflight found 6 problems; nothing was changed."
    assert [line for line in refused.value.details if not line.startswith((" ", "→"))] == [
        f"Docker {version} is too old for this package.",
        next(line for line in refused.value.details if line.startswith("Docker Compose")),
        "The package is for another architecture.",
        f"The container name {host.name}-more is taken by another container.",
        "Port 127.0.0.1:18202/tcp is taken by another program of this machine.",
        "The release brings an older database server, which cannot read the data.",
    ]


def test_a_port_of_a_running_container_stands_against_it_and_one_of_a_stopped_container_does_not(
    host: Host,
) -> None:
    release, manifest = host.release(COMPOSE.replace("18201", "18203"))
    words = ("--name", f"{host.name}-other", "--publish", "127.0.0.1:18203:80", "busybox:1", "sleep", "60")
    output_of(("docker", "run", "--detach", "--init", *words))
    try:
        with pytest.raises(Refused) as refused:
            host.preflight(release, manifest)
        output_of(("docker", "stop", f"{host.name}-other"))
        findings = host.preflight(release, manifest)
    finally:
        output_of(("docker", "rm", "--force", f"{host.name}-other"))
    assert (
        refused.value.details[0] == f"Port 127.0.0.1:18203/tcp is taken by the container {host.name}-other."
    )
    assert "Ports are free" in titles(findings, "ok")


def test_warnings_alone_do_not_stop_an_import(host: Host) -> None:
    compose = COMPOSE + '  more: {image: "busybox:1", environment: {A: "${LOST}"}}\n'
    source = replace(a_manifest().source, committed_at="2999-01-01T00:00:00Z")
    findings = host.preflight(*host.release(compose, upgrade_from=">=2.0.0", source=source))
    assert titles(findings, "warning", "failed") == [
        "The installed version is unknown.",
        "Variables of the compose file have no value and count as empty.",
        "The clock of this machine is behind.",
    ]


def test_a_database_that_has_no_backup_is_a_warning_with_its_name(host: Host) -> None:
    store = '  users-db: {image: "busybox:1", volumes: ["pg:/var/lib/postgresql/data"]}\nvolumes: {pg: }\n'
    findings = host.preflight(*host.release(COMPOSE + store))
    assert [(finding.title, finding.details) for finding in findings if finding.level != "ok"] == [
        ("Not all data is backed up.", ("Airlock does not back up `users-db` (PostgreSQL).",))
    ]


def test_an_old_release_that_was_edited_since_its_start_is_a_warning(host: Host) -> None:
    (host.folder / "docker-compose.yml").write_text(COMPOSE.replace("sleep 1000", "sleep 1001"))
    try:
        findings = host.preflight(*host.release())
    finally:
        (host.folder / "docker-compose.yml").write_text(COMPOSE)
    assert [(finding.title, finding.details) for finding in findings if finding.level != "ok"] == [
        (
            f"The old release's compose file or {host.folder}/.env was edited after these services had been"
            " started.",
            ("web: command",),
        )
    ]


def test_a_database_with_tables_but_no_history_stands_against_migrations(host: Host) -> None:
    old = Compose(host.folder, ("docker-compose.yml",), host.name)
    container = host.engine.container(f"{host.name}-db")
    address = locate_database(old.model().services["db"], container)
    with connect(address) as connection:
        run_sql(connection, "CREATE TABLE users (id INT)")
        try:
            with pytest.raises(Refused) as refused:
                host.preflight(*host.release())
        finally:
            run_sql(connection, "DROP TABLE users")
    assert refused.value.details[0].startswith(
        "The database schema is not empty, and has no migration history"
    )


def test_a_database_that_is_stopped_stands_against_it(host: Host) -> None:
    old = Compose(host.folder, ("docker-compose.yml",), host.name)
    old.stop(["db"])
    try:
        with pytest.raises(Refused) as refused:
            host.preflight(*host.release())
    finally:
        old.start(["db"])
        wait_for_database(host.engine, old)
    assert refused.value.details == (
        f"The database's container {host.name}-db is not running, so it cannot be backed up.",
        f"→ Start it: docker start {host.name}-db",
    )


def test_a_password_of_the_database_that_is_not_right_any_more_stands_against_it(host: Host) -> None:
    old = Compose(host.folder, ("docker-compose.yml",), host.name)
    container = host.engine.container(f"{host.name}-db")
    with connect(locate_database(old.model().services["db"], container)) as connection:
        for root in ("root@'%'", "root@localhost"):  # the other way in
            run_sql(connection, f"SET PASSWORD FOR {root} = PASSWORD('other')")
        try:
            with pytest.raises(Refused) as refused:
                host.preflight(*host.release())
        finally:
            for root in ("root@'%'", "root@localhost"):
                run_sql(connection, f"SET PASSWORD FOR {root} = PASSWORD('pa$$word')")
    assert refused.value.details[0] == "The database does not accept the password of user `root`."
    assert "pa$$word" not in str(refused.value)


def test_a_command_beside_the_services_and_an_orphan_stand_against_it(host: Host) -> None:
    old = Compose(host.folder, ("docker-compose.yml",), host.name)
    more = '  more: {image: "busybox:1", init: true, command: sleep 1000}\n'
    (host.folder / "docker-compose.yml").write_text(COMPOSE + more)
    old.up(["more"], no_deps=True)
    (host.folder / "docker-compose.yml").write_text(COMPOSE)
    name = f"{host.name}-by-hand"
    output_of(old.command("run", "--detach", "--no-deps", "--name", name, "web", "sleep", "1000"))
    try:
        with pytest.raises(Refused) as refused:
            host.preflight(*host.release())
    finally:
        output_of(("docker", "rm", "--force", name, f"{host.name}-more-1"))
    assert refused.value.details == (
        "Containers are running that the old release's compose file does not name.",
        f"  {host.name}-more-1",
        f"→ If they are not needed any more, delete them: docker rm --force {host.name}-more-1",
        "A command started with `docker compose run` is still running.",
        f"  {name}",
        f"→ Wait for it, or stop it: docker rm --force {name}",
    )


def test_an_old_release_that_was_taken_down_is_not_forgotten(host: Host) -> None:
    old = Compose(host.folder, ("docker-compose.yml",), host.name)
    release, manifest = host.release()
    shutil.copy(host.folder / ".env", release)
    old.stop(timeout_seconds=5)
    old.down()
    try:
        with pytest.raises(Refused) as refused:
            host.preflight(release, manifest)
    finally:
        old.up()
        wait_for_database(host.engine, old)
    assert refused.value.details[:2] == (
        "Data of this application exists, but none of its containers: the application would start empty.",
        f"  {host.folder}",
    )
