from installer.operations.preflight.finding import failed
from installer.operations.preflight.strays import judge_one_offs, judge_orphans, orphans_among
from tests.operations.preflight.containers import a_container


def test_a_container_of_a_service_that_the_file_no_longer_names_is_an_orphan() -> None:
    containers = [a_container("web"), a_container("o", name="vault-o-1"), a_container("job", one_off=True)]
    assert orphans_among(containers, {"web"}) == ["vault-o-1"]


def test_orphans_and_unfinished_commands_stand_against_an_import() -> None:
    assert [*judge_orphans(["o", "p"]), *judge_one_offs(["job"])] == [
        failed(
            "Containers run that the old release's compose file does not name, or only in a profile.",
            ["o", "p"],
            hint="If they are not needed any more: docker rm --force o p",
        ),
        failed(
            "A command started with `docker compose run` has not ended yet.",
            ["job"],
            hint="Wait for it, or end it: docker rm --force job",
        ),
    ]


def test_an_old_release_that_runs_only_what_its_file_names_passes() -> None:
    assert [*judge_orphans([]), *judge_one_offs([])] == []
