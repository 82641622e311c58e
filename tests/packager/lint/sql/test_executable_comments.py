"""What MariaDB executes of comments with a version."""

import pytest

from packager.lint.sql.executable_comments import executed


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("SELECT 1 /* it's */ /*!50000 , 2 */, 'x'", ["SELECT", "1", ",", "2", ",", "'x'"]),
        ("SELECT 1 -- it's\n/*!50700 , 2 */, 'x'", ["SELECT", "1", ",", "'x'"]),
        ("SELECT '/*!50000 no */'", ["SELECT", "'/*!50000", "no", "*/'"]),
    ],
)
def test_quotes_in_comments_begin_no_text(text: str, runs: list[str]) -> None:
    done = executed(text) or ""
    for comment in ("/* it's */", "-- it's\n"):
        done = done.replace(comment, " ")
    assert done.split() == runs
