"""What compose files include and extend is read along, from the folder that Compose would take."""

from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.git.git_source import NO_GIT
from packager.image_build.build import _build_files
from packager.pinning.pinned_compose import pinned_compose
from packager.plan.export_plan import ExportPlan, plan_export
from packager.project.project import find_project
from tests.packager.projects import write

MAIN = """\
include:
  - parts/db.yml # the database
  - path: [parts/mail.yml, parts/mail.more.yml]
    project_directory: post
    env_file: post/mail.env
services:
  app:
    extends: {file: common/base.yml, service: base}
    command: sleep 1000
"""
BASE = """\
services:
  base: # abstract
    extends: {file: deep/logged.yml, service: logged}
    build: ./image
    restart: unless-stopped
    volumes: ["./uploads:/uploads"]
  unused:
    image: nginx:${TAG}
"""
FILES: dict[str, str | bytes] = {
    "docker-compose.yml": MAIN,
    "common/base.yml": BASE,
    "common/image/Dockerfile": "FROM busybox:1\n",
    "common/deep/logged.yml": "services:\n  logged: {env_file: log.env}\n",
    "parts/db.yml": "include: [more/cache.yml]\n"
    "services:\n  db: {image: 'mariadb:10.11', volumes: ['./data:/var/lib/mysql'], secrets: [root]}\n"
    "secrets: {root: {file: ./root.txt}}\n",
    "parts/.env": "A=1\n",
    "parts/more/cache.yml": "services:\n  cache: {image: 'redis:7', volumes: ['./conf:/conf:ro']}\n",
    "parts/more/conf/redis.conf": "",
    "parts/mail.yml": "services:\n  mail: {build: ., volumes: ['./spool:/spool']}\n",
    "parts/mail.more.yml": "services:\n  mail: {image: ours/mail, init: true}\n",
    "post/Dockerfile": "FROM busybox:1\n",
}


def plan_of(folder: Path) -> ExportPlan:
    return plan_export(find_project(folder), "2.1.2", NO_GIT, folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "shop", FILES)


def refused(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(UsageProblem) as refusal:
        find_project(write(folder, {"docker-compose.yml": text}))
    return refusal.value.details


def test_files_that_are_included_or_extended_bring_their_services_images_and_files(project: Path) -> None:
    plan = plan_of(project)
    assert [(one.reference, one.origin, one.services) for one in plan.images] == [
        ("mariadb:10.11", "pulled", ("db",)),
        ("ours/mail:2.1.2", "built", ("mail",)),
        ("redis:7", "pulled", ("cache",)),
        ("shop-app:2.1.2", "built", ("app",)),
    ]
    files = plan.project.files
    assert files.shipped == ("parts/more/conf/redis.conf",)
    assert files.state == ("common/uploads", "parts/data", "post/spool")
    assert files.from_site == ("common/deep/log.env", "parts/.env", "parts/root.txt", "post/mail.env")


def test_every_file_is_pinned_in_its_own_place_and_a_base_is_no_service(project: Path) -> None:
    never = "bind: {create_host_path: false}"
    assert pinned_compose(plan_of(project)) == {
        "docker-compose.yml": "name: shop\n"
        + MAIN.replace(
            "  app:\n    extends",
            "  app:\n    image: shop-app:2.1.2\n    pull_policy: never\n    extends",
        ),
        "common/base.yml": BASE.replace("    build: ./image\n", "").replace(
            '"./uploads:/uploads"', f"{{type: bind, source: ./uploads, target: /uploads, {never}}}"
        ),
        "common/deep/logged.yml": FILES["common/deep/logged.yml"],
        "parts/db.yml": "include: [more/cache.yml]\n"
        "services:\n  db: {pull_policy: never, image: 'mariadb:10.11', "
        f"volumes: [{{type: bind, source: ./data, target: /var/lib/mysql, {never}}}], secrets: [root]}}\n"
        "secrets: {root: {file: ./root.txt}}\n",
        "parts/more/cache.yml": "services:\n  cache: {pull_policy: never, image: 'redis:7', "
        f"volumes: [{{type: bind, source: ./conf, target: /conf, read_only: true, {never}}}]}}\n",
        "parts/mail.yml": "services:\n  mail: {image: ours/mail:2.1.2, pull_policy: never, "
        f"volumes: [{{type: bind, source: ./spool, target: /spool, {never}}}]}}\n",
        "parts/mail.more.yml": "services:\n  mail: {image: ours/mail:2.1.2, init: true}\n",
    }


def test_what_is_built_finds_its_context_wherever_it_is_written(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build"
    folder.mkdir()
    given = _build_files(plan_of(project), folder)
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    assert [Path(path).name for path in given] == ["0.yml", "1.yml", "2.yml", "3.yml", "4.yml", "images.yml"]
    base = next(name for name, text in texts.items() if "build: " in text and "extends" in text)
    assert f"file: {folder / base}" in texts["0.yml"]
    assert f"build: {project}/common/./image" in texts[base]
    assert any(f"build: {project}/post/." in texts[name] for name in ("1.yml", "2.yml", "3.yml", "4.yml"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "include: [../a.yml]\nservices: {a: {image: a}}",
            "docker-compose.yml:1: ../a.yml is outside the project directory; move it into the project, "
            "or move the main compose file and airlock.yml to the folder that contains both.",
        ),
        (
            "include: ['parts\\a.yml']\nservices: {a: {image: a}}",
            "docker-compose.yml:1: parts\\a.yml is a path of Windows; write / between folders.",
        ),
        (
            "services:\n  a:\n    extends:\n      file: ../../a.yml\n      service: x\n",
            "docker-compose.yml:4: ../../a.yml is outside the project directory; move it into the project, "
            "or move the main compose file and airlock.yml to the folder that contains both.",
        ),
        (
            "include: ['${WHERE}/a.yml']\n",
            "docker-compose.yml:1: path ${WHERE}/a.yml contains a variable; write the path itself.",
        ),
        (
            "include:\n- oci://registry/a:1\n",
            "docker-compose.yml:2: oci://registry/a:1 is fetched from the network; copy it into the project.",
        ),
        ("include: [a.yml]\n", "docker-compose.yml:1: file a.yml does not exist."),
        ("include: [docker-compose.yml]\n", "docker-compose.yml:1: docker-compose.yml includes itself."),
        (
            "services:\n  a: {extends: {file: common/base.yml, service: none}}\n",
            "docker-compose.yml:2: common/base.yml has no service none.",
        ),
    ],
)
def test_a_file_that_cannot_be_packed_is_refused_with_its_place(
    project: Path, text: str, problem: str
) -> None:
    assert refused(project, text) == (problem,)


def test_an_included_file_that_airlock_yml_lists_too_is_refused_with_what_to_do(tmp_path: Path) -> None:
    files = {
        "airlock.yml": "compose: [docker-compose.yml, db.yml]",
        "docker-compose.yml": "include: [db.yml]\nservices: {app: {image: 'busybox:1'}}",
        "db.yml": "services: {db: {image: 'mariadb:10.11'}}",
    }
    with pytest.raises(UsageProblem) as refusal:
        find_project(write(tmp_path / "shop", {**files}))
    assert (refusal.value.details, refusal.value.hint) == (
        ("db.yml",),
        "Remove them from `compose:` in airlock.yml: included files are packed automatically.",
    )


def test_a_base_that_airlock_yml_lists_is_told(tmp_path: Path) -> None:
    files = {
        "airlock.yml": "compose: [docker-compose.yml, common.yml]",
        "docker-compose.yml": "services: {app: {extends: {file: common.yml, service: base}}}",
        "common.yml": "services: {base: {image: 'busybox:1'}}",
    }
    assert find_project(write(tmp_path / "shop", {**files})).files.notes == (
        "common.yml is listed under `compose:`, so its services belong to the release. If they are "
        "only bases for `extends`, remove the file from `compose:`: extended files are packed "
        "automatically.",
    )
