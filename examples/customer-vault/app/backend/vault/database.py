"""Connects to MariaDB."""

import os

import pymysql
from pymysql.cursors import DictCursor


def rows(statement, *values):
    """Returns the rows that a statement finds, a dict for each row."""
    with _connection() as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def change(statement, *values):
    """Runs a statement and commits it; returns the ID of the new row."""
    with _connection() as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.commit()
        return cursor.lastrowid


def _connection():
    return pymysql.connect(
        host=os.environ["DB_HOST"],
        user=os.environ["DB_USER"],
        password=os.environ["DB_PASSWORD"].encode(),
        database=os.environ["DB_NAME"],
        charset="utf8mb4",
        cursorclass=DictCursor,
        connect_timeout=5,
    )
