from pathlib import Path

from installer.site.files.env_values import read_env
from installer.system.secret import Secret


def test_a_missing_file_sets_nothing(tmp_path: Path) -> None:
    assert read_env(tmp_path / ".env") == {}


def test_quotes_and_comments_are_read_as_compose_reads_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A='one two' # why\nB=\"three\"\nexport C=4\nD=\n")
    assert read_env(tmp_path / ".env") == {
        "A": Secret("one two"),
        "B": Secret("three"),
        "C": Secret("4"),
        "D": Secret(""),
    }


def test_a_secret_shows_itself_only_on_purpose() -> None:
    secret = Secret("s3cret")
    assert (str(secret), repr(secret), f"{secret}", repr({"A": secret})) == (
        "***",
        "Secret(***)",
        "***",
        "{'A': Secret(***)}",
    )
