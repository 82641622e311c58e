"""Reads the URL of a PostgreSQL database as Prisma does, and finds the one that an application uses.

Source: quaint's `PostgresUrl`. A URL of another program has the same form, and no schema.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from installer.database.values.address import SessionOptions, SslMode
from installer.errors import Refused
from installer.system.compose.compose import Service
from installer.system.compose.service_urls import ServiceUrl
from installer.system.secret import Secret
from installer.text import _

SCHEMES = ("postgres", "postgresql")
USUAL_DATABASE, USUAL_SCHEMA = "postgres", "public"
USUAL_VARIABLES = ("DATABASE_URL", "DIRECT_URL")
SHADOW = "SHADOW"  # of a database that Prisma makes and drops while developing
SSL_MODES: dict[str, SslMode] = {"disable": "disable", "require": "require"}


@dataclass(frozen=True)
class PrismaUrl:
    """Holds what a URL says; `user` is empty where it names none. `place` is where it stands, for people."""

    place: str
    variable: str
    user: str
    password: Secret
    database: str
    schema: str
    session: SessionOptions


def urls_of(service: Service) -> tuple[PrismaUrl, ...]:
    """Returns the URLs by which applications connect to a service; if any, those that Prisma reads."""
    found = tuple(url for one in service.urls if (url := read_url(one)) is not None)
    usual = tuple(url for url in found if url.variable in USUAL_VARIABLES)
    return usual or tuple(url for url in found if SHADOW not in url.variable)


def read_url(given: ServiceUrl) -> PrismaUrl | None:
    """Returns what a URL of PostgreSQL says; None for any other URL."""
    try:
        parts = urlsplit(given.url.reveal())
        timeout = dict(parse_qsl(parts.query)).get("connect_timeout", "")
    except ValueError:
        return None
    if parts.scheme not in SCHEMES:
        return None
    options = dict(parse_qsl(parts.query))
    return PrismaUrl(
        place=f"{given.service}: {given.variable}",
        variable=given.variable,
        user=unquote(parts.username or ""),
        password=Secret(unquote(parts.password or "")),
        database=unquote(parts.path.removeprefix("/")) or USUAL_DATABASE,
        schema=options.get("schema") or USUAL_SCHEMA,
        session=SessionOptions(
            options=options.get("options", ""),
            sslmode=SSL_MODES.get(options.get("sslmode", ""), "prefer"),
            connect_seconds=int(timeout) if timeout.isdecimal() else None,
        ),
    )


def url_of_application(service: Service, usual_database: str) -> PrismaUrl | None:
    """Returns the URL that applications use: that with `usual_database`, otherwise that of the only database.

    None without any. Raises `Refused` if they name several databases or schemas, and none of them is usual.
    """
    urls = urls_of(service)
    with_usual = [url for url in urls if url.database == usual_database]
    chosen = with_usual or urls
    if len({url.database for url in chosen}) > 1:
        raise _ambiguous(
            service, _("Services use several databases of {service}.", service=service.name), chosen
        )
    if len({url.schema for url in chosen}) > 1:
        raise _ambiguous(
            service,
            _("Services use several schemas of the database in {service}.", service=service.name),
            chosen,
        )
    return next(iter(chosen), None)


def _ambiguous(service: Service, happened: str, urls: Sequence[PrismaUrl]) -> Refused:
    return Refused(
        happened,
        details=[f"{url.place}: {url.database}, schema {url.schema}" for url in urls],
        hint=_(
            "It is not known which one has the migrations. Set DATABASE_URL only in services that use it."
        ),
    )
