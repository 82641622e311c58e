from pathlib import Path

from packager.commands.show_export_plan import plan_document
from packager.commands.show_host_resources import host_resource_document, host_resource_lines
from packager.git.git_source import NO_GIT
from packager.pinning.release_settings import release_variables
from packager.plan.export_plan import plan_export
from packager.project.project import find_project
from packager.project.written_services import Compose, read_compose
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
WITH_OTHERS = """
include: [db/compose.yml]
services:
  adm: {extends: {file: base.yml, service: tool}}
"""
OTHERS = {
    "db/compose.yml": """
services:
  db: {image: "db:1", volumes: ["rows:/d"]}
  dump: {image: "db:1", profiles: [once]}
networks: {edge: {external: true}}
volumes: {rows: }
""",
    "base.yml": """
services:
  tool: {image: "web:1", profiles: [admin]}
volumes: {unused: }
""",
}


def test_the_plan_of_an_export_names_what_stands_around_the_containers() -> None:
    compose = read_compose({"docker-compose.yml": COMPOSE})

    assert _lines(compose) == [
        "Named volumes: own",
        "External volumes: common",
        "External networks: proxy, old",
        "Profiles: admin (adm), all (adm, job)",
        "Variables: TAG, PASSWORD",
    ]


def test_included_files_and_extended_services_are_looked_at_too() -> None:
    assert _lines(read_compose({"docker-compose.yml": WITH_OTHERS}, OTHERS.get)) == [
        "Named volumes: rows",
        "External networks: edge",
        "Profiles: admin (adm), once (dump)",
    ]


def test_programs_get_the_same() -> None:
    compose = read_compose({"docker-compose.yml": COMPOSE})
    assert host_resource_document(compose, compose.variables) == {
        "named_volumes": ["own"],
        "external_volumes": ["common"],
        "external_networks": ["proxy", "old"],
        "profiles": {"admin": ["adm"], "all": ["adm", "job"]},
        "variables": ["TAG", "PASSWORD"],
    }


def test_the_document_of_a_plan_has_them(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, {"compose.yml": COMPOSE}))
    plan = plan_export(project, "2.1.2", NO_GIT, tmp_path)
    expected = host_resource_document(project.compose, release_variables(plan))
    assert expected["variables"] == ["KEY", "PASSWORD"]
    assert plan_document(plan).items() >= expected.items()


def test_nothing_is_said_of_a_file_without_any() -> None:
    assert _lines(read_compose({"docker-compose.yml": "services: {web: {image: i}}"})) == []


def _lines(compose: Compose) -> list[str]:
    return list(host_resource_lines(compose, compose.variables))
