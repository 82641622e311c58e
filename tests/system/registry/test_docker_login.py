"""Logins as `docker login` saves them."""

import json
from pathlib import Path

import pytest

from installer.errors import UsageProblem
from installer.system.registry.docker_login import Logins, read_logins
from installer.system.registry.login import Login
from installer.system.secret import Secret

VAULT = Login("vault", Secret("correct:horse"))
ENCODED = "dmF1bHQ6Y29ycmVjdDpob3JzZQ=="


def read(folder: Path, content: object) -> Logins:
    (folder / "config.json").write_text(json.dumps(content))
    return read_logins({"DOCKER_CONFIG": str(folder)})


@pytest.mark.parametrize(
    "key",
    ["registry.site:5000", "https://registry.site:5000", "http://registry.site:5000/v2/"],
)
def test_a_login_is_found_by_the_host(tmp_path: Path, key: str) -> None:
    found = read(tmp_path, {"auths": {key: {"auth": ENCODED}, "other.site": {}}})
    assert found.by_host == {"registry.site:5000": VAULT}


def test_a_login_may_be_written_in_two_words(tmp_path: Path) -> None:
    auth = {"username": "vault", "password": "correct:horse"}
    assert read(tmp_path, {"auths": {"a.b": auth}}).by_host == {"a.b": VAULT}


def test_an_identity_token_comes_before_the_user_that_stands_with_it(tmp_path: Path) -> None:
    auth = {"auth": ENCODED, "identitytoken": "horse"}
    assert read(tmp_path, {"auths": {"a.b": auth}}).by_host == {"a.b": Login("<token>", Secret("horse"))}


def test_programs_that_keep_logins_are_named(tmp_path: Path) -> None:
    found = read(tmp_path, {"auths": {"a.b": {}}, "credsStore": "pass", "credHelpers": {"a.b": "ecr"}})
    assert (found.by_host, found.helper("a.b"), found.helper("c.d")) == ({}, "ecr", "pass")


def test_without_a_file_there_is_no_login(tmp_path: Path) -> None:
    assert read_logins({"HOME": str(tmp_path)}).by_host == {}


@pytest.mark.parametrize(
    "content", [[], {"auths": [1]}, {"auths": {"a.b": {"auth": "%%"}}}, {"auths": {"a": 1}}]
)
def test_a_file_that_cannot_be_understood_is_named_and_never_quoted(tmp_path: Path, content: object) -> None:
    with pytest.raises(UsageProblem) as problem:
        read(tmp_path, content)
    assert problem.value.happened == f"{tmp_path}/config.json is not a valid configuration of Docker."
    assert problem.value.details == ()


def test_a_password_is_never_shown() -> None:
    assert "horse" not in f"{VAULT} {VAULT!r} {VAULT.basic}"
