"""Several databases of a project, and which migrations belong to which of them."""

from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.project.project import find_project
from tests.packager.projects import COMPOSE, SCRIPT, shop, write

INIT = "migrations/20260101000000_init/migration.sql"
TWO = """\
services:
  users:
    build: ./users
    environment:
      DATABASE_URL: mysql://root:${USERS_PASSWORD}@users-db:3306/users?x=1
  orders:
    build: {context: ./orders}
    environment: ["ORDERS_URL=mysql://root:${ORDERS_PASSWORD:-a@b}@orders-db/orders"]
  users-db: {image: "mariadb:10.11"}
  orders-db: {image: "mysql:8"}
"""
ORDERS_SCHEMA = """\
generator client {
  provider = "prisma-client-js"
}
datasource db {
  provider = "mysql"
  url      = env("ORDERS_URL")
}
"""


def two(folder: Path, **more: str | bytes) -> Path:
    """A project of two services with a database each, and their migrations."""
    files: dict[str, str | bytes] = {
        "docker-compose.yml": TWO,
        f"users/prisma/{INIT}": SCRIPT,
        f"orders/prisma/{INIT}": SCRIPT,
        "orders/prisma/schema.prisma": ORDERS_SCHEMA,
        "users/Dockerfile": "FROM busybox:1",
        "orders/Dockerfile": "FROM busybox:1",
    }
    return write(folder, {**files, **more})


def owned(folder: Path) -> dict[str, str | None]:
    databases = find_project(folder).databases
    return {one.service: one.migrations.folder if one.migrations else None for one in databases}


def refusal(folder: Path) -> UsageProblem:
    with pytest.raises(UsageProblem) as refused:
        find_project(folder)
    return refused.value


def test_every_service_with_the_image_of_a_database_is_one_and_gets_a_place_in_the_package(
    tmp_path: Path,
) -> None:
    databases = find_project(two(tmp_path)).databases
    assert [(one.service, one.engine, one.folder, one.schema) for one in databases] == [
        ("users-db", "mariadb", "prisma/users-db/migrations", "prisma/users-db/schema.prisma"),
        ("orders-db", "mariadb", "prisma/orders-db/migrations", "prisma/orders-db/schema.prisma"),
    ]


def test_migrations_belong_to_the_database_that_the_variable_of_their_schema_names(tmp_path: Path) -> None:
    assert owned(two(tmp_path)) == {
        "users-db": "users/prisma/migrations",
        "orders-db": "orders/prisma/migrations",
    }


def test_services_with_the_same_variable_are_told_apart_by_the_folder_they_are_built_from(
    tmp_path: Path,
) -> None:
    compose = TWO.replace("ORDERS_URL", "DATABASE_URL")
    schema = ORDERS_SCHEMA.replace("ORDERS_URL", "DATABASE_URL")
    folder = two(tmp_path, **{"docker-compose.yml": compose, "orders/prisma/schema.prisma": schema})
    assert owned(folder) == {
        "users-db": "users/prisma/migrations",
        "orders-db": "orders/prisma/migrations",
    }


def test_where_nothing_tells_the_lines_for_airlock_yml_are_named(tmp_path: Path) -> None:
    compose = TWO.replace("DATABASE_URL", "SOME_URL").replace("ORDERS_URL", "OTHER_URL")
    folder = two(tmp_path, **{"docker-compose.yml": compose})
    problem = refusal(folder)
    assert (problem.happened, problem.details, problem.hint) == (
        "It is not known to which database these migrations belong.",
        (
            "orders/prisma/migrations: provider = mysql, ORDERS_URL",
            "users/prisma/migrations: provider = mysql, DATABASE_URL",
            "Databases: users-db, orders-db",
        ),
        "Specify it in airlock.yml, for example: `databases: [{service: users-db, migrations: "
        "orders/prisma/migrations}, {service: orders-db, migrations: users/prisma/migrations}]`",
    )


def test_airlock_yml_says_which_databases_there_are_in_which_order(tmp_path: Path) -> None:
    settings = (
        "databases:\n- service: orders-db\n  migrations: ./users/prisma/migrations/\n- {service: users-db}\n"
    )
    folder = two(tmp_path, **{"airlock.yml": settings})
    assert owned(folder) == {"orders-db": "users/prisma/migrations", "users-db": None}
    write(folder, {"airlock.yml": "databases: [{service: nowhere}]"})
    assert refusal(folder).details == ("users, orders, users-db, orders-db",)


def test_two_databases_and_one_folder_of_nobody_are_asked_for(tmp_path: Path) -> None:
    compose = COMPOSE + "  other:\n    image: mysql:8\n"
    folder = shop(tmp_path, **{"docker-compose.yml": compose})
    assert refusal(folder).hint == (
        "Specify it in airlock.yml, for example: `databases: [{service: db, migrations: prisma/migrations}, "
        "{service: other}]`"
    )
    write(folder, {"airlock.yml": "database: {service: other}"})
    assert owned(folder) == {"other": "prisma/migrations"}
    write(folder, {"airlock.yml": "database: {service: another}"})
    assert refusal(folder).details == ("web, db, other",)


def test_migrations_of_another_kind_of_database_are_refused(tmp_path: Path) -> None:
    lock = {"users/prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n'}
    settings = "databases: [{service: users-db, migrations: users/prisma/migrations}]"
    problem = refusal(two(tmp_path, **{**lock, "airlock.yml": settings}))
    assert (problem.happened, problem.details) == (
        "The migrations are for another kind of database than the service users-db.",
        ("users/prisma/migrations: provider = postgresql",),
    )


def test_a_server_of_an_image_with_another_name_is_known_by_its_variables(tmp_path: Path) -> None:
    compose = COMPOSE.replace("mariadb:10.11", "team/database:1")
    settings = {"airlock.yml": "database: {service: db}", "docker-compose.yml": compose}
    lock = {"prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n'}
    assert refusal(shop(tmp_path, **settings, **lock)).happened == (
        "The migrations are for another kind of database than the service db."
    )
    compose = compose.replace("MARIADB_ROOT_PASSWORD", "POSTGRES_PASSWORD")
    assert owned(write(tmp_path / "shop", {"docker-compose.yml": compose})) == {"db": "prisma/migrations"}


def test_a_server_that_is_not_served_is_no_database_of_a_release_although_airlock_yml_says_so(
    tmp_path: Path,
) -> None:
    compose = "services:\n  db: {image: cockroachdb/cockroach}\n"
    folder = write(tmp_path, {"docker-compose.yml": compose, "airlock.yml": "databases: [{service: db}]"})
    problem = refusal(folder)
    assert (problem.happened, problem.details, problem.hint) == (
        "Airlock does not serve CockroachDB, which the service db runs.",
        ("It serves: MariaDB, MySQL, PostgreSQL",),
        "Remove the service from `databases:` in airlock.yml; its data is then not backed up.",
    )


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("databases: db", "airlock.yml:1 databases: must be a list such as [a, b]"),
        ("databases: [{migrations: a}]", "airlock.yml:1 databases[0].service: is missing"),
        ("databases: [{service: a, folder: b}]", "airlock.yml:1 databases[0].folder: is unknown"),
        ("databases: [{service: a}, {service: a}]", "airlock.yml:1 databases[1]: names the service a again"),
        (
            "databases: [{service: a}]\nmigrations: b",
            "airlock.yml:2 migrations: cannot be set together with `databases`",
        ),
        (
            "databases: [{service: a}]\ndatabase: {service: b}",
            "airlock.yml:2 database: cannot be set together with `databases`",
        ),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_place(
    tmp_path: Path, settings: str, problem: str
) -> None:
    assert refusal(two(tmp_path, **{"airlock.yml": settings})).details == (problem,)


@pytest.mark.parametrize(
    ("query", "schema"),
    [
        ("?schema=sales&sslmode=disable", "sales"),
        ("?x=1&schema=${SCHEMA:-Sales}", "Sales"),
        ("?schema=${SCHEMA}", None),
        ("?schema=a%20b", None),
        ("", None),
    ],
)
def test_the_schema_of_a_url_is_that_of_the_commands_by_hand(
    tmp_path: Path, query: str, schema: str | None
) -> None:
    compose = TWO.replace("?x=1", query)
    users, orders = find_project(two(tmp_path, **{"docker-compose.yml": compose})).databases
    assert (users.search_path, orders.search_path) == (schema, None)
