from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.system.compose.model import Mount, PublishedPort
from installer.system.docker.containers import Container, parse_container
from installer.system.secret import Secret


def raw(**differently: object) -> dict[str, object]:
    return {
        "Id": "c1",
        "Name": "/vault-db",
        "Image": "sha256:aa",
        "Created": "2026-01-05T07:02:45.123456789Z",
        "Config": {"Image": "mariadb:10.11", "Labels": None, "Env": None},
        "State": {"Status": "created", "ExitCode": 0},
        "RestartCount": 0,
        "HostConfig": {},
        "NetworkSettings": {"Networks": {"bridge": {"IPAddress": ""}}, "Ports": {}},
        "Mounts": [],
        **differently,
    }


def test_a_container_of_compose_is_read_with_everything() -> None:
    labels = {
        "com.docker.compose.project": "vault",
        "com.docker.compose.service": "db",
        "com.docker.compose.project.working_dir": "/srv/vault",
        "com.docker.compose.project.config_files": "/srv/vault/a.yml,/srv/vault/b.yml",
        "com.docker.compose.project.environment_file": "/srv/vault/prod.env",
        "com.docker.compose.config-hash": "h",
        "com.docker.compose.version": "2.26.1",
        "com.docker.compose.oneoff": "False",
        "team": "vault",
    }
    environment = ["MARIADB_ROOT_PASSWORD=a=b", "EMPTY="]
    container = parse_container(
        raw(
            Config={
                "Image": "mariadb:10.11",
                "Labels": labels,
                "Env": environment,
                "Cmd": ["mariadbd"],
                "Entrypoint": ["entry.sh"],
                "User": "999",
                "WorkingDir": "/srv",
                "Healthcheck": {"Test": ["CMD", "check", "--fast"]},
            },
            HostConfig={"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
            State={"Status": "running", "ExitCode": 0, "Health": {"Status": "healthy"}},
            RestartCount=2,
            NetworkSettings={
                "Networks": {"b": {"IPAddress": "172.18.0.2"}, "a": {"IPAddress": "172.17.0.2"}},
                "Ports": {"3306/tcp": [{"HostIp": "127.0.0.1", "HostPort": "13306"}], "33060/tcp": None},
            },
            Mounts=[
                {"Type": "bind", "Source": "/srv/vault/data", "Destination": "/var/lib/mysql", "RW": True},
                {"Type": "volume", "Name": "v", "Source": "/x/v/_data", "Destination": "/v", "RW": False},
                {"Type": "npipe", "Source": "n", "Destination": "/n", "RW": True},
            ],
        )
    )
    assert container == Container(
        id="c1",
        name="vault-db",
        image_id="sha256:aa",
        image="mariadb:10.11",
        project="vault",
        service="db",
        created_at=datetime(2026, 1, 5, 7, 2, 45, tzinfo=timezone.utc),
        working_dir=Path("/srv/vault"),
        config_files=(Path("/srv/vault/a.yml"), Path("/srv/vault/b.yml")),
        env_files=(Path("/srv/vault/prod.env"),),
        config_hash="h",
        compose_version="2.26.1",
        is_one_off=False,
        state="running",
        health="healthy",
        exit_code=0,
        restart_count=2,
        addresses=("172.17.0.2", "172.18.0.2"),
        ports=(PublishedPort("127.0.0.1", 13306, 3306, "tcp"),),
        mounts=(
            Mount("bind", "/srv/vault/data", "/var/lib/mysql", False),
            Mount("volume", "v", "/v", True),
        ),
        environment={"MARIADB_ROOT_PASSWORD": Secret("a=b"), "EMPTY": Secret("")},
        command=("mariadbd",),
        entrypoint=("entry.sh",),
        user="999",
        working_folder="/srv",
        labels={"team": "vault"},
        networks=("a", "b"),
        restart="on-failure:3",
        health_check=("check", "--fast"),
    )


@pytest.mark.parametrize(
    ("config", "command"),
    [
        ({}, ()),
        ({"Healthcheck": {}}, ()),
        ({"Healthcheck": {"Test": ["NONE"]}}, ()),
        ({"Healthcheck": {"Test": ["CMD-SHELL", "test -e /x"]}}, ("/bin/sh", "-c", "test -e /x")),
        (
            {"Healthcheck": {"Test": ["CMD-SHELL", "up"]}, "Shell": ["/bin/bash", "-ec"]},
            ("/bin/bash", "-ec", "up"),
        ),
    ],
)
def test_a_health_check_is_the_command_that_the_engine_runs(
    config: dict[str, object], command: tuple[str, ...]
) -> None:
    assert parse_container(raw(Config={"Image": "web:1", **config})).health_check == command


def test_a_container_that_a_person_made_by_hand_has_no_project() -> None:
    container = parse_container(raw())
    assert (container.project, container.service, container.working_dir) == (None, None, None)
    assert (container.env_files, container.is_up) == ((), False)
    assert (container.config_files, container.environment, container.addresses) == ((), {}, ())
    assert (container.state, container.is_running, container.health) == ("created", False, None)


def test_a_stopped_container_has_the_ports_it_would_hold_if_started() -> None:
    bindings = {"80/udp": [{"HostIp": "", "HostPort": "8080"}], "90/tcp": [{"HostIp": "", "HostPort": ""}]}
    container = parse_container(raw(HostConfig={"PortBindings": bindings}))
    assert container.ports == (PublishedPort("", 8080, 80, "udp"), PublishedPort("", 0, 90, "tcp"))


def test_a_container_prints_no_secret_of_its_environment() -> None:
    container = parse_container(raw(Config={"Image": "i", "Labels": None, "Env": ["PASSWORD=hunter2"]}))
    assert "hunter2" not in f"{container!r} {container}"
