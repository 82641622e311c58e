"""Services that talk to the engine themselves, on an engine that refuses old clients."""

from pathlib import Path

import pytest

from installer.operations.preflight.findings.finding import warning
from installer.operations.preflight.host.socket_clients import judge_socket_clients, socket_users
from installer.system.compose.compose import ComposeModel, Mount
from tests.operations.decisions.test_shared_data import situation

USERS = ("proxy: /var/run/docker.sock",)


def model_with(tmp_path: Path, *mounts: Mount) -> ComposeModel:
    return situation(tmp_path, "copy", *mounts).model


def test_a_service_that_mounts_the_socket_is_found_wherever_it_lies(tmp_path: Path) -> None:
    model = model_with(
        tmp_path,
        Mount("bind", "/run/user/1000/docker.sock", "/var/run/docker.sock", read_only=True),
        Mount("bind", "/var/run/other.sock", "/var/run/docker.sock", read_only=False),
        Mount("volume", "docker.sock", "/data", read_only=False),
    )
    assert socket_users(model) == ("db: /run/user/1000/docker.sock", "web: /run/user/1000/docker.sock")


def test_an_engine_that_refuses_old_clients_is_a_warning_with_the_services() -> None:
    assert list(judge_socket_clients(USERS, "29.0.1", "1.44")) == [
        warning(
            "Services of the release talk to the Docker engine through its socket.",
            ["proxy: /var/run/docker.sock", "Docker 29.0.1 refuses clients older than API 1.44."],
            hint="Ask the vendor whether these services support API 1.44.",
        )
    ]


@pytest.mark.parametrize(("users", "oldest"), [(USERS, "1.24"), (USERS, "1.0"), (USERS, "1.9"), ((), "1.44")])
def test_nothing_is_said_without_such_services_or_on_an_engine_that_takes_old_clients(
    users: tuple[str, ...], oldest: str
) -> None:
    assert list(judge_socket_clients(users, "26.1.5", oldest)) == []
