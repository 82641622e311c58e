from pathlib import Path

from packager.commands.show_export_plan import plan_document, plan_lines
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import plan_export
from packager.project.data_services import unserved_services
from packager.project.project import find_project
from tests.packager.projects import write

COMPOSE = """\
services:
  db: {image: "mariadb:10.11"}
  sessions: {image: "${REDIS:-redis}:${REDIS_VERSION:-7}", volumes: ["sessions:/data"]}
  search: {image: "shop/search:1", volumes: ["./index:/usr/share/opensearch/data"]}
  web: {image: "nginx:1.24", volumes: ["./index:/srv/index:ro"]}
volumes: {sessions: }
"""


def test_the_plan_of_an_export_names_what_no_import_will_back_up(tmp_path: Path) -> None:
    project = find_project(write(tmp_path / "shop", {"docker-compose.yml": COMPOSE}))
    plan = plan_export(project, "1.0.0", NO_GIT, tmp_path)
    lines = plan_lines(plan)
    place = lines.index("Not backed up by an import")
    assert lines[place + 1 : place + 3] == ["  sessions (Redis)", "  search (OpenSearch)"]
    assert plan_document(plan)["not_backed_up"] == ["sessions", "search"]


def test_sqlite_in_the_settings_of_a_service_is_named_too(tmp_path: Path) -> None:
    services = """\
services:
  app: {image: "shop/app:1", environment: {DATABASE_URL: "file:./data/app.db"}}
  jobs: {image: "shop/jobs:1", environment: ["DB_CONNECTION=${DB:-sqlite}"]}
  web: {image: "nginx:1.24", environment: {MODE: production}}
"""
    project = find_project(write(tmp_path / "shop", {"docker-compose.yml": services}))
    assert [str(one) for one in unserved_services(project.compose, ())] == ["app (SQLite)", "jobs (SQLite)"]


def test_without_a_database_that_is_served_every_known_one_is_named(tmp_path: Path) -> None:
    project = find_project(write(tmp_path / "shop", {"docker-compose.yml": COMPOSE}))
    assert next(str(one) for one in unserved_services(project.compose, ())) == "db (MariaDB)"
