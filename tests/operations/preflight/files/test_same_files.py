from pathlib import Path

from installer.operations.preflight.files.same_files import (
    judge_database,
    judge_lost,
    judge_name,
    judge_others,
)
from installer.operations.preflight.findings.finding import Finding
from installer.site.running.directory_of_containers import ComparedFolder
from installer.site.running.lost_mounts import LostMount

DATA = Path("/srv/vault/data")
SAME = ComparedFolder("/var/lib/mysql", DATA, "/srv/package/data", is_same=True)
OTHER = ComparedFolder("/var/lib/mysql", DATA, "/srv/package/data", is_same=False)
UNKNOWN = ComparedFolder("/var/lib/mysql", DATA, "/srv/package/data", is_same=None)
PAPERS = ComparedFolder("/papers", Path("/srv/vault/papers"), "/srv/package/papers", is_same=True)


def test_the_database_that_runs_is_proven_to_be_the_one_that_is_carried() -> None:
    assert tuple(judge_database([SAME, PAPERS])) == (
        Finding("ok", "The running database uses the files in /srv/vault/data"),
    )
    assert tuple(judge_others("db", [SAME, PAPERS, UNKNOWN], "go")) == ()


def test_a_database_that_has_other_files_open_is_refused() -> None:
    assert tuple(judge_others("db", [PAPERS, OTHER], "Go there.")) == (
        Finding(
            "failed",
            "The running db does not use the files that would be carried over.",
            ("In use at /var/lib/mysql: /srv/package/data", "Expected: /srv/vault/data"),
            "Go there.",
        ),
    )


def test_what_cannot_be_proven_is_said() -> None:
    assert tuple(judge_database([UNKNOWN])) == (
        Finding(
            "warning",
            "It cannot be proven that the running database uses the files in /srv/vault/data.",
            (),
            "Run the command with sudo.",
        ),
    )


def test_a_renamed_directory_is_named() -> None:
    assert tuple(judge_name(Path("/srv/package"), Path("/srv/vault"))) == (
        Finding(
            "ok",
            "The directory of the running release was renamed since it was started",
            ("Started in: /srv/package", "Now: /srv/vault"),
        ),
    )
    assert tuple(judge_name(None, Path("/srv/vault"))) == ()


def test_what_a_running_service_has_lost_is_refused_once() -> None:
    lost = (LostMount("web", PAPERS.wanted), LostMount("web", Path("/srv/a b")), LostMount("web", DATA))
    assert tuple(judge_lost(lost, [PAPERS, OTHER])) == (
        Finding(
            "failed",
            "Files or folders that the running release mounts are missing:"
            " after a rollback it would start without them.",
            (
                "web needs /srv/vault/papers, which is missing.",
                "web needs /srv/a b, which is missing.",
            ),
            "Put the missing paths back;"
            " only if they may start empty: sudo mkdir -p '/srv/a b' /srv/vault/papers",
        ),
    )
    assert tuple(judge_lost((), [OTHER])) == ()
