"""What is made only to be thrown away is thrown away, in every outcome."""

import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from installer.system.compose.model import Mount
from installer.system.docker.docker import Engine, EngineProblem
from installer.system.docker.scratch import Program, Scratch
from installer.system.process.process import output_of, run

pytestmark = pytest.mark.engine
BUSYBOX = "busybox:1"
IMAGES = ("images", "--quiet", "--no-trunc")


def everything() -> list[str]:
    """Every container, network, volume and image of the engine."""
    lists = (("ps", "--all", "--quiet"), ("network", "ls", "--quiet"), ("volume", "ls", "--quiet"), IMAGES)
    return sorted(word for words in lists for word in output_of(("docker", *words)).split())


def make_one_of_each(scratch: Scratch) -> str:
    volume = Mount("volume", scratch.new_volume(), "/kept", read_only=False)
    scratch.new_image()
    return scratch.start(
        Program(
            BUSYBOX, ("sleep", "600"), mounts=(volume,), network=scratch.new_network(), memory_bytes=64 << 20
        )
    )


def test_nothing_is_left_after_the_body(engine: Engine) -> None:
    before = everything()
    with engine.scratch("site") as scratch:
        make_one_of_each(scratch)
        assert len(everything()) == len(before) + 4
    assert everything() == before


def test_nothing_is_left_after_a_body_that_is_interrupted(engine: Engine) -> None:
    before = everything()
    with pytest.raises(KeyboardInterrupt), engine.scratch("site") as scratch:
        make_one_of_each(scratch)
        raise KeyboardInterrupt
    assert everything() == before


def test_what_a_killed_run_left_is_gone_before_the_next_begins(engine: Engine) -> None:
    before = everything()
    make_one_of_each(engine.scratch("site"))  # and then the process was killed
    with engine.scratch("site"):
        assert everything() == before


def test_another_sites_things_are_left_alone(engine: Engine) -> None:
    with engine.scratch("another") as others:
        make_one_of_each(others)
        before = everything()
        engine.scratch("site").sweep()
        assert everything() == before


def test_it_runs_as_the_least_important_and_is_reached_by_nobody(engine: Engine) -> None:
    with engine.scratch("site") as scratch:
        id = make_one_of_each(scratch)
        shape = "{{.HostConfig.Memory}} {{.HostConfig.OomScoreAdj}} {{.HostConfig.CpuShares}} "
        shape += "{{.HostConfig.RestartPolicy.Name}} {{json .HostConfig.PortBindings}} {{.Config.User}}"
        told = output_of(("docker", "inspect", "--format", shape, id)).split()
        reached = run(("docker", "exec", id, "ping", "-c1", "-W1", "192.0.2.1"))
    assert told == [str(64 << 20), "500", "256", "no", "null", "0"]
    assert reached.exit_code != 0


def test_what_cannot_be_started_leaves_nothing_either(engine: Engine) -> None:
    before = everything()
    with pytest.raises(EngineProblem), engine.scratch("site") as scratch:
        scratch.start(Program(BUSYBOX, (), entrypoint=("/no/such/program",)))
    assert everything() == before


def test_what_is_mounted_beside_it_can_only_be_read(engine: Engine) -> None:
    with engine.scratch("site") as scratch:
        kept = Mount("volume", scratch.new_volume(), "/kept", read_only=False)
        live = scratch.start(Program(BUSYBOX, ("sleep", "600"), mounts=(kept,)))
        beside = scratch.start(Program(BUSYBOX, ("sleep", "600"), beside=live))
        assert run(("docker", "exec", live, "touch", "/kept/file")).exit_code == 0
        assert run(("docker", "exec", beside, "ls", "/kept")).stdout == "file\n"
        assert "Read-only" in run(("docker", "exec", beside, "touch", "/kept/other")).stderr


def test_what_cannot_be_removed_is_said_and_what_the_body_did_matters_more(tmp_path: Path) -> None:
    from docker import APIClient

    said: list[str] = []
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{tmp_path}/engine.sock")
        listening.listen()
        Thread(target=hang_up_on_everyone, args=(listening,), daemon=True).start()
        client = APIClient(f"unix://{tmp_path}/engine.sock", version="1.41")
        Scratch(client, "site", said.append).__exit__(None, None, None)
        client.close()
        listening.shutdown(socket.SHUT_RDWR)
    assert said == [
        "What the rehearsal created in the engine could not be deleted; the next run deletes it."
        " The connection to the Docker engine was lost."
    ]


def hang_up_on_everyone(listening: socket.socket) -> None:
    """Behaves like an engine that is being stopped."""
    with suppress(OSError):
        while True:
            listening.accept()[0].close()
