"""airlock.yml: strict, all problems at once, each with its place."""

import re
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Smoke
from installer.errors import UsageProblem
from packager.project.airlock_yml import KEYS, Settings, read_settings

EXAMPLE = Path(__file__).parents[3] / "examples" / "airlock.example.yml"


def test_the_commented_example_says_every_key() -> None:
    assert read_settings(EXAMPLE.read_text()) == Settings(
        name="customer_vault",
        title="Customer Vault",
        compose=("docker-compose.yml",),
        files=("README.md",),
        databases={"db": "backend/prisma/migrations"},
        state=("data", "uploads", "logs"),
        smoke=Smoke("http://127.0.0.1:${PROXY_PORT}/api/health", "$.version"),
        upgrade_from=">=2.0.0",
        runtime="python:3.11-slim-bookworm",
    )
    lines = EXAMPLE.read_text().splitlines()
    assert [key for key in KEYS if not any(re.match(rf"(# )?{key}:", line) for line in lines)] == []


def test_the_short_forms_are_for_one_database() -> None:
    found = read_settings("database: {service: db}\nmigrations: prisma/migrations\n")
    assert (found.database_service, found.migrations, found.databases) == ("db", "prisma/migrations", {})


@pytest.mark.parametrize("text", ["# nothing\n---\n", "{}", "~"])
def test_a_file_that_says_nothing_leaves_everything_to_be_found(text: str) -> None:
    assert read_settings(text) == Settings()


def test_all_problems_come_together_with_their_places_and_the_nearest_key() -> None:
    with pytest.raises(UsageProblem) as refusal:
        read_settings("nam: x\nfiles: a\nsmoke: {ur: x}\nstate: [../x, {}]\nupgrade_from: zz\ndatabase: {}\n")
    assert refusal.value.details == (
        "airlock.yml:1 nam: is unknown; did you mean `name`?",
        "airlock.yml:2 files: must be a list such as [a, b]",
        "airlock.yml:6 database.service: is missing",
        "airlock.yml:4 state[0]: leaves the directory through `..`",
        "airlock.yml:4 state[1]: must be text",
        "airlock.yml:3 smoke.ur: is unknown; did you mean `url`?",
        "airlock.yml:3 smoke.url: is missing",
        "airlock.yml:5 upgrade_from: must be a range of versions like >=2.0.0,<3",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: [", "airlock.yml:1: while parsing a flow node"),
        ("name: a\nname: b", "airlock.yml:2: duplicate key `name`."),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(UsageProblem) as refusal:
        read_settings(text)
    assert problem in str(refusal.value)


def test_paths_are_written_with_slashes_on_every_system() -> None:
    with pytest.raises(UsageProblem) as refusal:
        read_settings("files: ['docs\\a.md']\nmigrations: prisma\\migrations\n")
    assert refusal.value.details == (
        "airlock.yml:1 files[0]: contains a backslash; write / between folders",
        "airlock.yml:2 migrations: contains a backslash; write / between folders",
    )


def test_a_list_instead_of_keys_is_refused() -> None:
    with pytest.raises(UsageProblem) as refusal:
        read_settings("- a")
    assert refusal.value.details == ("airlock.yml:1: must contain keys and values",)
