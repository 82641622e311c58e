from installer.operations.preflight.findings.surroundings import foreign_among
from installer.system.docker.containers import Container, parse_container


def container(name: str, project: str | None) -> Container:
    return parse_container(
        {
            "Id": f"id-{name}",
            "Name": f"/{name}",
            "Image": "sha256:aa",
            "Created": "2026-11-22T02:03:04Z",
            "Config": {"Image": "i", "Labels": {"com.docker.compose.project": project}},
            "State": {"Status": "running", "ExitCode": 0},
            "RestartCount": 0,
            "HostConfig": {},
            "NetworkSettings": {},
        }
    )


def test_containers_of_the_old_release_and_of_the_project_are_not_foreign() -> None:
    old, new = container("old-web", "vault-old"), container("vault-web", "vault")
    other, by_hand = container("other", "vault-other"), container("hand", None)
    assert foreign_among([old, new, other, by_hand], [old], "vault") == (other, by_hand)
