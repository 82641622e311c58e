import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.site.running.installation import Installation, find_installation
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.containers import Container
from installer.system.docker.docker import Engine
from tests.operations.preflight.containers import a_container

MODEL = ComposeModel("vault", {}, {})


def installed(*containers: Container, directory: Path = Path("/srv/vault")) -> Installation:
    return Installation(Compose(directory, ("compose.yml",), "vault"), MODEL, containers, None)


def test_what_is_paused_or_crashing_must_be_stopped_too_but_is_not_healthy() -> None:
    containers = (
        a_container("web"),
        a_container("crashing", state="restarting"),
        a_container("frozen", state="paused"),
        a_container("job", state="exited"),
        a_container("shell", one_off=True),
    )
    assert installed(*containers).running_services == ("crashing", "frozen", "web")
    assert installed(*containers).healthy_services == ("web",)
    assert installed(*containers).ended_services == ("job",)


def test_a_command_run_beside_the_database_is_not_taken_for_it() -> None:
    left_over, database = a_container("db", name="run", one_off=True), a_container("db", state="exited")
    assert installed(left_over, database).container_of("db") == database
    assert installed(left_over).container_of("db") is None


def test_of_several_containers_the_running_one_counts() -> None:
    stopped, running = a_container("db", name="db-1", state="exited"), a_container("db", name="db-2")
    assert installed(stopped, running).container_of("db") == running


def test_a_link_to_its_directory_is_its_directory(tmp_path: Path) -> None:
    (tmp_path / "vault_2.1.1").mkdir()
    (tmp_path / "current").symlink_to("vault_2.1.1")
    installation = installed(directory=tmp_path / "current")
    assert installation.is_in(tmp_path / "vault_2.1.1")
    assert not installation.is_in(tmp_path)


COMPOSE = """
services:
  web: {image: "busybox:1", init: true, stop_grace_period: 0s, command: "sleep ${SECONDS:?}"}
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Compose]:
    """A project that was started with `--env-file prod.env`."""
    (tmp_path / "compose.yml").write_text(COMPOSE)
    (tmp_path / "prod.env").write_text("SECONDS=1000\n")
    compose = Compose(tmp_path, ("compose.yml",), f"p-{uuid.uuid4().hex[:8]}", tmp_path / "prod.env")
    compose.up()
    yield compose
    (tmp_path / "prod.env").write_text("SECONDS=1000\n")
    compose.stop(timeout_seconds=0)
    compose.down()


@pytest.mark.engine
def test_the_file_of_settings_that_it_was_started_with_is_found(engine: Engine, started: Compose) -> None:
    assert started.project is not None and started.env_file is not None
    found = find_installation(engine, started.project, frozenset(), from_directory=None)
    assert found is not None
    assert found.env_path == found.compose.env_file == started.env_file
    assert found.compose.config_hashes()["web"] == found.containers[0].config_hash
    started.env_file.unlink()
    with pytest.raises(Refused, match="no longer where Compose started it"):
        find_installation(engine, started.project, frozenset(), from_directory=None)


@pytest.mark.engine
def test_it_is_found_by_a_link_to_its_directory(engine: Engine, started: Compose) -> None:
    link = started.directory.parent / f"{started.project}-current"
    link.symlink_to(started.directory)
    linked = Compose(link, ("compose.yml",), started.project, link / "prod.env")
    started.down()
    linked.up()
    found = find_installation(engine, "unknown", frozenset(), from_directory=started.directory)
    assert found is not None
    assert (found.directory, found.compose.project) == (link, started.project)
