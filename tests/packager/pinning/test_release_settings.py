"""What a release asks of a site follows the pinned files, not the project's own."""

from pathlib import Path

from installer.bundle.manifest.manifest import Requirements
from installer.bundle.variables import Variable
from packager.commands.show_export_plan import plan_lines
from packager.contents.make_manifest import requirements_of
from packager.contents.render import render_documents
from packager.contents.small_files import package_contents
from packager.git.git_source import NO_GIT
from packager.pinning.release_settings import folders_to_make, needs_settings, release_variables
from packager.plan.export_plan import ExportPlan, plan_export
from packager.project.project import find_project
from tests.packager.projects import write

ONLY_IMAGES = """\
services:
  web:
    image: ${REGISTRY:-hub}/web:${TAG:-1}
    build: {context: ., args: {A: '${A}'}}
"""


def plan_of(folder: Path, text: str, **more: str) -> ExportPlan:
    project = find_project(write(folder / "shop", {"compose.yml": text, **more}))
    return plan_export(project, "2.1.2", NO_GIT, folder)


def packed(plan: ExportPlan) -> dict[str, bytes]:
    requirements = Requirements("20.10", "2.0")
    files = package_contents(plan, (), platform="linux/amd64", requirements=requirements, previous=None)
    return {file.path: b"".join(file.chunks()) for file in files}


def test_variables_of_image_names_and_builds_are_asked_of_nobody(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ONLY_IMAGES, **{".env.example": "TAG=1\n"})
    assert (release_variables(plan), needs_settings(plan)) == ((), False)
    files = packed(plan)
    assert ".env.example" not in files
    assert (
        b"cp .env.example .env      #" not in files["DEPLOYMENT_GUIDE.md"] + files["DEPLOYMENT_GUIDE.ko.md"]
    )


def test_the_plan_names_no_variable_that_only_images_or_builds_use(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ONLY_IMAGES + "    hostname: ${HOST}\n")
    named = [line for line in plan_lines(plan) if line.startswith("Variables")]
    assert named == ["Variables: HOST"]


def test_what_the_pinned_files_use_is_asked(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ONLY_IMAGES + "    hostname: ${HOST}\n")
    assert (release_variables(plan), needs_settings(plan)) == ((Variable("HOST"),), True)
    assert packed(plan)[".env.example"] == b"HOST=\n"


def test_a_variable_that_a_secret_or_config_is_made_of_is_asked(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ONLY_IMAGES + "secrets: {key: {environment: KEY}}\nconfigs: {own: }\n")
    assert release_variables(plan) == (Variable("KEY", required=True),)
    assert packed(plan)[".env.example"] == b"KEY=\n"


def test_a_projects_own_example_is_shipped_where_anything_is_left_to_be_set(tmp_path: Path) -> None:
    asked = {".env.example": "TAG=1\nHOST=\n"}
    for number, more in enumerate(("    hostname: ${HOST}\n", "    env_file: .env\n")):
        plan = plan_of(tmp_path / str(number), ONLY_IMAGES + more, **asked)
        assert packed(plan)[".env.example"] == b"TAG=1\nHOST=\n"


def test_the_guide_makes_the_folders_that_compose_no_longer_makes(tmp_path: Path) -> None:
    volumes = "    volumes: ['./data/my sql:/d', './acme.json:/acme.json', './up:/u', 'named:/n']\n"
    plan = plan_of(
        tmp_path,
        ONLY_IMAGES + volumes + "volumes: {named: }\n",
        **{"airlock.yml": "state: [data, up, acme.json]"},
    )
    assert folders_to_make(plan) == ("data/my sql", "up")
    for name in ("DEPLOYMENT_GUIDE.md", "DEPLOYMENT_GUIDE.ko.md"):
        text = packed(plan)[name].decode()
        assert "docker load -i images.tar\nmkdir -p 'data/my sql' up\n" in text
        assert text.count("mkdir -p 'data/my sql' up") == 2


def test_a_release_without_migrations_does_not_claim_to_change_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "services: {app: {image: 'strapi:4'}, db: {image: 'postgres:15'}}")
    documents = render_documents(plan, "linux/amd64", Requirements("20.10", "2.0"), None)
    assert b"Airlock found no migrations in this release." in documents["MIGRATIONS.md"]
    assert b"changes nothing" not in documents["MIGRATIONS.md"]
    assert "마이그레이션을 찾지 못했습니다" in documents["MIGRATIONS.ko.md"].decode()


def test_includes_need_a_newer_compose(tmp_path: Path) -> None:
    plain = plan_of(tmp_path / "a", ONLY_IMAGES)
    included = plan_of(tmp_path / "b", "include: [a.yml]", **{"a.yml": ONLY_IMAGES})
    assert [requirements_of(plan.project).compose for plan in (plain, included)] == ["2.0", "2.20"]
