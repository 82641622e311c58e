"""Determines which product answers: others speak PostgreSQL's protocol, too, but differ in all the rest."""

import re
from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.postgresql.server.queries import server_version, value_of
from installer.postgresql.server.series import series_of_version
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

POSTGRESQL = "PostgreSQL"
OLDEST = (13,)  # older ones cannot drop a database that is in use
OTHERS = {  # in what version() says
    "YugabyteDB": re.compile(r"-YB-"),
    "Amazon Redshift": re.compile(r"\bRedshift\b"),
    "Greenplum": re.compile(r"\bGreenplum\b"),
}


def product_of(connection: "Server") -> str:
    """Returns the product of a connected server, such as PostgreSQL or CockroachDB."""
    return product_of_version(str(value_of(connection, "SELECT version()")))


def product_of_version(text: str) -> str:
    """Returns the product by the text of `version()`: the first word, unless another one follows."""
    others = (name for name, mark in OTHERS.items() if mark.search(text))
    return next(others, text.split()[0] if text.split() else POSTGRESQL)


def refuse_product(connection: "Server") -> None:
    """Raises `Refused` for a server that is not PostgreSQL, and for one that is too old."""
    product = product_of(connection)
    if product != POSTGRESQL:
        raise Refused(
            _("This server is {product}, which Airlock does not serve.", product=product),
            hint=_("Back up and restore its data with the service's own tools."),
        )
    version = server_version(connection)
    if series_of_version(version) < OLDEST:
        raise Refused(
            _("This PostgreSQL server is too old: {version}.", version=version),
            details=[_("Airlock serves PostgreSQL {oldest} and newer.", oldest=OLDEST[0])],
            hint=_("Ask the vendor how to move the data to a newer version first."),
        )
