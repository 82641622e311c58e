"""A note of one server about its columns is not loaded into another one, and everything else is."""

import pytest

from installer.postgresql.restore.dump_parts import cut_roles_off, without_column_notes

NOTED = b"ALTER TABLE ONLY public.orders ALTER COLUMN item SET (pg_attver=3);"
DUMP = b"""--
-- PostgreSQL database dump
--

--
-- Name: orders; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.orders (item text);
ALTER TABLE ONLY public.orders ALTER COLUMN item SET (pg_attver=3);
COPY public.orders (item) FROM stdin;
ALTER TABLE ONLY public.orders ALTER COLUMN item SET (pg_attver=3);
\\.
"""


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        (NOTED, b""),
        (NOTED.replace(b"(", b"(n_distinct=5, "), NOTED.replace(b"pg_attver=3", b"n_distinct=5")),
        (NOTED.replace(b"item", b'"a;b("'), b""),
        *((other, other) for other in (
            NOTED.replace(b"pg_attver=3", b"n_distinct=5"),
            b"COMMENT ON TABLE public.orders IS 'SET (pg_attver=3);';",
            b"INSERT INTO t VALUES ('pg_attver=3');",
        )),
    ],
)  # fmt: skip
def test_only_the_note_is_left_out(statement: bytes, loaded: bytes) -> None:
    assert without_column_notes(statement) == loaded


def test_a_row_with_the_same_words_is_a_row() -> None:
    _roles, content = cut_roles_off([DUMP])
    assert b"".join(content).count(NOTED) == 1
