"""A dump without rows as objects: nothing of it is lost, and none has a part of its neighbour."""

import pytest

from installer.postgresql.content.schema_dump import read_schema_dump

HEAD = """--
-- PostgreSQL database dump
--

\\restrict 4rT

-- Dumped from database version 15.18
SET statement_timeout = 0;

"""
TAIL = """

--
-- PostgreSQL database dump complete
--

\\unrestrict 4rT
"""


def header(name: str, kind: str, schema: str = "public", owner: str = "app") -> str:
    return f"--\n-- Name: {name}; Type: {kind}; Schema: {schema}; Owner: {owner}\n--\n\n"


USERS = "CREATE TABLE public.users (\n    id integer\n);\n\n\nALTER TABLE public.users OWNER TO app;\n"


def test_every_object_has_its_kind_its_name_and_its_statements() -> None:
    dump = (
        f"{HEAD}{header('other', 'SCHEMA', '-')}CREATE SCHEMA other;\n\n"
        f"{header('users', 'TABLE')}{USERS}\n"
        f"{header('users', 'TABLE', 'other')}CREATE TABLE other.users ();\n{TAIL}"
    )
    assert read_schema_dump(dump, "public") == {
        "schema": {"other": "-- Owner: app\nCREATE SCHEMA other;"},
        "table": {
            "users": f"-- Owner: app\n{USERS.rstrip()}",
            "other.users": "-- Owner: app\nCREATE TABLE other.users ();",
        },
    }


def test_another_schema_can_be_the_one_whose_objects_have_bare_names() -> None:
    dump = f"{HEAD}{header('a', 'TABLE', 'other')}A;\n{header('b', 'TABLE')}B;\n{TAIL}"
    assert read_schema_dump(dump, "other") == {
        "table": {"a": "-- Owner: app\nA;", "public.b": "-- Owner: app\nB;"}
    }


def test_settings_for_the_next_object_belong_to_it_and_only_unusual_ones_count() -> None:
    dump = (
        f"{HEAD}{header('f()', 'FUNCTION')}F;\n\nSET default_tablespace = fast;\n\n"
        f"SET default_table_access_method = heap;\n\n{header('a', 'TABLE')}A;\n\n"
        f"SET default_tablespace = '';\n\n{header('b', 'TABLE')}B;\n{TAIL}"
    )
    assert read_schema_dump(dump, "public") == {
        "function": {"f()": "-- Owner: app\nF;"},
        "table": {
            "a": "-- Owner: app\nSET default_tablespace = fast;\nA;",
            "b": "-- Owner: app\nB;",
        },
    }


def test_statements_under_one_name_follow_each_other() -> None:
    dump = f"{HEAD}{header('FUNCTION f()', 'ACL')}A;\n\n{header('FUNCTION f()', 'ACL')}B;\n{TAIL}"
    assert read_schema_dump(dump, "public") == {
        "acl": {"FUNCTION f()": "-- Owner: app\nA;\n\n-- Owner: app\nB;"}
    }


@pytest.mark.parametrize("schema", ["Other; Type: X", "-", "a\\b"])
def test_names_that_look_like_a_header_keep_their_object_apart(schema: str) -> None:
    dump = f"{HEAD}{header('t; Type: VIEW; Schema: x', 'TABLE', schema)}T;\n{TAIL}"
    ((kind, texts),) = read_schema_dump(dump, "public").items()
    assert (kind, list(texts.values())) == ("table", ["-- Owner: app\nT;"])


def test_a_body_that_looks_like_an_object_loses_no_line() -> None:
    body = f"SELECT 1;\n{header('fake', 'TABLE')}SELECT 2;\n\\restrict x\nSET default_tablespace = '';\n$$;"
    dump = f"{HEAD}{header('f()', 'FUNCTION')}CREATE FUNCTION f() AS $$\n{body}\n{TAIL}"
    texts = "\n".join(text for named in read_schema_dump(dump, "public").values() for text in named.values())
    assert [line for line in body.splitlines() if line not in texts and not line.startswith("-- Name")] == []


def test_an_empty_database_has_no_object() -> None:
    assert read_schema_dump(HEAD + TAIL, "public") == {}
