from pathlib import Path

from installer.site.installation import Installation
from installer.system.compose import Compose, ComposeModel
from installer.system.docker_containers import Container
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
