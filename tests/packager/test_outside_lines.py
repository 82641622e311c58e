from pathlib import Path

from packager.compose import read_compose
from packager.outside_lines import outside_document, outside_lines
from packager.plan import plan_export
from packager.project import find_project
from packager.show_plan import plan_document
from packager.source import NO_GIT
from tests.packager.projects import write

COMPOSE = """
services:
  web: {image: "web:${TAG:-1}", networks: [proxy], volumes: ["own:/o", "shared:/s"]}
  adm: {image: "web:1", profiles: [admin, all]}
  job: {image: "web:1", profiles: [all], command: "$PASSWORD"}
networks: {proxy: {external: true}, back: {}, old: {external: {name: edge}}}
volumes: {own: , shared: {external: true, name: common}}
secrets: {key: {environment: KEY}}
"""


def test_the_plan_of_an_export_names_what_stands_around_the_containers() -> None:
    assert list(outside_lines(read_compose({"docker-compose.yml": COMPOSE}))) == [
        "Named volumes: own",
        "External volumes: common",
        "External networks: proxy, old",
        "Profiles: admin (adm), all (adm, job)",
        "Variables: KEY, PASSWORD, TAG",
    ]


def test_programs_get_the_same() -> None:
    assert outside_document(read_compose({"docker-compose.yml": COMPOSE})) == {
        "named_volumes": ["own"],
        "external_volumes": ["common"],
        "external_networks": ["proxy", "old"],
        "profiles": {"admin": ["adm"], "all": ["adm", "job"]},
        "variables": ["KEY", "PASSWORD", "TAG"],
    }


def test_the_document_of_a_plan_has_them(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, {"compose.yml": COMPOSE}))
    document = plan_document(plan_export(project, "2.1.2", NO_GIT, tmp_path))
    assert document.items() >= outside_document(project.compose).items()


def test_nothing_is_said_of_a_file_without_any() -> None:
    assert list(outside_lines(read_compose({"docker-compose.yml": "services: {web: {image: i}}"}))) == []
