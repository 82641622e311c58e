import json

import pytest

from installer.system.compose.model import (
    ComposeModel,
    Dependency,
    Mount,
    PublishedPort,
    Service,
    parse_model,
)
from installer.system.secret import Secret


def only_service(**raw: object) -> Service:
    config = {"name": "vault", "services": {"web": {"image": "web:1", **raw}}}
    return parse_model(json.dumps(config)).services["web"]


def test_a_project_is_read_with_everything() -> None:
    config = {
        "name": "vault",
        "services": {
            "web": {
                "image": "web:1",
                "container_name": "vault-web",
                "environment": {"A": "1", "B": None},
                "volumes": [
                    {"type": "bind", "source": "/srv/x", "target": "/x", "read_only": True},
                    {"type": "volume", "source": "uploads", "target": "/up"},
                    {"type": "volume", "target": "/anonymous"},
                    {"type": "tmpfs", "target": "/tmp"},
                    {"type": "npipe", "source": "n", "target": "n"},
                ],
                "ports": [{"host_ip": "127.0.0.1", "published": "8080", "target": 80, "protocol": "tcp"}],
                "depends_on": {"db": {"condition": "service_healthy"}},
                "healthcheck": {"test": ["CMD", "true"]},
                "restart": "always",
                "command": ["--sql-mode=ANSI"],
                "entrypoint": [],
                "user": "1000",
                "working_dir": "/srv",
                "labels": {"team": "vault"},
                "networks": {"back": None, "proxy": None},
                "profiles": ["admin"],
                "secrets": [{"source": "key", "target": "/run/secrets/key"}, {"source": "given"}],
                "configs": [{"source": "rules"}, {"source": "written"}, {"source": "made"}],
            },
            "db": {"image": "mariadb:10.11"},
        },
        "networks": {"back": {"name": "vault_back"}, "proxy": {"name": "edge", "external": True}},
        "secrets": {"key": {"name": "vault_key", "file": "/srv/key"}, "given": {"environment": "G"}},
        "configs": {
            "rules": {"name": "vault_rules", "file": "/srv/rules"},
            "written": {"content": "a"},
            "made": {"environment": "R"},
        },
        "volumes": {"uploads": {"name": "vault_uploads"}, "shared": {"name": "shared", "external": True}},
    }
    web = Service(
        name="web",
        image="web:1",
        container_name="vault-web",
        environment={"A": Secret("1"), "B": Secret("")},
        mounts=(
            Mount("bind", "/srv/x", "/x", True),
            Mount("volume", "uploads", "/up", False),
            Mount("volume", "", "/anonymous", False),
            Mount("tmpfs", "", "/tmp", False),
        ),
        ports=(PublishedPort("127.0.0.1", 8080, 80, "tcp"),),
        depends_on=(Dependency("db", "service_healthy"),),
        has_healthcheck=True,
        restart="always",
        command=("--sql-mode=ANSI",),
        entrypoint=(),
        user="1000",
        working_dir="/srv",
        labels={"team": "vault"},
        networks=("back", "proxy"),
        profiles=("admin",),
        files=(
            Mount("bind", "/srv/key", "/run/secrets/key", True),
            Mount("bind", "/srv/rules", "/rules", True),
        ),
        variables=("G", "R"),
    )
    db = Service("db", "mariadb:10.11", None, {}, (), (), (), False, "no")
    assert parse_model(json.dumps(config)) == ComposeModel(
        "vault",
        {"web": web, "db": db},
        {"uploads": "vault_uploads", "shared": "shared"},
        frozenset({"shared"}),
        {"back": "vault_back", "proxy": "edge"},
        frozenset({"edge"}),
    )


def test_the_dollars_that_compose_doubles_in_its_answer_are_single_again() -> None:
    assert only_service(environment={"PASSWORD": "a$$b$$$$c"}).environment == {"PASSWORD": Secret("a$b$$c")}


def test_a_service_prints_no_secret_of_its_environment() -> None:
    service = only_service(environment={"PASSWORD": "hunter2"})
    assert "hunter2" not in f"{service!r} {service}"


@pytest.mark.parametrize("published", [None, "8000-8010"])
def test_a_port_that_docker_may_choose_is_zero(published) -> None:
    raw = {"target": 80} if published is None else {"target": 80, "published": published}
    assert only_service(ports=[raw]).ports == (PublishedPort("", 0, 80, "tcp"),)


@pytest.mark.parametrize(
    "healthcheck", [None, {"disable": True, "test": ["CMD", "x"]}, {"test": ["NONE"]}, {"interval": "1s"}]
)
def test_a_health_check_that_is_switched_off_is_none(healthcheck) -> None:
    assert only_service(healthcheck=healthcheck).has_healthcheck is False


@pytest.mark.parametrize(
    ("raw", "policy"),
    [
        ({}, "no"),
        ({"restart": "on-failure:3"}, "on-failure:3"),
        ({"deploy": {"restart_policy": {"condition": "any"}}}, "always"),
        ({"deploy": {"restart_policy": {"condition": "on-failure", "max_attempts": 2}}}, "on-failure:2"),
        ({"deploy": {"restart_policy": {"condition": "none"}}}, "no"),
    ],
)
def test_the_restart_policy_is_that_of_the_service_or_of_its_deployment(raw, policy: str) -> None:
    assert only_service(**raw).restart == policy


@pytest.mark.parametrize(
    ("described", "starts_by_compose"),
    [
        ({}, False),
        ({"network_mode": "host", "pid": "host"}, False),
        ({"network_mode": "service:vpn"}, True),
        ({"ipc": "service:db"}, True),
        ({"pid": "service:db"}, True),
        ({"volumes_from": ["db"]}, True),
        ({"links": ["db"]}, True),
        ({"post_start": [{"command": ["true"]}]}, True),
    ],
)
def test_only_compose_starts_what_has_parts_of_another_container_or_commands_of_its_own(
    described: dict[str, object], starts_by_compose: bool
) -> None:
    assert only_service(**described).starts_by_compose == starts_by_compose
