"""What an engine sees at a path, compared with what this program sees there: engines of all generations."""

import base64
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.system.docker.docker import Engine
from installer.system.docker.path_inspector import NotThere, PathFacts, facts_of, parse_facts
from tests.testbed.hidden import hidden_from, server_of_this_run
from tests.testbed.servers import Servers


def header(**said: object) -> str:
    return base64.b64encode(json.dumps(said).encode()).decode()


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (
            {"mode": 1 << 31 | 1 << 20 | 0o777, "size": 4096, "mtime": "2026-11-29T00:00:08.5811Z"},
            PathFacts("folder", 0o1777, 4096, 1795910408_581100000),
        ),
        (
            {"mode": 0o640, "size": 5, "mtime": "2026-11-29T09:00:08+09:00"},
            PathFacts("file", 0o640, 5, 1795910408_000000000),
        ),
        (
            {"mode": 1 << 24 | 1 << 23 | 0o660, "size": 0, "mtime": "1969-12-31T23:59:59.5Z"},
            PathFacts("other", 0o4660, 0, -500000000),
        ),
    ],
)
def test_what_the_engine_says_of_a_path_is_read_to_the_nanosecond(said, facts) -> None:
    assert parse_facts(header(name="x", linkTarget="", **said)) == facts


@pytest.fixture(
    scope="module",
    params=[
        "26",
        "20.10",
        "26 with containerd's store",
        pytest.param("28 with containerd's store", marks=pytest.mark.long),
    ],
)
def an_engine(request: pytest.FixtureRequest, engine: Engine, servers: Servers) -> Iterator[Engine]:
    from docker import APIClient

    if request.param == "26":
        yield engine
        return
    generation, store = ("20", "classic") if request.param == "20.10" else (request.param[:2], "containerd")
    server = servers.start(f"inspect-{generation}", engine=generation, store=store)  # type: ignore[arg-type]
    client = APIClient(f"unix://{server.folder}/docker.sock", version="auto")
    yield Engine(lambda: client)


@pytest.mark.engine
def test_files_and_folders_of_this_machine_are_seen_as_they_are(an_engine: Engine, tmp_path: Path) -> None:
    folder, file, door = tmp_path / "폴더 (1)", tmp_path / "file", tmp_path / "door"
    folder.mkdir(mode=0o700)
    (folder / "inside").write_text("seen")
    file.write_text("five\n")
    os.utime(file, ns=(0, 1234567890_123456789))
    with socket.socket(socket.AF_UNIX) as listening, an_engine.scratch("seen") as scratch:
        listening.bind(str(door))
        places = (folder, file, door)
        inspector = scratch.inspector_of(scratch.new_image(), places)
        assert [inspector.facts(number) for number in range(3)] == [facts_of(place) for place in places]
        assert inspector.facts(0, "inside") == facts_of(folder / "inside")
        assert inspector.facts(0, "not there") is None
    assert [image for image in an_engine.images() if image.size_bytes == 0] == []


@pytest.mark.engine
def test_a_place_that_the_engine_does_not_find_is_named_so(an_engine: Engine, tmp_path: Path) -> None:
    with an_engine.scratch("seen") as scratch, pytest.raises(NotThere):
        scratch.inspector_of(scratch.new_image(), (tmp_path, tmp_path / "not there"))


@pytest.mark.engine
def test_what_is_mounted_for_the_engine_alone_is_what_it_sees(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with hidden_from(server_of_this_run(), tmp_path), engine.scratch("seen") as scratch:
        inspector = scratch.inspector_of(scratch.new_image(), (tmp_path,))
        assert (inspector.facts(0, "file"), inspector.facts(0) == facts_of(tmp_path)) == (None, False)
