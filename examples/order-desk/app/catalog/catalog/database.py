"""Connects to PostgreSQL."""

import os
from urllib.parse import unquote, urlsplit

import pg8000.native


def rows(statement, **values):
    """Runs a statement, which is a transaction of its own; returns the rows that it finds, a dict for each row."""
    connection = _connection()
    try:
        found = connection.run(statement, **values)
        names = [column["name"] for column in connection.columns or ()]
        return [dict(zip(names, row)) for row in found or ()]
    finally:
        connection.close()


def _connection():
    url = urlsplit(os.environ["CATALOG_DATABASE_URL"])
    return pg8000.native.Connection(
        user=unquote(url.username),
        password=unquote(url.password),
        host=url.hostname,
        port=url.port,
        database=url.path.lstrip("/"),
        timeout=60,
    )
