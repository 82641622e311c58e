"""PostgreSQL scripts are split as the server splits them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.sql.postgresql_statements import (
    ROUTINE,
    spans_of_statements,
    split_postgresql,
    tokens_of,
)

QUOTED = st.text("ab;'\"\\$-/*() \n한", max_size=8)
PARTS = st.one_of(
    QUOTED.map(lambda text: "'" + text.replace("'", "''") + "'"),
    QUOTED.map(lambda text: "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"),
    QUOTED.map(lambda text: "e'a' -- ;\n 'b\\'" + text.replace("\\", "").replace("'", "''") + "'"),
    QUOTED.map(lambda text: "U&'" + text.replace("'", "''") + "'"),
    QUOTED.map(lambda text: '"' + text.replace('"', '""') + '"'),
    QUOTED.map(lambda text: "$$" + text.replace("$", "") + "$$"),
    QUOTED.map(lambda text: "$a1$ $$ $a$" + text.replace("$", "") + "$a1$"),
    QUOTED.map(lambda text: "/* ; ' " + text.replace("*", "").replace("/", "") + " /* $$ */ ; */"),
    QUOTED.map(lambda text: "-- ' $$ " + text.replace("\n", "") + "\n"),
    QUOTED.map(lambda text: "(" + "; ".join(text.split("\n")[:0]) + "1; 2)"),
    st.sampled_from(["a$b$", "$1", "- -", "/ *", "1.5e3", "nE", "x", "<->", "::text", "한글"]),
)
ATOMIC = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END"
STATEMENTS = st.lists(PARTS, max_size=5).map(lambda parts: " ".join(["SELECT", *parts, "1"]))


@given(st.lists(STATEMENTS, max_size=4), st.sampled_from([";", " ; ;\n", ";/* ' ; */\n", "; -- it's\n"]))
def test_what_stands_between_semicolons_is_a_statement(statements: list[str], between: str) -> None:
    script = between.join(statements)
    assert [one.text for one in split_postgresql(script)] == statements
    assert [one.text for one in split_postgresql("\ufeff -- ;\n" + script + ";\n")] == statements


@given(st.lists(STATEMENTS, max_size=4))
def test_a_statement_begins_in_its_line_and_ends_at_its_semicolon(statements: list[str]) -> None:
    script = ";\n".join(statements)
    lines, line = [], 1
    for statement in statements:
        lines.append(line)
        line += statement.count("\n") + 1
    assert [one.line for one in split_postgresql(script)] == lines
    assert [script[end : end + 1] for _begin, end in spans_of_statements(script)][:-1] == [";"] * (
        len(statements) - 1 if statements else 0
    )


@given(st.text("aE$'\"\\-/*;()\n 1ü", max_size=60))
def test_any_text_is_read_alike_in_long_and_in_single_steps(text: str) -> None:
    assert not ROUTINE.match(text)
    slowly, depth = [0], 0
    for token in tokens_of(text):
        if token.upper == ";" and not depth:
            slowly.append(0)
        else:
            slowly[-1] += 1
            depth = max(0, depth + {"(": 1, ")": -1}.get(token.upper, 0))
    assert [len(list(tokens_of(one.text))) for one in split_postgresql(text)] == [n for n in slowly if n]


@given(st.text("aE$'\"\\-/*;()\n 1ü", max_size=60))
def test_only_blanks_and_comments_stand_between_tokens(text: str) -> None:
    tokens = [*tokens_of(text)]
    starts, ends = [*(one.start for one in tokens), len(text)], [0, *(one.end for one in tokens)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    assert [gap for gap in gaps if [*tokens_of(gap)]] == []
    assert [text[one.start : one.end] for one in tokens] == [one.text for one in tokens]


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        (" ;; -- ;\n /* ; /* ; */ ; */", []),
        ("SELECT 'a;''b'; SELECT 2", ["SELECT 'a;''b'", "SELECT 2"]),
        (r"SELECT 'a\'; SELECT 2", [r"SELECT 'a\'", "SELECT 2"]),
        (r"SELECT E'a\'; SELECT 2'", [r"SELECT E'a\'; SELECT 2'"]),
        ("DO $do$ BEGIN PERFORM 1; END $do$; SELECT 1", ["DO $do$ BEGIN PERFORM 1; END $do$", "SELECT 1"]),
        (
            f"{ATOMIC}; SELECT 3", [ATOMIC, "SELECT 3"],
        ),
        ("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); X", [
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "X",
        ]),
        ("BEGIN; SELECT 1; END; SELECT 2", ["BEGIN", "SELECT 1", "END", "SELECT 2"]),
        ("SELECT 'no end; SELECT 2", ["SELECT 'no end; SELECT 2"]),
        ("SELECT $no$ end; SELECT 2", ["SELECT $no$ end; SELECT 2"]),
    ],
)  # fmt: skip
def test_scripts_as_people_write_them(script: str, statements: list[str]) -> None:
    assert [one.text for one in split_postgresql(script)] == statements
