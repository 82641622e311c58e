from installer.operations.preflight.finding import failed, ok, warning
from installer.operations.preflight.settings import judge_settings

EXAMPLE = {"DB_PASSWORD": "change me", "PORT": "8080", "SMTP_HOST": ""}


def test_complete_settings_pass() -> None:
    assert list(judge_settings({*EXAMPLE, "OWN"}, EXAMPLE, [], [])) == [ok("Settings in .env are complete")]


def test_a_setting_that_is_documented_used_and_missing_fails_by_name() -> None:
    assert list(judge_settings({"PORT", "SMTP_HOST"}, EXAMPLE, ["DB_PASSWORD"], [])) == [
        failed(
            "Settings that the release needs are missing in .env.",
            ["DB_PASSWORD"],
            hint="Add them to .env; .env.example shows how they look.",
        )
    ]


def test_a_variable_that_is_empty_in_the_example_or_not_in_it_is_a_warning() -> None:
    assert list(judge_settings({"DB_PASSWORD", "PORT"}, EXAMPLE, ["SMTP_HOST", "EXTRA"], [])) == [
        warning(
            "Variables of the compose file have no value and count as empty.",
            ["EXTRA", "SMTP_HOST"],
            hint="If they should have one, set them in .env.",
        )
    ]


def test_a_setting_that_has_a_default_is_a_warning() -> None:
    assert list(judge_settings({"DB_PASSWORD"}, EXAMPLE, [], [])) == [
        warning(
            "Settings of .env.example are not in .env; their defaults apply.",
            ["PORT", "SMTP_HOST"],
            hint="Compare the two: diff .env.example .env",
        )
    ]


def test_a_variable_that_the_shell_sets_otherwise_is_a_warning() -> None:
    assert list(judge_settings(set(EXAMPLE), EXAMPLE, [], ["PORT"])) == [
        warning(
            "This shell sets variables otherwise than .env. Airlock goes by .env.",
            ["PORT"],
            hint="A `docker compose` typed here would go by the shell; first type: unset PORT",
        )
    ]


def test_all_that_is_wrong_is_told_together() -> None:
    found = list(judge_settings(set(), EXAMPLE, ["DB_PASSWORD", "EXTRA"], ["PORT"]))
    assert [finding.level for finding in found] == ["failed", "warning", "warning", "warning"]
