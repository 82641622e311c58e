from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.host.container_name_check import container_names, judge_names
from installer.system.compose.compose import ComposeModel, Service
from installer.system.docker.docker import Container
from tests.operations.preflight.containers import a_container


def service(name: str, container_name: str | None) -> Service:
    return Service(name, "image", container_name, {}, (), (), (), False, "no")


def test_containers_are_called_by_their_fixed_name_or_as_compose_calls_them() -> None:
    services = {"db": service("db", "vault-db"), "web": service("web", None)}
    assert container_names(ComposeModel("vault", services, {})) == ("vault-db", "vault-web-1")


def taken(container: Container) -> list[Finding]:
    return list(judge_names([container.name, "free"], {container.name: container}))


def test_a_name_that_a_stopped_container_has_is_freed_by_removing_it() -> None:
    assert taken(a_container(None, name="vault-db", state="exited")) == [
        failed(
            "The container name vault-db is taken by another container.",
            ["It was created by hand, not by Compose."],
            hint="If it is not needed: docker rm vault-db",
        )
    ]


def test_a_name_that_a_running_container_made_by_hand_has_is_freed_by_stopping_it_first() -> None:
    found = taken(a_container(None, name="vault-db"))
    assert found[0].hint == "If it is not needed: docker stop vault-db && docker rm vault-db"


def test_a_name_that_another_project_has_is_freed_in_its_directory(tmp_path: Path) -> None:
    other = a_container("db", name="vault-db", project="other", working_dir=str(tmp_path))
    down = f"docker compose --project-directory {tmp_path} --project-name other down"
    assert taken(other) == [
        failed(
            "The container name vault-db is taken by another container.",
            [f"It belongs to the compose project other in {tmp_path}."],
            hint=f"If it is not needed: {down}",
        )
    ]


def test_a_project_whose_directory_is_gone_is_taken_down_by_its_name() -> None:
    other = a_container("db", name="vault-db", project="other", working_dir="/no/such/directory")
    assert taken(other)[0].hint == "If it is not needed: docker compose --project-name other down"


def test_all_names_that_are_taken_are_told_in_their_order() -> None:
    holders = {name: a_container(None, name=name, state="exited") for name in ("b", "x", "a")}
    found = judge_names(["c", "b", "a"], holders)
    assert [finding.title.split()[3] for finding in found] == ["a", "b"]


def test_free_names_pass() -> None:
    assert list(judge_names(["a"], {})) == [ok("Container names are free")]
