from pathlib import Path

import pytest

from installer.system.compose.env_file import Setting, parse_settings
from installer.system.compose.environment import (
    compose_variables,
    disturbing_variables,
    read_settings,
    settings_in,
    shadowed_settings,
)
from tests.system.compose_project import compose, project

__all__ = ["project"]

SETTINGS = parse_settings(b"DB_NAME=vault\nDB_PASSWORD=s3\nPATH=/evil\nDOCKER_HOST=tcp://evil:1\n")


def test_variables_that_steer_compose_are_kept_from_it() -> None:
    shell = {
        "COMPOSE_FILE": "x",
        "COMPOSE_PROFILES": "debug",
        "COMPOSE_ENV_FILES": "y",
        "LANG": "ko_KR.UTF-8",
    }
    assert disturbing_variables((), shell) == {"COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES"}


def test_variables_that_only_tune_compose_are_left_to_it() -> None:
    assert (
        disturbing_variables((), {"COMPOSE_HTTP_TIMEOUT": "900", "COMPOSE_PARALLEL_LIMIT": "1"})
        == frozenset()
    )


def test_a_variable_of_the_shell_gives_way_to_the_settings_file_even_when_equal() -> None:
    shell = {"DB_NAME": "vault", "DB_PASSWORD": "other", "OTHER": "1"}
    assert disturbing_variables(SETTINGS, shell) == {"DB_NAME", "DB_PASSWORD"}
    assert shadowed_settings(SETTINGS, shell) == ("DB_PASSWORD",)


def test_a_setting_is_shadowed_only_by_another_value_than_it_comes_to() -> None:
    settings = parse_settings(b"A=one\nB=${A}/$HOME\nC='$A'\nNAMED\n")
    same = {"HOME": "/root", "B": "one//root", "C": "$A"}
    assert shadowed_settings(settings, same) == ()
    assert shadowed_settings(settings, {**same, "B": "${A}/$HOME", "C": "one", "NAMED": "x"}) == (
        "B",
        "C",
        "NAMED",
    )


def test_what_the_docker_command_itself_needs_is_never_taken_from_it() -> None:
    shell = {"PATH": "/usr/bin", "DOCKER_HOST": "unix:///run/docker.sock"}
    assert disturbing_variables(SETTINGS, shell) == frozenset()
    assert shadowed_settings(SETTINGS, shell) == ()


def test_settings_are_read_without_filling_anything_in(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a comment\nA='x$y'\nexport B=${A}z # why\nC=\nD\nE=\"two words\"\n")
    assert settings_in(tmp_path / ".env") == (
        Setting("A", "x$y", 2, is_literal=True),
        Setting("B", "${A}z", 3, is_literal=False),
        Setting("C", "", 4, is_literal=False),
        Setting("D", None, 5, is_literal=True),
        Setting("E", "two words", 6, is_literal=False),
    )


def test_no_settings_file_means_no_settings(tmp_path: Path) -> None:
    assert settings_in(tmp_path / ".env") == ()


def test_a_missing_file_sets_nothing(tmp_path: Path) -> None:
    assert read_settings(tmp_path / ".env") == {}


def test_quotes_and_comments_are_read_as_compose_reads_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A='one two' # why\nB=\"three\"\nexport C=4\nD=\n")
    assert read_settings(tmp_path / ".env") == {"A": "one two", "B": "three", "C": "4", "D": ""}


def test_values_are_filled_in_from_the_file_then_from_the_shell(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nB=$A-$HOME-$COMPOSE_FILE-\nNAMED\n")
    shell = {"A": "of the shell", "HOME": "/root", "COMPOSE_FILE": "x", "NAMED": "y"}
    assert read_settings(tmp_path / ".env", shell) == {"A": "1", "B": "1-/root--"}
    assert compose_variables(tmp_path / ".env", shell) == {"A": "1", "B": "1-/root--", "HOME": "/root"}


NAMES = ("FILE", "BOTH", "SHELL", "NAMED", "HOME", "COMPOSE_FILE", "NOWHERE")
SERVICE = "services: {web: {image: busybox, environment: {%s}}}\n"


@pytest.mark.engine
def test_our_compose_is_given_these_variables(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".env").write_text("FILE=$SHELL.$BOTH\nBOTH=file\nNAMED\nHOME=/file\n")
    for name in ("BOTH", "SHELL", "NAMED", "COMPOSE_FILE"):
        monkeypatch.setenv(name, "shell")
    text = SERVICE % ", ".join(f'{name}: "${{{name}-unset}}"' for name in NAMES)
    taken = compose(project, text).model().services["web"].environment
    ours = compose_variables(project / ".env")
    assert {name: value.reveal() for name, value in taken.items()} == {
        name: ours.get(name, "unset") for name in NAMES
    }
