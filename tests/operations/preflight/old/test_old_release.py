from dataclasses import replace
from pathlib import Path

from installer.operations.preflight.findings.finding import ok, warning
from installer.operations.preflight.old.old_release import (
    ambiguous_images,
    anonymous_volumes,
    judge_anonymous_volumes,
    judge_images,
    judge_old_release,
)
from installer.system.compose.compose import Mount
from tests.operations.preflight.containers import a_container

ENV = Path("/srv/vault/.env")


def test_a_release_that_runs_as_its_files_say_passes() -> None:
    assert list(judge_old_release([], ENV)) == [ok("The old release runs as its files say")]


def test_services_that_were_edited_after_their_start_are_named_with_what_differs() -> None:
    assert list(judge_old_release(["web: command"], ENV)) == [
        warning(
            "The old release's compose file or /srv/vault/.env was edited"
            " after these services had been started.",
            ["web: command"],
            hint="A rollback would start them as the files say now. Compare: docker compose config",
        )
    ]


def test_two_images_under_one_name_are_a_warning() -> None:
    one, other = a_container("a", image="web:1"), a_container("b", image="web:1", image_id="sha256:bb")
    assert ambiguous_images([one, other, a_container("c", image="db:1")]) == ["web:1"]
    assert ambiguous_images([one, a_container("b", image="web:1")]) == []
    assert list(judge_images(["web:1"])) == [
        warning(
            "The old release runs different images under the same name.",
            ["web:1"],
            hint="A rollback would start only one of them. To use one image, run: docker compose up -d",
        )
    ]


def test_anonymous_volumes_that_nobody_will_find_again_are_a_warning() -> None:
    mounts = (Mount("volume", "9b71" * 16, "/data", False), Mount("volume", "named", "/named", False))
    cache, database = replace(a_container("cache"), mounts=mounts), replace(a_container("db"), mounts=mounts)
    assert anonymous_volumes([cache, database], "db") == ["cache: /data"]
    assert list(judge_anonymous_volumes(["cache: /data"])) == [
        warning(
            "Services keep files in anonymous volumes, which start empty in the new release,"
            " and again after a rollback.",
            ["cache: /data"],
            hint="If they matter, copy them out first: docker compose cp SERVICE:PLACE FOLDER",
        )
    ]


def test_an_old_release_without_either_is_not_talked_about() -> None:
    assert [*judge_images([]), *judge_anonymous_volumes([])] == []
