"""A dump is cut where the server cuts it, wherever its chunks end."""

from collections.abc import Iterator

import pytest

from installer.postgresql.restore.dump_parts import cut_roles_off, database_of
from installer.postgresql.restore.dump_pieces import pieces_of

DUMP = rb"""-- a comment; with a sign
SELECT ';', "a;b"; \connect app
COPY t (a) FROM stdin;
1;
'\\.
\.

CREATE FUNCTION f() RETURNS text AS $$
\connect nowhere
;$$;
INSERT INTO t VALUES (1, 'a;
\connect');
INSERT INTO t VALUES (-1, E'\';');
COPY t FROM stdin;
\.
SELECT 1"""
PIECES = [
    ("between", b"-- a comment; with a sign\n"),
    ("statement", b"SELECT ';', \"a;b\";"),
    ("between", b" "),
    ("command", b"\\connect app\n"),
    ("statement", b"COPY t (a) FROM stdin;\n"),
    ("rows", b"1;\n'\\\\.\n\\.\n"),
    ("between", b"\n"),
    ("statement", b"CREATE FUNCTION f() RETURNS text AS $$\n\\connect nowhere\n;$$;"),
    ("between", b"\n"),
    ("statement", b"INSERT INTO t VALUES (1, 'a;\n\\connect');"),
    ("between", b"\n"),
    ("statement", b"INSERT INTO t VALUES (-1, E'\\';');"),
    ("between", b"\n"),
    ("statement", b"COPY t FROM stdin;\n"),
    ("rows", b"\\.\n"),
    ("statement", b"SELECT 1"),
]
WHOLE_SERVER = r"""--
-- PostgreSQL database cluster dump
--
\restrict a
CREATE ROLE shop;
\unrestrict a
\connect template1
--
-- PostgreSQL database dump
--
\restrict b
SELECT pg_catalog.set_config('of template1');
\unrestrict b
--
-- PostgreSQL database dump
--
UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = 'template1';
DROP DATABASE "My App";
--
-- Name: My App; Type: DATABASE; Schema: -; Owner: shop
--
CREATE DATABASE "My App" WITH TEMPLATE = template0;
\connect -reuse-previous=on "dbname='My App'"
SELECT pg_catalog.set_config('of the app');
ALTER TABLE ONLY public.old DROP CONSTRAINT old_pkey;
DROP TABLE old;
SELECT pg_catalog.lo_unlink('1');
CREATE OR REPLACE VIEW old AS SELECT 1;
DROP SCHEMA public;
--
-- Name: t; Type: TABLE; Schema: public; Owner: shop
--
DROP TABLE of_a_person;
CREATE TABLE t (a text);
COPY t (a) FROM stdin;
--
-- Name: other; Type: DATABASE; Schema: -; Owner: shop
\.
--
-- Name: DATABASE "My App"; Type: ACL; Schema: -; Owner: shop
--
GRANT ALL ON DATABASE "My App" TO PUBLIC;
--
-- Name: other; Type: DATABASE; Schema: -; Owner: shop
--
CREATE DATABASE other;
\connect other
SELECT pg_catalog.set_config('of another');
"""


def chunks(whole: bytes, size: int) -> Iterator[bytes]:
    return (whole[at : at + size] for at in range(0, len(whole), size))


def pieces(whole: bytes, size: int) -> list[tuple[str, bytes]]:
    """Rows of one COPY as one piece, the lines of INSERT without their ends."""
    found: list[tuple[str, bytes]] = []
    for piece in pieces_of(chunks(whole, size)):
        before = found.pop()[1] if found and found[-1][0] == piece.kind == "rows" else b""
        found.append((piece.kind, before + piece.sql))
        if piece.sql.startswith(b"INSERT") and piece.sql.endswith(b"\n"):
            found[-1:] = [("statement", piece.sql[:-1]), ("between", b"\n")]
    return found


def test_the_pieces_are_the_same_wherever_the_chunks_end() -> None:
    for size in range(1, len(DUMP) + 1):
        assert pieces(DUMP, size) == PIECES


def test_rows_with_insert_are_cut_together() -> None:
    rows = b"INSERT INTO t VALUES (1);\n" * 3
    assert [piece.sql for piece in pieces_of([rows])] == [rows]


def test_of_the_dump_of_a_server_only_the_roles_and_the_wanted_database_are_loaded() -> None:
    roles, content = cut_roles_off([WHOLE_SERVER.encode()], "My App")
    assert [line for line in roles.split("\n") if line and not line.startswith("--")] == ["CREATE ROLE shop;"]
    assert [
        line for line in b"".join(content).decode().split("\n") if line and not line.startswith("--")
    ] == [
        "SELECT pg_catalog.set_config('of the app');",
        "DROP SCHEMA public;",
        "DROP TABLE of_a_person;",
        "CREATE TABLE t (a text);",
        "COPY t (a) FROM stdin;",
        "\\.",
    ]


@pytest.mark.parametrize(
    ("words", "database"),
    [
        ("app", "app"),
        ('"My ""App"', 'My "App'),
        ('"dbname=\'it\\\\\\\'s ""x\'"', "it\\'s \"x"),
    ],
)
def test_the_database_that_a_dump_connects_to_is_read(words: str, database: str) -> None:
    assert database_of(words) == database
