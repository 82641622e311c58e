"""URLs in the environment of services lead to other services of the project."""

import json
from collections.abc import Mapping

import pytest

from installer.system.compose.model import parse_model
from installer.system.compose.service_urls import ServiceUrl, host_of
from installer.system.secret import Secret


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://u:p%40ss@db:5432/app?schema=a", "db"),
        ("postgres://DB/app", "db"),
        ("jdbc:postgresql://db:5432/app", "db"),
        ("postgresql://u:p@localhost/app?host=/var/run/postgresql", "/var/run/postgresql"),
        ("postgresql://u:p@localhost/app?host=%2Fsockets", "/sockets"),
        ("postgresql://u:p@%2Fsockets/app", "/sockets"),
        ("https://[broken", None),
        ("db:5432", None),
        ("", None),
    ],
)
def test_the_host_of_a_url_may_be_the_folder_of_a_socket(url: str, host: str | None) -> None:
    assert host_of(url) == host


def urls(services: Mapping[str, object]) -> tuple[ServiceUrl, ...]:
    """The URLs that lead to the service db."""
    return parse_model(json.dumps({"name": "shop", "services": services})).services["db"].urls


def socket_of(source: str, target: str) -> dict[str, object]:
    return {"type": "volume", "source": source, "target": target}


def test_a_service_is_reached_by_its_names_and_by_a_shared_folder() -> None:
    aliases = {"default": {"aliases": ["users"]}, "other": None}
    db = {"image": "postgres:17", "container_name": "shop-db", "hostname": "store", "networks": aliases}
    hosts = ("db", "shop-db", "store", "users", "cache", "localhost")
    api = {"image": "api", "environment": {name: f"postgres://{name}/app" for name in hosts}}
    web = {
        "image": "web",
        "environment": {"NEAR": "postgres://x/app?host=/run/pg", "FAR": "postgres://x/app?host=/run/p"},
        "volumes": [socket_of("sockets", "/run/pg")],
    }
    found = urls({"api": api, "db": {**db, "volumes": [socket_of("sockets", "/var/run")]}, "web": web})
    assert found == (
        *(
            ServiceUrl("api", name, Secret(f"postgres://{name}/app"))
            for name in ("db", "shop-db", "store", "users")
        ),
        ServiceUrl("web", "NEAR", Secret("postgres://x/app?host=/run/pg")),
    )
    assert "postgres://db" not in repr(found)


def test_a_service_s_own_url_does_not_lead_to_another_one() -> None:
    assert urls({"db": {"image": "x", "environment": {"URL": "postgres://db/app", "EMPTY": None}}}) == ()
