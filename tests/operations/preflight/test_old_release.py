from installer.operations.preflight.finding import ok, warning
from installer.operations.preflight.old_release import hashes_by, judge_old_release
from installer.system.docker_containers import Container, parse_container


def container(service: str, digest: str, *, state: str = "running", made_by: str = "2.26.1") -> Container:
    compose = "com.docker.compose."
    labels = {f"{compose}service": service, f"{compose}config-hash": digest, f"{compose}version": made_by}
    return parse_container(
        {
            "Id": service,
            "Name": f"/{service}",
            "Image": "sha256:aa",
            "Created": "2026-11-22T02:03:04Z",
            "Config": {"Image": "i", "Labels": labels},
            "State": {"Status": state, "ExitCode": 0},
            "RestartCount": 0,
            "HostConfig": {},
            "NetworkSettings": {},
        }
    )


def test_a_release_that_runs_as_its_files_say_passes() -> None:
    assert list(judge_old_release({"web": "1", "db": "2", "job": "3"}, {"web": "1", "db": "2"})) == [
        ok("The old release runs as its files say")
    ]


def test_services_that_were_edited_after_their_start_are_named() -> None:
    assert list(judge_old_release({"web": "1"}, {"web": "other", "gone": "2"})) == [
        warning(
            "The old release's compose file or .env was edited after these services had been started.",
            ["gone", "web"],
            hint="Going back would start them as the files say now. Compare: docker compose config",
        )
    ]


def test_nothing_is_said_of_services_that_do_not_run_or_that_another_compose_made() -> None:
    running = container("web", "1")
    stopped, older = container("db", "2", state="exited"), container("job", "3", made_by="2.3.3")
    assert hashes_by("2.26.1-4", [running, stopped, older]) == {"web": "1"}
    assert list(judge_old_release({}, {})) == []
