import pytest

from installer.database.engines import ENGINES
from installer.system.compose.model import ComposeModel, Mount, Service
from installer.system.docker.data_stores import (
    ENGINE_OF_PROGRAM,
    Unserved,
    data_store,
    no_database,
    unserved_stores,
)
from installer.system.secret import Secret


@pytest.mark.parametrize(
    ("image", "program"),
    [
        ("postgres:16-alpine", "PostgreSQL"),
        ("postgis/postgis:16-3.4", "PostgreSQL"),
        ("registry.example:5000/bitnami/postgresql@sha256:" + "0" * 64, "PostgreSQL"),
        ("timescale/timescaledb-ha", "PostgreSQL"),
        ("redis", "Redis"),
        ("redis/redis-stack-server:7.2.0", "Redis"),
        ("valkey/valkey:8", "Valkey"),
        ("eqalpha/keydb", "KeyDB"),
        ("mongo:7", "MongoDB"),
        ("mongodb/mongodb-community-server:7.0", "MongoDB"),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.15.0", "Elasticsearch"),
        ("opensearchproject/opensearch:2", "OpenSearch"),
        ("influxdb:2.7", "InfluxDB"),
        ("clickhouse/clickhouse-server", "ClickHouse"),
        ("rabbitmq:3-management", "RabbitMQ"),
        ("mcr.microsoft.com/mssql/server:2022-latest", "SQL Server"),
        ("mariadb:10.11", "MariaDB"),
        ("percona/percona-server:8", "MySQL"),
        ("percona/percona-server-mongodb:7", "MongoDB"),
        ("cockroachdb/cockroach:v24.1", "CockroachDB"),
        ("yugabytedb/yugabyte", "YugabyteDB"),
        ("citusdata/citus:12", "PostgreSQL"),
        ("victoriametrics/victoria-metrics", "VictoriaMetrics"),
        ("prom/prometheus:v2.53", "Prometheus"),
        ("shop/backend:2.1.1", None),
        ("prometheuscommunity/postgres-exporter", None),
        ("oliver006/redis_exporter", None),
        ("mongo-express", None),
        ("phpmyadmin/phpmyadmin", None),
        ("nginx", None),
    ],
)
def test_a_program_that_keeps_data_is_known_by_its_image(image: str, program: str | None) -> None:
    assert data_store(image, []) == program


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("/var/lib/postgresql/data", "PostgreSQL"),
        ("/bitnami/postgresql", "PostgreSQL"),
        ("/data/db/", "MongoDB"),
        ("/var/lib/mysql-files", None),
        ("/uploads", None),
    ],
)
def test_an_image_with_a_name_of_its_own_is_known_by_the_folder_that_it_writes_to(folder, program) -> None:
    assert data_store("shop/data:1", [folder]) == program


@pytest.mark.parametrize(
    ("setting", "program"),
    [
        ("file:./data/app.db", "SQLite"),
        ("file:/app/data/app.sqlite?connection_limit=1", "SQLite"),
        ("sqlite:///app/data/app.db", "SQLite"),
        ("sqlite+aiosqlite:///./app.db", "SQLite"),
        ("sqlite", "SQLite"),
        ("better-sqlite3", "SQLite"),
        ("django.db.backends.sqlite3", "SQLite"),
        ("/app/data/store.sqlite3", "SQLite"),
        ("/app/data/store.db", "SQLite"),
        ("/elsewhere/store.db", None),
        ("sqlite::memory:", None),
        ("sqlite://", None),
        ("file:///etc/app.json", None),
        ("postgresql://app:sqlite@db/app", None),
    ],
)
def test_sqlite_is_known_by_the_settings_of_its_application(setting: str, program: str | None) -> None:
    assert data_store("shop/app:1", ["/app/data"], ["production", setting]) == program


def test_an_application_with_sqlite_is_no_release_without_a_database() -> None:
    url = {"DATABASE_URL": Secret("file:/data/shop.db")}
    app = Service("app", "shop/app:1", None, url, (), (), (), False, "no")
    assert no_database(unserved_stores(model(app), ())) == "not backed up by Airlock: app (SQLite)"


def service(name: str, image: str, *mounts: Mount) -> Service:
    return Service(name, image, None, {}, mounts, (), (), False, "no")


def model(*services: Service) -> ComposeModel:
    return ComposeModel("shop", {one.name: one for one in services}, {})


def test_every_service_that_keeps_data_is_found_but_the_one_that_is_served() -> None:
    found = model(
        service("db", "mariadb:10.11", Mount("volume", "db", "/var/lib/mysql", False)),
        service("users-db", "postgres:16"),
        service("archive", "mariadb:10.11"),
        service("web", "shop/web:1"),
    )
    assert unserved_stores(found, ["db"]) == (
        Unserved("users-db", "PostgreSQL"),
        Unserved("archive", "MariaDB"),
    )


def test_who_looks_into_the_served_databases_files_keeps_none_of_its_own() -> None:
    files = Mount("volume", "db", "/var/lib/mysql", False)
    found = model(service("db", "mariadb:10.11", files), service("copy", "shop/copy:1", files))
    assert unserved_stores(found, ["db"]) == ()


def test_a_folder_that_is_only_read_makes_no_data_store() -> None:
    files = Mount("volume", "pg", "/var/lib/postgresql/data", True)
    assert unserved_stores(model(service("look", "shop/look:1", files)), ()) == ()


def test_there_is_no_database_only_where_none_is_known() -> None:
    assert no_database(unserved_stores(model(service("web", "shop/web:1")), ())) == "no database service"
    stores = model(service("web", "shop/web:1"), service("users-db", "postgres:16"))
    assert no_database(unserved_stores(stores, ())) == "not backed up by Airlock: users-db (PostgreSQL)"


def test_what_is_served_is_what_the_database_engines_serve() -> None:
    known = {product: engine.key for engine in ENGINES for product in engine.products}
    assert known == ENGINE_OF_PROGRAM
