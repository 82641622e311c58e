from pathlib import Path

import pytest

from installer.errors import Refused
from installer.site.env import fill_in, read_env
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


def test_variables_are_filled_in_and_defaults_used_for_unset_and_empty_ones() -> None:
    variables = {"PORT": Secret("8081"), "HOST": Secret("")}
    assert fill_in("http://${HOST:-127.0.0.1}:${PORT}/${PATH_:-}", variables) == "http://127.0.0.1:8081/"


def test_a_variable_nobody_sets_is_named() -> None:
    with pytest.raises(Refused, match="PROXY_PORT"):
        fill_in("http://127.0.0.1:${PROXY_PORT}/", {})


def test_a_secret_shows_itself_only_on_purpose() -> None:
    secret = Secret("s3cret")
    assert (str(secret), repr(secret), f"{secret}", repr({"A": secret})) == (
        "***",
        "Secret(***)",
        "***",
        "{'A': Secret(***)}",
    )
