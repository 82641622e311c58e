"""Containers that Compose really made, against files that were edited since, or were not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.preflight.old.old_release import defaults_of
from installer.site.running.installation import Installation
from installer.site.running.run_otherwise import in_words, run_otherwise
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Engine
from tests.system.compose_project import compose, project

__all__ = ["project"]
pytestmark = pytest.mark.engine

EVERYTHING = """
services:
  app:
    image: busybox:${TAG}
    init: true
    command: sleep 1000
    env_file: app.env
    environment: {BOTH: inline, PASSWORD: "${PASSWORD}", LITERAL: "$${PASSWORD}", EMPTY: }
    volumes: [data:/data, "./rules.conf:/rules.conf:ro", /cache, {type: tmpfs, target: /scratch}]
    tmpfs: [/more]
    ports: ["18411:80", "127.0.0.1:18412:90", "70"]
    labels: {team: vault}
    restart: "on-failure:3"
    networks: [back]
    secrets: [key]
    configs: [rules]
    user: "0"
    working_dir: /tmp
  scaled:
    image: busybox:1
    init: true
    entrypoint: ["sleep", "1000"]
    scale: 2
    deploy: {restart_policy: {condition: any}}
  named: {image: "mariadb:10.11", container_name: "${NAME}-named", command: sleep 1000, entrypoint: ""}
  plain: {image: "nginx:1.24"}
networks: {back: {}}
volumes: {data: {}}
secrets: {key: {file: ./rules.conf}}
configs: {rules: {file: ./rules.conf}}
"""


@pytest.fixture
def running(project: Path) -> Iterator[Compose]:
    (project / ".env").write_text(f"TAG=1\nPASSWORD='pa$word'\nNAME={project.name}\n")
    (project / "app.env").write_text("FROM_FILE=1\nBOTH=file\nDOLLAR=$$5\n")
    (project / "rules.conf").write_text("allow\n")
    started = compose(project, EVERYTHING)
    started.up()
    yield started


def edited(compose: Compose, engine: Engine, *, without_digests: bool = False) -> list[str]:
    """What is told; without digests nothing but the comparison says that a service is as it was."""
    containers = engine.containers(project=compose.project)
    if without_digests:
        containers = tuple(replace(one, config_hash=None) for one in containers)
    installation = Installation(compose, compose.model(), containers, None)
    return in_words(run_otherwise(installation, defaults_of(engine)))


def test_what_was_not_edited_is_not_called_so_and_what_was_is_named_without_values(
    running: Compose, engine: Engine
) -> None:
    assert (edited(running, engine), edited(running, engine, without_digests=True)) == ([], [])
    folder = running.directory
    text = EVERYTHING.replace("./rules.conf:/rules.conf:ro", "./rules.conf:/rules.conf")
    text = text.replace('"18411:80"', '"18413:80"').replace("team: vault", "crew: vault")
    text = text.replace("command: sleep 1000\n    env_file", "command: sleep 999\n    env_file")
    text = text.replace("data:/data, ", "")
    text = text.replace('{image: "nginx:1.24"}', '{image: "nginx:1.25", restart: always}')
    (folder / "docker-compose.yml").write_text(text)
    (folder / "app.env").write_text("BOTH=file\nDOLLAR=$$6\n")
    assert edited(running, engine) == [
        "app: command; environment: DOLLAR, FROM_FILE; labels: crew, team; ports: 80/tcp;"
        " mounts: /data, /rules.conf",
        "plain: image: nginx:1.24 is running, nginx:1.25 is configured; restart policy",
    ]
