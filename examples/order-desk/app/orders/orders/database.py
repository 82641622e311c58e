"""Connects to MariaDB."""

import os
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import DictCursor


def rows(statement, *values):
    """Returns the rows that a statement finds, a dict for each row."""
    with changes() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


@contextmanager
def changes():
    """Yields a cursor whose changes are committed together, or not at all."""
    with _connection() as connection, connection.cursor() as cursor:
        yield cursor
        connection.commit()


def _connection():
    url = urlsplit(os.environ["ORDERS_DATABASE_URL"])
    return pymysql.connect(
        host=url.hostname,
        port=url.port,
        user=unquote(url.username),
        password=unquote(url.password).encode(),
        database=url.path.lstrip("/"),
        charset="utf8mb4",
        cursorclass=DictCursor,
        connect_timeout=5,
    )
