"""Recognises programs that store data, by the name of their image, the path of their data or their settings.

Only names are compared, so that the result is the same on a site and for an engineer's compose file.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from installer.bundle.images.image_references import split_reference
from installer.system.compose.model import ComposeModel, Service
from installer.text import _

SUFFIX = r"(-(alpine|server|community|community-server|enterprise|enterprise-server|slim|oss|ha|cluster))*"
KINDS: tuple[tuple[str, str], ...] = (
    ("MariaDB", r"mariadb(-galera)?"),
    ("MySQL", r"mysql|percona(-xtradb)?"),
    ("PostgreSQL", r"postgres(ql)?(-repmgr)?|postgis|timescaledb|pgvector|pgvecto-rs|citus|spilo(-\d+)?"),
    ("Redis", r"redis(-stack)?"),
    ("Valkey", r"valkey(-bundle)?"),
    ("KeyDB", r"keydb"),
    ("Dragonfly", r"dragonfly"),
    ("MongoDB", r"mongo(db)?(-sharded)?|ferretdb|percona-server-mongodb"),
    ("Elasticsearch", r"elasticsearch"),
    ("OpenSearch", r"opensearch"),
    ("Solr", r"solr"),
    ("Meilisearch", r"meilisearch"),
    ("InfluxDB", r"influxdb[23]?"),
    ("ClickHouse", r"clickhouse"),
    ("RabbitMQ", r"rabbitmq"),
    ("Kafka", r"(cp-)?kafka|redpanda"),
    ("NATS", r"nats(-streaming)?"),
    ("Cassandra", r"cassandra|scylla"),
    ("CouchDB", r"couchdb"),
    ("Neo4j", r"neo4j"),
    ("CockroachDB", r"cockroach(db)?"),
    ("YugabyteDB", r"yugabyte(db)?"),
    ("TiDB", r"tidb"),
    ("Couchbase", r"couchbase"),
    ("ArangoDB", r"arangodb"),
    ("SurrealDB", r"surrealdb"),
    ("RethinkDB", r"rethinkdb"),
    ("QuestDB", r"questdb"),
    ("VictoriaMetrics", r"victoria-metrics"),
    ("Prometheus", r"prometheus"),
    ("Typesense", r"typesense"),
    ("Weaviate", r"weaviate"),
    ("Firebird", r"firebird"),
    ("etcd", r"etcd"),
    ("MinIO", r"minio"),
    ("Qdrant", r"qdrant"),
    ("SQL Server", r"mssql|azure-sql-edge"),
    ("Oracle Database", r"oracle-(xe|free)"),
)
BITNAMI_POSTGRESQL = "/bitnami/postgresql"
FOLDERS: tuple[tuple[str, str], ...] = (
    ("MariaDB", "/var/lib/mysql"),
    ("MariaDB", "/bitnami/mariadb"),
    ("MySQL", "/bitnami/mysql"),
    ("PostgreSQL", "/var/lib/postgresql"),
    ("PostgreSQL", "/var/lib/postgresql/data"),
    ("PostgreSQL", BITNAMI_POSTGRESQL),
    ("Redis", "/var/lib/redis"),
    ("MongoDB", "/data/db"),
    ("Elasticsearch", "/usr/share/elasticsearch/data"),
    ("OpenSearch", "/usr/share/opensearch/data"),
    ("InfluxDB", "/var/lib/influxdb"),
    ("InfluxDB", "/var/lib/influxdb2"),
    ("ClickHouse", "/var/lib/clickhouse"),
    ("RabbitMQ", "/var/lib/rabbitmq"),
    ("Cassandra", "/var/lib/cassandra"),
    ("SQL Server", "/var/opt/mssql"),
)
SQLITE = "SQLite"
SQLITE_SETTING = re.compile(
    r"sqlite[\w+]*:(/*(?!/|:memory:|$).*)|file:.*\.(db3?|sqlite3?)(\?.*)?|(.*\.|better-)?sqlite3?",
    re.IGNORECASE | re.DOTALL,
)
ENGINE_OF_PROGRAM = {  # as in `installer.database.engines`
    "MariaDB": "mariadb",
    "MySQL": "mariadb",
    "PostgreSQL": "postgresql",
}


@dataclass(frozen=True)
class Unserved:
    """A service that stores data without a backup; `program` stores it, such as PostgreSQL."""

    service: str
    program: str

    def __str__(self) -> str:
        return f"{self.service} ({self.program})"


def unserved_stores(model: ComposeModel, databases: Collection[str]) -> tuple[Unserved, ...]:
    """Returns the services of `model` known to store data, except the `databases` that Airlock backs up."""
    served = [one for name, one in model.services.items() if name in databases]
    backed_up = {mount.source for one in served for mount in one.mounts}
    others = (one for name, one in model.services.items() if name not in databases)
    found = ((one.name, _program(one, backed_up)) for one in others)
    return tuple(Unserved(name, program) for name, program in found if program is not None)


def no_database(stores: Collection[Unserved]) -> str:
    """Returns the reason for skipping the database; names the data stores that are not backed up."""
    if not stores:
        return _("no database service")
    return _("not backed up by Airlock: {services}", services=", ".join(map(str, stores)))


def data_store(image: str, folders: Collection[str], settings: Iterable[str] = ()) -> str | None:
    """Returns the name of the program that stores data in a service; None if there is no sign of one.

    `image` is its reference, `folders` are the writable mount targets in its container, `settings` the values
    of its environment.
    """
    by_name = program_of_image(image) or next(filter(None, map(program_of_folder, folders)), None)
    return by_name or (SQLITE if any(_names_sqlite(value, folders) for value in settings) else None)


def _program(service: Service, backed_up: set[str]) -> str | None:
    own = (mount for mount in service.mounts if not mount.read_only and mount.source not in backed_up)
    settings = (value.reveal() for value in service.environment.values())
    return data_store(service.image, [mount.target for mount in own], settings)


def _names_sqlite(value: str, folders: Iterable[str]) -> bool:
    """Returns whether a setting is an address of SQLite, its name, or a file `.db` in one of `folders`."""
    if SQLITE_SETTING.fullmatch(value):
        return True
    return value.endswith(".db") and any(value.startswith(f"{folder.rstrip('/')}/") for folder in folders)


def program_of_image(image: str) -> str | None:
    """Returns the program of an image by its name; None if the name says none."""
    reference = split_reference(image)
    if re.search(r"(^|/)mssql/server$", reference.repository):
        return "SQL Server"
    names = (kind for kind, pattern in KINDS if re.fullmatch(f"({pattern}){SUFFIX}", reference.last_name))
    return next(names, None)


def is_of_bitnami(image: str) -> bool:
    """Returns whether an image is Bitnami's, by its name; a site's own registry keeps that part of it."""
    return any(part.startswith("bitnami") for part in split_reference(image).repository.split("/")[:-1])


def program_of_folder(folder: str) -> str | None:
    """Returns the program that keeps its data in a folder of its container; None for any other folder."""
    place = folder.rstrip("/")
    return next((kind for kind, known in FOLDERS if place == known or place.startswith(f"{known}/")), None)


def folders_of(programs: Collection[str]) -> tuple[str, ...]:
    """Returns the folders in containers where these programs keep their data."""
    return tuple(folder for kind, folder in FOLDERS if kind in programs)
