from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, warning
from installer.operations.preflight.settings.written_settings import judge_written_settings, likely_slips
from installer.system.compose.env_file import parse_settings

ENV = Path("/srv/vault/.env")
COMPOSE = "ports: ['${DB_PORT:-3306}:3306'] # $$HOME\nenvironment: {P: $DB_PASSWORD, H: $SMTP_HOST}\n"


def found(raw: bytes) -> list[Finding]:
    return list(judge_written_settings(ENV, parse_settings(raw), {"HOME": "/root"}, COMPOSE, ()))


def test_a_dollar_in_a_password_is_named_with_file_and_line_and_without_the_password() -> None:
    assert found(b'# DB\nDB_PASSWORD="pa$w0rd"\nDB_PORT=1\nSMTP_HOST=x\n') == [
        warning(
            "Values in /srv/vault/.env contain a `$` followed by a name that is not set.",
            ["/srv/vault/.env, line 2: DB_PASSWORD; Compose replaces it with an empty value"],
            hint="If the `$` belongs to the value, use single quotes, or write `$$`.",
        )
    ]


def test_a_dollar_that_is_meant_is_not_named() -> None:
    assert found(b"A=1\nDB_PASSWORD='pa$w0rd'\nDB_PORT=$A\nSMTP_HOST=\"$$x ${N:-d} $HOME\"\n") == []


def test_an_unused_name_near_one_that_is_used_and_not_set_is_hinted() -> None:
    assert found(b"DB_PROT=3307\nDB_PASSWORD=x\nOWN_THING=1\nSMTP_HOST=x\n") == [
        warning(
            "Settings in /srv/vault/.env are not used by the release; their names may be misspelled.",
            ["DB_PROT: did you mean DB_PORT?"],
            hint="Correct the name, or delete the line.",
        )
    ]


def test_a_name_is_no_slip_of_one_that_is_set_as_well() -> None:
    known = ("DB_PORT", "COMPOSE_FILE")
    assert list(likely_slips(("DB_PROT", "DB_PORT", "COMPOSE_FILES"), known)) == []
