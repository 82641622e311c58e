from pathlib import Path

from installer.operations.preflight.files.site_files import judge_site_files
from installer.operations.preflight.findings.finding import failed


def test_files_that_only_the_site_can_have_are_named_together() -> None:
    assert list(judge_site_files(Path("/srv/new"), ("app.env", "/etc/vault/key"))) == [
        failed(
            "Files that the site must provide are missing.",
            ["/srv/new/app.env", "/etc/vault/key"],
            hint="Put them there, readable for the users that the containers run as.",
        )
    ]


def test_nothing_is_said_where_all_are_there() -> None:
    assert list(judge_site_files(Path("/srv/new"), ())) == []
