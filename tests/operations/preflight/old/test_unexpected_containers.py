from pathlib import Path

from installer.operations.preflight.findings.finding import failed
from installer.operations.preflight.old.unexpected_containers import (
    judge_dormant,
    judge_one_offs,
    judge_orphans,
    orphans_among,
    running_of,
)
from installer.system.compose.compose import Service
from tests.operations.preflight.containers import a_container


def test_a_container_of_a_service_that_the_file_no_longer_names_is_an_orphan() -> None:
    containers = [a_container("web"), a_container("o", name="vault-o-1"), a_container("job", one_off=True)]
    assert orphans_among(containers, {"web"}) == ["vault-o-1"]


def test_orphans_and_unfinished_commands_stand_against_an_import() -> None:
    assert [*judge_orphans(["o", "p"]), *judge_one_offs(["job"])] == [
        failed(
            "Containers are running that the old release's compose file does not name.",
            ["o", "p"],
            hint="If they are not needed any more, delete them: docker rm --force o p",
        ),
        failed(
            "A command started with `docker compose run` is still running.",
            ["job"],
            hint="Wait for it, or stop it: docker rm --force job",
        ),
    ]


def test_an_old_release_that_runs_only_what_its_file_names_passes() -> None:
    assert [*judge_orphans([]), *judge_one_offs([])] == []


def test_a_service_of_a_profile_that_is_not_active_is_told_with_both_ways_out() -> None:
    adm = Service("adm", "i", None, {}, (), (), (), False, "no", profiles=("admin", "all"))
    containers = [a_container("web"), a_container("adm"), a_container("adm", name="run", one_off=True)]
    running = running_of(containers, {"adm": adm})
    assert list(judge_dormant(running, Path("/srv/vault/.env"))) == [
        failed(
            "Services are running in a profile that is not active: they would not be started again.",
            ["adm: admin, all"],
            hint="To keep them, add COMPOSE_PROFILES=admin to /srv/vault/.env. To stop them: docker stop adm",
        )
    ]
    assert list(judge_dormant({}, Path("/srv/vault/.env"))) == []
