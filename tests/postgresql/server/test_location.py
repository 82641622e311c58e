"""Where a container's PostgreSQL database is found, and when its server answers."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.location import answering, locate_database
from installer.system.compose.compose import Service
from installer.system.docker.containers import parse_container
from installer.system.docker.docker import Container
from installer.system.secret import Secret

SERVICE = Service("db", "postgres:17", None, {}, (), (), (), False, "no")
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
            "Name": "/users-db",
            "Image": "sha256:0",
            "Created": "2026-11-22T02:03:04Z",
            "Config": {
                "Image": "postgres:17",
                "Env": [f"{name}={value}" for name, value in environment.items()],
            },
            "State": {"Status": "running", "ExitCode": 0},
            "RestartCount": 0,
            "NetworkSettings": {"Networks": networks, "Ports": ports},
            "HostConfig": {},
        }
    )


def test_the_image_s_settings_name_user_password_and_database() -> None:
    full = {"POSTGRES_USER": "team", "POSTGRES_PASSWORD": "p", "POSTGRES_DB": "users"}
    assert locate_database(SERVICE, container(full)) == DatabaseAddress(
        "c0ffee", "127.0.0.9", 5432, "team", Secret("p"), "users"
    )


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"POSTGRES_PASSWORD": "p"}, ("postgres", "p", "postgres")),
        ({"POSTGRES_PASSWORD": "p", "POSTGRES_USER": "team"}, ("team", "p", "team")),
        ({"POSTGRES_HOST_AUTH_METHOD": "trust", "POSTGRES_DB": "users"}, ("postgres", "", "users")),
    ],
)
def test_what_is_not_set_is_as_the_image_has_it(
    environment: Mapping[str, str], found: tuple[str, str, str]
) -> None:
    address = locate_database(SERVICE, container(environment))
    assert (address.user, address.password.reveal(), address.database) == found


def test_a_server_with_another_port_is_found_there() -> None:
    published = {"5433/tcp": [{"HostIp": "0.0.0.0", "HostPort": "15433"}]}
    inside = {"POSTGRES_PASSWORD": "p", "PGPORT": "5433"}
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        published["5433/tcp"][0]["HostPort"] = str(port)
        address = locate_database(SERVICE, container(inside, ports=published))
    assert (address.host, address.port) == ("127.0.0.1", port)


def test_a_container_that_names_no_password_or_has_no_address_is_refused() -> None:
    told = []
    for given, networks in (({}, AT_HOME), ({"POSTGRES_PASSWORD": "p"}, NOWHERE)):
        with pytest.raises(Refused) as refused:
            locate_database(SERVICE, container(given, networks))
        told.append(str(refused.value).splitlines()[0])
    assert told == [
        "Service db does not specify how to connect to its database.",
        "The database's container users-db has no address.",
    ]


def test_the_file_that_says_the_password_is_known_by_its_path_as_long_as_it_is_there(tmp_path: Path) -> None:
    started = replace(container({"POSTGRES_PASSWORD": "p"}), working_dir=tmp_path)
    of_its_own = replace(started, env_files=(tmp_path / "prod.env",))
    assert locate_database(SERVICE, started).settings == ".env"
    (tmp_path / ".env").touch()
    (tmp_path / "prod.env").touch()
    found = [locate_database(SERVICE, one).settings for one in (started, of_its_own)]
    assert found == [f"{tmp_path}/.env", f"{tmp_path}/prod.env"]


def error(code: str) -> bytes:
    """A server's last words, as the protocol has them."""
    fields = b"".join(f"{part}\0".encode() for part in ("SFATAL", "VFATAL", f"C{code}", "Mno"))
    return b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0"


@pytest.mark.parametrize(
    ("code", "is_answer"), [("57P03", False), ("28P01", True), ("3D000", True), ("53300", True)]
)
def test_a_server_that_still_starts_does_not_answer_but_one_that_refuses_a_user_does(
    code: str, is_answer: bool
) -> None:
    with refusing(code) as port:
        published = {"5432/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
        assert answering()(container({"POSTGRES_PASSWORD": "p"}, NOWHERE, published)) is is_answer


@pytest.mark.engine
def test_a_server_answers_although_its_password_file_cannot_be_read() -> None:
    with refusing("28P01") as port:
        published = {"5432/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
        assert answering()(container({"POSTGRES_PASSWORD_FILE": "/run/secrets/p"}, NOWHERE, published))


@contextmanager
def refusing(code: str) -> Iterator[str]:
    """A server that refuses one visitor, at the port that is yielded."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            visitor, _from = door.accept()
            with visitor:
                visitor.recv(8)  # whether it may be encrypted
                visitor.sendall(b"N")
                visitor.recv(1000)
                visitor.sendall(error(code))

        threading.Thread(target=serve, daemon=True).start()
        yield str(door.getsockname()[1])
