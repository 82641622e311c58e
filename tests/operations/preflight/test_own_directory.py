import pytest

from installer.operations.preflight.finding import failed
from installer.operations.preflight.own_directory import judge_own_directory, run_otherwise, unpacked_over
from installer.system.compose import ComposeModel, Service
from tests.operations.preflight.containers import a_container

MODEL = ComposeModel("vault", {"web": Service("web", "web:2", None, {}, (), (), (), False, "no")}, {})


def test_containers_of_other_images_do_not_run_from_the_files_that_are_there() -> None:
    assert run_otherwise([a_container("web", image="web:1")], MODEL, {}, {}) == ["web"]
    assert run_otherwise([a_container("gone", image="web:2")], MODEL, {}, {}) == ["gone"]


def test_containers_of_another_configuration_do_not_either() -> None:
    assert run_otherwise([a_container("web", image="web:2")], MODEL, {"web": "2"}, {"web": "1"}) == ["web"]


def test_a_release_that_was_started_by_hand_in_its_directory_runs_from_its_files() -> None:
    assert run_otherwise([a_container("web", image="web:2")], MODEL, {"web": "2"}, {"web": "2"}) == []


def test_a_package_unpacked_over_the_running_release_stands_against_it() -> None:
    assert unpacked_over(["web"]) == failed(
        "The package was unpacked over the directory of the release that runs.",
        ["web"],
        hint="Put the old release's files back, and unpack the package beside them: tar -xzf PACKAGE",
    )
    assert list(judge_own_directory("2.1.1", "2.1.2", [])) == [unpacked_over(["Installed in it: 2.1.1"])]
    assert list(judge_own_directory(None, "2.1.2", ["db", "web"])) == [
        unpacked_over(["Services that run otherwise: db, web"])
    ]


@pytest.mark.parametrize("recorded", [None, "2.1.2"])
def test_a_release_in_its_own_directory_passes(recorded: str | None) -> None:
    assert list(judge_own_directory(recorded, "2.1.2", [])) == []
