from pathlib import Path

from installer.operations.preflight.database.credentials import (
    changed_credentials,
    judge_credentials,
    judge_moved_data,
)
from installer.operations.preflight.findings.finding import failed, warning
from installer.system.secret import Secret

ENV = Path("/srv/vault/.env")
HINT = (
    "The existing database keeps the old values. Change them there, too, or undo the edit in /srv/vault/.env."
)


def test_credentials_that_were_edited_are_named_without_their_values() -> None:
    old = {"MARIADB_PASSWORD": Secret("hunter2"), "MARIADB_USER": Secret("u"), "TZ": Secret("UTC")}
    new = {"MARIADB_PASSWORD": Secret("swordfish"), "MARIADB_USER": Secret("u"), "TZ": Secret("Asia/Seoul")}
    assert changed_credentials(old, new) == ["MARIADB_PASSWORD"]
    assert changed_credentials(old, old) == []


def test_a_release_that_looks_elsewhere_for_the_data_is_refused() -> None:
    assert list(judge_moved_data("db", None)) == []
    assert list(judge_moved_data("db", "The data is in the schema a, not in public.")) == [
        failed(
            "The release's services would not find the data of the database db.",
            ["The data is in the schema a, not in public."],
            hint="Use the old database and schema in the URL of the services, or ask the vendor.",
        )
    ]


def test_new_credentials_that_the_database_accepts_are_a_warning() -> None:
    assert judge_credentials(ENV, ["MARIADB_PASSWORD"], None) == warning(
        "Credentials in /srv/vault/.env differ from those the running database was started with.",
        ["MARIADB_PASSWORD"],
        hint=HINT,
    )


def test_new_credentials_that_the_database_does_not_know_stand_against_it() -> None:
    changed = ["MARIADB_PASSWORD", "MARIADB_USER"]
    assert judge_credentials(ENV, changed, "No.") == failed(
        "The running database does not accept the credentials in /srv/vault/.env.",
        ["No.", "Changed since the database was started: MARIADB_PASSWORD, MARIADB_USER"],
        hint=HINT,
    )
