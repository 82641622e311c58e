"""Questions among the statements of a script leave them, and the places of errors, as they are."""

import pytest

from installer.postgresql.rehearsal.probed_script import Insertion, ProbedScript, as_it_is, probed

ASKED = " Q"


def test_a_question_follows_every_statement() -> None:
    script = probed("CREATE TABLE a (); -- one\nDROP TABLE b;\n", ASKED)
    assert script == ProbedScript(
        "CREATE TABLE a (); Q; -- one\nDROP TABLE b; Q;\n", 2, (Insertion(1, 18, 3), Insertion(2, 42, 3))
    )


def test_a_last_statement_without_a_semicolon_gets_one_behind_its_comment() -> None:
    assert probed("SELECT 1; SELECT 2 -- two", ASKED).text == "SELECT 1; Q; SELECT 2 -- two\n; Q;"


def test_statements_that_begin_set_or_end_are_not_asked() -> None:
    script = probed("BEGIN; SET a = 1; SELECT 1; SAVEPOINT s; COMMIT;", ASKED)
    assert (script.text, sorted(script.asked)) == (
        "BEGIN; SET a = 1; SELECT 1; Q; SAVEPOINT s; Q; COMMIT;",
        [3, 4],
    )


@pytest.mark.parametrize(
    "script",
    [
        "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT",
        "VACUUM FULL t",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "CALL p()",
        "DO $$ BEGIN COMMIT; END $$",
        "LOCK TABLE t",
        "-- nothing",
        pytest.param("INSERT INTO t VALUES (1);" * 1001, id="a file of rows"),
    ],
)
def test_what_a_question_could_change_is_left_alone(script: str) -> None:
    assert probed(script, ASKED) == as_it_is(script)


def test_every_place_in_the_script_is_found_again() -> None:
    text = "SELECT 'ä'; BEGIN; SELECT 2;\nSELECT 3 -- end"
    script = probed(text, ASKED)
    for word in ("'ä'", "BEGIN", "2", "SELECT 3", "end"):
        assert script.original(script.text.index(word)) == text.index(word)


def test_answers_of_questions_are_left_out() -> None:
    script = probed("SELECT 1; SET a = 1; SELECT 2", ASKED)
    assert script.own(["1", "q", "set", "2", "q"]) == ["1", "set", "2"]
    assert script.own(["1", "q", "set"]) == ["1", "set"]
