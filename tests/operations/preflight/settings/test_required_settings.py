from pathlib import Path

from installer.operations.preflight.findings.finding import failed, ok, warning
from installer.operations.preflight.settings.required_settings import SettingsFile, judge_settings

FILE = SettingsFile(Path("/new/.env"), Path("/new/.env"))
EXAMPLE = {"DB_PASSWORD": "change me", "PORT": "8080", "SMTP_HOST": ""}


def test_complete_settings_pass() -> None:
    assert list(judge_settings(FILE, {*EXAMPLE, "OWN"}, EXAMPLE, [], [])) == [
        ok("Settings in /new/.env are complete")
    ]
    assert list(judge_settings(FILE, set(), {}, [], [])) == [ok("No settings are needed in /new/.env")]


def test_a_setting_that_is_documented_used_and_missing_fails_by_name() -> None:
    assert list(judge_settings(FILE, {"PORT", "SMTP_HOST"}, EXAMPLE, ["DB_PASSWORD"], [])) == [
        failed(
            "Settings that the release needs are missing in /new/.env.",
            ["DB_PASSWORD"],
            hint="Add them to /new/.env; /new/.env.example shows the format.",
        )
    ]


def test_a_variable_that_is_empty_in_the_example_or_not_in_it_is_a_warning() -> None:
    assert list(judge_settings(FILE, {"DB_PASSWORD", "PORT"}, EXAMPLE, ["SMTP_HOST", "EXTRA"], [])) == [
        warning(
            "Variables of the compose file have no value and count as empty.",
            ["EXTRA", "SMTP_HOST"],
            hint="If they should have one, set them in /new/.env.",
        )
    ]


def test_a_setting_that_has_a_default_is_a_warning() -> None:
    assert list(judge_settings(FILE, {"DB_PASSWORD"}, EXAMPLE, [], [])) == [
        warning(
            "Settings of /new/.env.example are not in /new/.env; their defaults apply.",
            ["PORT", "SMTP_HOST"],
            hint="Compare the two: diff /new/.env.example /new/.env",
        )
    ]


def test_a_variable_that_the_shell_sets_otherwise_is_a_warning() -> None:
    assert list(judge_settings(FILE, set(EXAMPLE), EXAMPLE, [], ["PORT"])) == [
        warning(
            "Variables in this shell differ from /new/.env. Airlock uses the file.",
            ["PORT"],
            hint="To run `docker compose` here with the values of the file, first run: unset PORT",
        )
    ]


def test_all_that_is_wrong_is_told_together() -> None:
    found = list(judge_settings(FILE, set(), EXAMPLE, ["DB_PASSWORD", "EXTRA"], ["PORT"]))
    assert [finding.level for finding in found] == ["failed", "warning", "warning", "warning"]


def test_of_two_files_the_one_is_named_that_was_read_and_the_one_to_change() -> None:
    file = SettingsFile(Path("/old/prod.env"), Path("/new/.env"))
    assert list(judge_settings(file, {"PORT", "SMTP_HOST"}, EXAMPLE, ["DB_PASSWORD"], [])) == [
        failed(
            "Settings that the release needs are missing in /old/prod.env.",
            ["DB_PASSWORD"],
            hint="Run: cp -a /old/prod.env /new/.env; then: Add them to /new/.env;"
            " /new/.env.example shows the format.",
        )
    ]
