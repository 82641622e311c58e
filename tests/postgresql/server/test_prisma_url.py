"""The URL of an application says, as for Prisma, which database and schema it uses, and its sessions."""

from dataclasses import replace

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress, SessionOptions
from installer.errors import Refused
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.restore.database_beside import drop, exists
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.prisma_url import PrismaUrl, read_url, url_of_application
from installer.postgresql.server.queries import rows_of, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.postgresql.server.tried_credentials import moved_data
from installer.system.compose.compose import Service
from installer.system.compose.service_urls import ServiceUrl
from installer.system.secret import Secret
from tests.mariadb.backups import Told
from tests.postgresql.server.test_location import SERVICE, container

PLAIN = SessionOptions()
FULL = (
    "postgresql://u%3Aser:p%40ss%2F%25w%C3%B6@db:5433/my%20app?schema=Sales&sslmode=require&connect_timeout=30"
    "&options=-c%20statement_timeout%3D5s%20-c%20search_path%3Dx&pgbouncer=true"
)


def used(*urls: str, variable: str = "DATABASE_URL") -> Service:
    """A database's service with these URLs in other services, `one`, `two`, …"""
    names = ("one", "two", "three")
    found = (ServiceUrl(name, variable, Secret(url)) for name, url in zip(names, urls, strict=False))
    return replace(SERVICE, urls=tuple(found))


def refusal(service: Service, database: str) -> str:
    with pytest.raises(Refused) as refused:
        url_of_application(service, database)
    return str(refused.value)


def test_every_part_of_a_url_is_read_as_prisma_reads_it() -> None:
    assert read_url(ServiceUrl("api", "DATABASE_URL", Secret(FULL))) == PrismaUrl(
        "api: DATABASE_URL", "DATABASE_URL", "u:ser", Secret("p@ss/%wö"), "my app", "Sales",
        SessionOptions("-c statement_timeout=5s -c search_path=x", "require", 30),
    )  # fmt: skip
    assert read_url(ServiceUrl("api", "URL", Secret("postgres://db"))) == PrismaUrl(
        "api: URL", "URL", "", Secret(""), "postgres", "public", PLAIN
    )
    others = ("mysql://db/app", "postgresql+asyncpg://db/app", "https://[broken")
    assert [read_url(ServiceUrl("api", "URL", Secret(url))) for url in others] == [None, None, None]


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        ((), ("app", "public")),
        (("postgres://db/app?schema=a", "postgres://db/app?schema=a&connection_limit=1"), ("app", "a")),
        (("postgres://db/app?schema=a", "postgres://db/other?schema=b"), ("app", "a")),
        (("postgres://db/mine",), ("mine", "public")),
    ],
)
def test_database_and_schema_are_those_of_the_urls(urls: tuple[str, ...], found: tuple[str, str]) -> None:
    address = locate_database(used(*urls), container({"POSTGRES_PASSWORD": "p", "POSTGRES_DB": "app"}))
    assert (address.database, address.schema) == found


def test_a_variable_that_prisma_reads_counts_before_others_and_a_shadow_database_never() -> None:
    mine = ServiceUrl("api", "DATABASE_URL", Secret("postgres://db/app?schema=a"))
    other = ServiceUrl("report", "REPORT_URL", Secret("postgres://db/app"))
    shadow = ServiceUrl("api", "SHADOW_DATABASE_URL", Secret("postgres://db/shadow"))
    found = [
        url_of_application(replace(SERVICE, urls=urls), "postgres")
        for urls in ((other, mine), (shadow, other))
    ]
    assert [one and (one.variable, one.schema) for one in found] == [
        ("DATABASE_URL", "a"),
        ("REPORT_URL", "public"),
    ]


def test_several_databases_or_schemas_are_refused_with_their_places() -> None:
    urls = ("postgres://u:secret@db/a?schema=x", "postgres://u:secret@db/b")
    assert refusal(used(*urls), "c") == (
        "Services use several databases of db.\n"
        "  one: DATABASE_URL: a, schema x\n"
        "  two: DATABASE_URL: b, schema public\n"
        "It is not known which one has the migrations. Set DATABASE_URL only in services that use it."
    )
    several = refusal(used(*urls, "postgres://db/a"), "a").splitlines()[0]
    assert several == "Services use several schemas of the database in db."


def test_a_release_whose_urls_lead_elsewhere_does_not_find_the_data() -> None:
    server = container({"POSTGRES_PASSWORD": "p", "POSTGRES_DB": "app"})
    old = used("postgres://db/app?schema=a")
    new = ("postgres://db/app?schema=a&sslmode=disable", "postgres://db/app", "postgres://db/next?schema=a")
    assert [moved_data(old, used(url), server) for url in new] == [
        None,
        "The data is in the schema a, not in public.",
        "The data is in the database app, not in next.",
    ]


def test_a_container_without_a_password_is_entered_as_the_applications_do() -> None:
    address = locate_database(used("postgres://u:p%40ss@db/app"), container({}))
    assert (address.user, address.password, address.database) == ("u", Secret("p@ss"), "app")


@pytest.mark.engine
@pytest.mark.database
class TestOnAServer:
    def test_a_percent_encoded_password_opens_the_database(self, pg: DatabaseAddress) -> None:
        with connect(pg) as connection:
            run_sql(connection, "CREATE ROLE \"u:ser\" LOGIN PASSWORD 'p@ss/%w'")
        url = read_url(ServiceUrl("api", "URL", Secret(f"postgres://u%3Aser:p%40ss%2F%25w@db/{pg.database}")))
        assert url is not None
        try:
            with connect(replace(pg, user=url.user, password=url.password)) as connection:
                assert value_of(connection, "SELECT current_user") == "u:ser"
        finally:
            with connect(pg) as connection:
                run_sql(connection, 'DROP ROLE "u:ser"')

    def test_the_options_of_the_url_hold_in_scripts_and_its_schema_is_the_whole_path(
        self, pg: DatabaseAddress
    ) -> None:
        options = SessionOptions("-c statement_timeout=7s -c search_path=other", connect_seconds=0)
        address = replace(pg, schema="Sales", session=options)
        settings = "current_setting('statement_timeout') AS a, current_setting('search_path') AS b"
        script = f"CREATE TABLE seen AS SELECT {settings};"
        deploy(address, (Migration("1_seen", script.encode()),), Told().console)
        with connect(address) as connection:
            assert rows_of(connection, 'SELECT * FROM "Sales".seen') == [("7s", '"Sales"')]
            history = (
                "SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = '_prisma_migrations'"
            )
            assert rows_of(connection, history) == [('"Sales"',)]
            assert value_of(connection, "SHOW statement_timeout") == "0"

    def test_several_schemas_keep_their_history_in_that_of_the_url(self, pg: DatabaseAddress) -> None:
        script = b'CREATE SCHEMA "base"; CREATE TABLE "base"."t" (i int); CREATE TABLE "own"."u" (i int);'
        deploy(replace(pg, schema="own"), (Migration("1_two", script),), Told().console)
        tables = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|inf)'"
        with connect(pg) as connection:
            assert sorted(name for (name,) in rows_of(connection, tables)) == [
                "base.t", "own._prisma_migrations", "own.u",
            ]  # fmt: skip

    def test_a_server_without_tls_is_entered_unless_the_url_requires_it(self, pg: DatabaseAddress) -> None:
        for mode in ("disable", "prefer"):
            with connect(replace(pg, session=SessionOptions(sslmode=mode))) as connection:  # type: ignore[arg-type]
                assert (
                    value_of(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") is False
                )
        required = replace(pg, session=SessionOptions(sslmode="require"))
        with pytest.raises(Refused, match="Server refuses SSL"), connect(required):
            pass

    def test_a_database_that_the_server_does_not_have_is_created_as_prisma_does(
        self, pg: DatabaseAddress
    ) -> None:
        missing = replace(pg, database=f"{pg.database} next")
        try:
            assert not exists(missing)
            assert deploy(missing, (Migration("1_t", b"CREATE TABLE t (i int)"),), Told().console) == ("1_t",)
            assert exists(missing)
        finally:
            drop(missing)
