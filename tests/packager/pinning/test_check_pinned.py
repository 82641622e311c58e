"""Compose itself reads the pinned files when exporting. No engine is needed for it."""

import subprocess
from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.git.git_source import NO_GIT
from packager.pinning.check_pinned import check_pinned
from packager.pinning.compared_models import differences
from packager.plan.export_plan import plan_export
from packager.project.project import find_project
from tests.packager.project.test_compose_files import FILES
from tests.packager.projects import shop, write

pytestmark = pytest.mark.engine  # for its `docker compose`

EVERY_FORM = """\
x-more: &more
  volumes: &volumes
    - ./a:/a
    - ./b/:/b/:rw,rshared
services:
  web:
    <<: *more
    image: busybox:${TAG:-1}
    profiles: [never]
    env_file: [{path: web.env, required: true}, "${SETTINGS}/more.env"]
    read_only: ${READ_ONLY:?}
    healthcheck: {test: "true", start_period: $START}
    ports: ["${ADDRESS}:8080:80", "${PORT}:81"]
    stop_grace_period: ${GRACE}
    environment: {A: "${SECRET:?must be set}", B: "$$x"}
  more:
    image: busybox:1
    build: .
    depends_on: [web]
    volumes:
      - "./c:/c:cached"
      - ~/d:/d:ro
      - ${DATA}:/data
      - ${DATA}/sub:/sub
      - named:/n
      - {type: bind, source: ./e, target: /e/, read_only: true}
      - {type: bind, source: ./f, target: /f, bind: {propagation: rslave}}
      - ./g:/g:z
      - ./h:/h:nocopy
volumes: {named: }
"""


def checked(folder: Path) -> str | None:
    return check_pinned(plan_export(find_project(folder), "2.1.2", NO_GIT, folder))


def test_files_with_includes_and_bases_mean_the_same_when_pinned(tmp_path: Path) -> None:
    assert checked(write(tmp_path / "shop", {**FILES, "common/base.yml": FILES["common/base.yml"]})) is None


def test_every_form_of_a_mount_means_the_same_when_pinned(tmp_path: Path) -> None:
    files = {"compose.yml": EVERY_FORM, "e/x": ""}
    assert checked(write(tmp_path / "shop", {**files})) is None


def test_a_network_that_only_the_override_defines_is_refused_with_composes_words(tmp_path: Path) -> None:
    files = {
        "compose.yml": "services:\n  web:\n    image: busybox:1\n    networks: [back]\n",
        "compose.override.yml": "networks: {back: }\n",
    }
    with pytest.raises(UsageProblem) as refusal:
        checked(write(tmp_path / "shop", {**files}))
    assert refusal.value.details == (
        'service "web" refers to undefined network back: invalid compose project',
        "compose.yml:3 services.web",
    )
    assert refusal.value.hint == (
        "compose.override.yml is not packed. Move the settings that the release needs into "
        "compose.yml, or list compose.override.yml under `compose:` in airlock.yml."
    )


@pytest.mark.parametrize("more", ["    secrets: [s]\n", "    volumes: ['lost:/x']\n", "    imgae: x\n"])
def test_whatever_compose_refuses_is_found_before_anything_is_packed(tmp_path: Path, more: str) -> None:
    with pytest.raises(UsageProblem, match="rejects the compose files"):
        checked(write(tmp_path / "shop", {"compose.yml": f"services:\n  web:\n    image: busybox:1\n{more}"}))


def test_a_value_that_fits_no_placeholder_is_no_reason_to_refuse(tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: busybox:1\n    mem_limit: ${LIMIT:?}x${MORE:?}\n"
    assert checked(write(tmp_path / "shop", {"compose.yml": text})) is not None


def test_the_engineers_own_settings_take_no_part(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{".env": "DB_ROOT_PASSWORD='\n"})
    assert checked(folder) is None


def test_a_dry_run_refuses_what_compose_refuses(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", {"compose.yml": "services: {a: {image: 'busybox:1', networks: [n]}}"})
    words = (
        "python",
        "-m",
        "packager",
        "--lang",
        "en",
        "export",
        "1.0.0",
        "--dry-run",
        "--project",
        str(folder),
    )
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert 'service "a" refers to undefined network n' in done.stderr


def test_places_that_differ_are_named() -> None:
    one = {"name": "a", "services": {"web": {"image": "a", "command": ["x", "y"], "volumes": [{"bind": {}}]}}}
    other = {"name": "b", "services": {"web": {"image": "b", "command": ["x", "z"], "volumes": [{}]}}}
    assert differences(dict(one), dict(other)) == ["services.web.command[1]"]
