from installer.operations.preflight.finding import failed, ok
from installer.operations.preflight.names import container_names, judge_names
from installer.system.compose import ComposeModel, Service


def service(name: str, container_name: str | None) -> Service:
    return Service(name, "image", container_name, {}, (), (), (), False, "no")


def test_containers_are_called_by_their_fixed_name_or_as_compose_calls_them() -> None:
    services = {"db": service("db", "vault-db"), "web": service("web", None)}
    assert container_names(ComposeModel("vault", services, {})) == ("vault-db", "vault-web-1")


def test_every_name_that_is_taken_fails_and_says_whose_it_is() -> None:
    assert list(judge_names(["c", "b", "a"], {"a": None, "b": "other", "x": "other"})) == [
        failed(
            "The container name a is taken by another container.",
            ["It was made by hand, not by Compose."],
            hint="See what it is: docker inspect a",
        ),
        failed(
            "The container name b is taken by another container.",
            ["It belongs to the compose project other."],
            hint="See what it is: docker inspect b",
        ),
    ]


def test_free_names_pass() -> None:
    assert list(judge_names(["a"], {})) == [ok("Container names are free")]
