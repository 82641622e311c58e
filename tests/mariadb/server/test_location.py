"""Where a container's database is found."""

import socket
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.location import answering, locate_database, locate_for_application
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.site.starting.health import Watch, wait_until_healthy
from installer.system.compose.compose import Service
from installer.system.docker.containers import parse_container
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of
from installer.system.secret import Secret
from tests.testbed.mariadb import MariaDB

SERVICE = Service("db", "mariadb:10.11", None, {}, (), (), (), False, "no")
AT_HOME = {"bridge": {"IPAddress": "127.0.0.9"}}
NOWHERE: Mapping[str, object] = {}


def container(
    environment: Mapping[str, str],
    networks: Mapping[str, object] = AT_HOME,
    ports: Mapping[str, object] = NOWHERE,
) -> Container:
    """As the engine describes it."""
    return parse_container(
        {
            "Id": "c0ffee",
            "Name": "/vault-db",
            "Image": "sha256:0",
            "Created": "2026-11-22T02:03:04Z",
            "Config": {
                "Image": "mariadb:10.11",
                "Env": [f"{name}={value}" for name, value in environment.items()],
            },
            "State": {"Status": "running", "ExitCode": 0},
            "RestartCount": 0,
            "NetworkSettings": {"Networks": networks, "Ports": ports},
            "HostConfig": {},
        }
    )


def located(environment: Mapping[str, str]) -> tuple[str, str, str]:
    address = locate_database(SERVICE, container(environment))
    return address.user, address.password.reveal(), address.database


def test_the_file_that_says_the_password_is_known_by_its_path_as_long_as_it_is_there(tmp_path: Path) -> None:
    """An error about the password names it."""
    given = {"MARIADB_ROOT_PASSWORD": "r", "MYSQL_USER": "u", "MYSQL_PASSWORD": "p", "MARIADB_DATABASE": "v"}
    started = replace(container(given), working_dir=tmp_path)
    of_its_own = replace(started, env_files=(tmp_path / "prod.env",))
    assert locate_database(SERVICE, started).settings == ".env"
    (tmp_path / ".env").touch()
    (tmp_path / "prod.env").touch()
    found = [locate_database(SERVICE, one).settings for one in (started, of_its_own)]
    assert found == [f"{tmp_path}/.env", f"{tmp_path}/prod.env"]
    other = locate_for_application(SERVICE, started)
    assert other is not None
    assert other.settings == f"{tmp_path}/.env"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MARIADB_ROOT_PASSWORD": "r", "MARIADB_DATABASE": "vault"}, ("root", "r", "vault")),
        ({"MYSQL_ROOT_PASSWORD": "r", "MYSQL_DATABASE": "vault"}, ("root", "r", "vault")),
        (
            {"MARIADB_ROOT_PASSWORD": "a", "MYSQL_ROOT_PASSWORD": "b", "MYSQL_DATABASE": "v"},
            ("root", "a", "v"),
        ),
        ({"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": "1", "MARIADB_DATABASE": "v"}, ("root", "", "v")),
        ({"MYSQL_ALLOW_EMPTY_PASSWORD": "1", "MYSQL_DATABASE": "v"}, ("root", "", "v")),
        ({"MYSQL_USER": "u", "MYSQL_PASSWORD": "p", "MYSQL_DATABASE": "v"}, ("u", "p", "v")),
    ],
)
def test_user_and_schema_come_from_the_names_official_images_use(
    environment: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert located(environment) == expected


@pytest.mark.parametrize(
    ("environment", "detail"),
    [
        ({"MARIADB_ROOT_PASSWORD": "r"}, "MARIADB_DATABASE is not set."),
        ({"MARIADB_DATABASE": "v"}, "MARIADB_ROOT_PASSWORD is not set."),
        (
            {"MARIADB_DATABASE": "v", "MYSQL_RANDOM_ROOT_PASSWORD": "1"},
            "The password was generated at random, or only its hash is set.",
        ),
        (
            {"MARIADB_DATABASE": "v", "MARIADB_ROOT_PASSWORD_HASH": "*2470"},
            "The password was generated at random, or only its hash is set.",
        ),
    ],
)
def test_what_is_not_said_is_refused_with_the_true_reason(environment: dict[str, str], detail: str) -> None:
    with pytest.raises(Refused) as refusal:
        located(environment)
    assert refusal.value.details == (detail,)


def test_beside_root_the_applications_user_is_known() -> None:
    given = {"MARIADB_ROOT_PASSWORD": "r", "MYSQL_USER": "u", "MYSQL_PASSWORD": "p", "MARIADB_DATABASE": "v"}
    otherwise = locate_database(SERVICE, container(given)).otherwise
    assert otherwise is not None
    assert (otherwise.user, otherwise.password.reveal(), otherwise.database) == ("u", "p", "v")


def test_without_an_address_of_its_own_the_published_port_is_used() -> None:
    ports = {
        "3306/tcp": [{"HostIp": "0.0.0.0", "HostPort": "13306"}],
        "80/tcp": [{"HostIp": "", "HostPort": "80"}],
    }
    environment = {"MARIADB_ROOT_PASSWORD": "r", "MARIADB_DATABASE": "v"}
    address = locate_database(SERVICE, container(environment, networks={}, ports=ports))
    assert (address.host, address.port) == ("127.0.0.1", 13306)
    with pytest.raises(Refused, match="no address"):
        locate_database(SERVICE, container(environment, networks={}))


@pytest.mark.engine
@pytest.mark.database
def test_a_real_container_is_located_and_answers(
    mariadb: MariaDB, database: DatabaseAddress, engine: Engine
) -> None:
    found = engine.container(mariadb.container_id)
    assert found is not None
    service = Service(
        "db", "", None, {"MARIADB_DATABASE": Secret(database.database)}, (), (), (), False, "no"
    )
    address = locate_database(service, found)
    assert address == database
    with connect(address) as connection:
        assert value_of(connection, "SELECT DATABASE()") == database.database


def speak_once(server: socket.socket) -> None:
    door, _address = server.accept()
    with door:
        door.sendall(b"J")


def at_port(port: int) -> Container:
    published = {"3306/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    return container({}, networks={}, ports=published)


def test_a_server_answers_once_it_speaks_and_is_not_asked_again() -> None:
    answers = answering()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        one = at_port(server.getsockname()[1])
        speaker = threading.Thread(target=speak_once, args=(server,))
        speaker.start()
        assert answers(one)
        speaker.join()
    assert answers(one), "without a second knock: nobody is there any more"
    assert not answers(replace(one, restart_count=1)), "it has started again since"
    assert not answering()(one)


def test_a_container_without_any_place_to_knock_at_is_not_waited_for() -> None:
    assert answering()(container({}, networks={}))


@pytest.mark.engine
@pytest.mark.database
def test_a_server_without_a_health_check_is_waited_for_through_its_slow_first_start(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "slow.sh").write_text("sleep 4\n")
    first_start = f"{tmp_path}:/docker-entrypoint-initdb.d:ro"
    labels = ("com.docker.compose.project=slow-first-start", "com.docker.compose.service=db")
    words = [word for label in labels for word in ("--label", label)]
    settings = ("--env", "MARIADB_ROOT_PASSWORD=r", "--env", "MARIADB_DATABASE=app", "--volume", first_start)
    run = ("docker", "run", "--detach", "--tmpfs=/var/lib/mysql", *words, *settings, "mariadb:10.11")
    id = output_of(run).strip()
    try:
        watch = Watch(engine, "slow-first-start", tests={"db": answering()})
        wait_until_healthy(watch, ("db",), deadline_seconds=90, settle_seconds=0)
        found = engine.container(id)
        assert found is not None
        with connect(locate_database(SERVICE, found)) as connection:
            assert value_of(connection, "SELECT DATABASE()") == "app"
    finally:
        output_of(("docker", "rm", "--force", "--volumes", id))
