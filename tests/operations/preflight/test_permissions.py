from pathlib import Path

from installer.operations.preflight.finding import failed, ok
from installer.operations.preflight.permissions import judge_permissions


def test_sufficient_rights_pass() -> None:
    assert list(judge_permissions([], [])) == [ok("Permissions are sufficient")]


def test_places_that_are_closed_are_named_once_each() -> None:
    assert list(judge_permissions([Path("/b"), Path("/a"), Path("/b")], [Path("/data")])) == [
        failed("You may not write where the import writes.", ["/a", "/b"], hint="Run the command with sudo."),
        failed(
            "The application's data belongs to another user; only root can carry it over with its owners.",
            ["/data"],
            hint="Run the command with sudo.",
        ),
    ]
