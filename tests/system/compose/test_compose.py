"""Compose itself is asked; what it says when things go wrong is in `test_compose_words`."""

from pathlib import Path

import pytest

from installer.errors import Refused
from installer.system.compose.compose import Compose, compose_version, up_words
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.system.compose_project import SLEEPS, compose, project

__all__ = ["project"]
HERE = ("docker", "compose", "--ansi", "never", "--project-directory", "/srv/vault")


def test_a_command_is_the_words_that_an_operator_would_type() -> None:
    vault = Compose(Path("/srv/vault"), ("docker-compose.yml",), "vault")
    words = (*HERE, "--project-name", "vault", "--file", "/srv/vault/docker-compose.yml", "stop", "web")
    assert vault.command("stop", "web") == words


def test_several_files_absolute_or_not_and_a_settings_file_are_named() -> None:
    vault = Compose(Path("/srv/vault"), ("a.yml", "/etc/vault/b.yml"), None, Path("/etc/vault/.env"))
    files = ("--file", "/srv/vault/a.yml", "--file", "/etc/vault/b.yml", "--env-file", "/etc/vault/.env")
    assert vault.command("config") == (*HERE, *files, "config")


def test_starting_never_pulls_or_builds() -> None:
    assert up_words((), no_deps=False) == ("up", "--detach", "--no-build", "--pull", "never")
    assert up_words(("db",), no_deps=True) == (
        "up",
        "--detach",
        "--no-build",
        "--pull",
        "never",
        "--no-deps",
        "db",
    )


def test_a_machine_without_compose_is_refused(monkeypatch, tmp_path) -> None:
    (tmp_path / "docker").write_text(
        "#!/bin/sh\necho \"docker: 'compose' is not a docker command.\" >&2\nexit 1\n"
    )
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(Refused) as refused:
        compose_version()
    assert refused.value.happened == "Docker Compose v2 is not installed on this machine."
    assert refused.value.details == ("docker: 'compose' is not a docker command.",)


@pytest.mark.engine
def test_the_version_of_compose_is_bare() -> None:
    assert compose_version() == output_of(("docker", "compose", "version", "--short")).strip().removeprefix(
        "v"
    )


@pytest.mark.engine
def test_a_model_has_every_value_filled_in(project) -> None:
    (project / ".env").write_text("PASSWORD='pa$word$$'\nPORT=18190\n")
    web = compose(
        project,
        'services: {web: {image: "busybox:1", environment: {P: "${PASSWORD}", L: "$${PASSWORD}"}, '
        'ports: ["127.0.0.1:${PORT}:80"], volumes: ["./www:/www:ro", "up:/up"]}}\nvolumes: {up: {}}',
    )
    model = web.model()
    service = model.services["web"]
    assert {name: value.reveal() for name, value in service.environment.items()} == {
        "P": "pa$word$$",
        "L": "${PASSWORD}",
    }
    assert [(port.host_ip, port.published) for port in service.ports] == [("127.0.0.1", 18190)]
    assert [(mount.source, mount.target) for mount in service.mounts] == [
        (f"{project}/www", "/www"),
        ("up", "/up"),
    ]
    assert model.volumes == {"up": f"{web.project}_up"}


@pytest.mark.engine
def test_variables_that_nothing_sets_are_told(project) -> None:
    (project / ".env").write_text("SET=1\n")
    web = compose(
        project, 'services: {web: {image: "b${GONE}:${SET}", environment: {A: "${LOST}${GONE}${KEPT:-x}"}}}'
    )
    assert sorted(web.model().unset_variables) == ["GONE", "LOST"]


@pytest.mark.engine
def test_the_shell_neither_steers_compose_nor_overrides_the_settings(project, monkeypatch) -> None:
    (project / ".env").write_text("TAG=1\nCOMPOSE_PROFILES=debug\n")
    web = compose(
        project, 'services: {web: {image: "b:${TAG}"}, extra: {image: "x:${OTHER}", profiles: [debug]}}'
    )
    for name, value in {
        "COMPOSE_FILE": "/nowhere.yml",
        "COMPOSE_PROJECT_NAME": "other",
        "COMPOSE_PROFILES": "",
        "COMPOSE_ENV_FILES": "/nowhere.env",
        "COMPOSE_DISABLE_ENV_FILE": "1",
        "TAG": "2",
        "OTHER": "3",
    }.items():
        monkeypatch.setenv(name, value)
    model = web.model()
    assert (model.project, {name: one.image for name, one in model.services.items()}) == (
        web.project,
        {"web": "b:1", "extra": "x:3"},
    )
    assert web.shadowed_settings() == ("COMPOSE_PROFILES", "TAG")


@pytest.mark.engine
def test_the_digests_of_a_configuration_are_those_that_containers_bear(project) -> None:
    web = compose(project, SLEEPS)
    web.up()
    containers = Engine.connect().containers(project=web.project)
    assert {one.service: one.config_hash for one in containers} == web.config_hashes()
    compose(project, SLEEPS.replace("60", "61"))
    assert {one.service: one.config_hash for one in containers} != web.config_hashes()


@pytest.mark.engine
def test_a_project_is_started_stopped_started_again_and_taken_down_without_its_volumes(project) -> None:
    web = compose(project, SLEEPS.replace("}}", ', volumes: ["kept:/kept"]}}') + "\nvolumes: {kept: {}}")
    engine = Engine.connect()

    def states() -> list[str]:
        return [container.state for container in engine.containers(project=web.project)]

    web.up()
    assert states() == ["running"]
    web.stop(["web"], timeout_seconds=0)
    assert states() == ["exited"]
    web.start()
    assert states() == ["running"]
    web.stop(timeout_seconds=0)
    web.down()
    assert states() == []
    assert output_of(("docker", "volume", "ls", "--quiet", "--filter", f"name={web.project}_kept")) != ""


@pytest.mark.engine
def test_one_service_is_started_without_those_it_depends_on(project) -> None:
    web = compose(
        project,
        'services: {web: {image: "busybox:1", init: true, command: sleep 60, depends_on: [db]}, '
        'db: {image: "busybox:1", init: true, command: sleep 60}}',
    )
    web.up(["web"], no_deps=True)
    assert [container.service for container in Engine.connect().containers(project=web.project)] == ["web"]
