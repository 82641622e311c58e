from pathlib import Path

from installer.bundle.images.load_stream import Selection
from installer.bundle.manifest.manifest import Image, Layer
from installer.operations.preflight.database.disk import (
    Need,
    Room,
    images_bytes,
    judge_closed,
    judge_disk,
    judge_move,
)
from installer.operations.preflight.findings.finding import failed, ok, warning
from installer.system.files.reserve import RESERVE_BYTES

MIB = 1024**2
DOCKER, BACKUPS, DATA = Path("/var/lib/docker"), Path("/srv/vault/backups"), Path("/data")
NEEDS = (
    Need(DOCKER, "images", 1000 * MIB),
    Need(BACKUPS, "backup of the database", 200 * MIB),
    Need(DATA, "copy of /srv/old/data", 300 * MIB, is_copy=True),
)
FILESYSTEMS = {DOCKER: 1, BACKUPS: 1, DATA: 2}


def test_needs_on_one_filesystem_add_up_with_one_reserve() -> None:
    rooms = {1: Room(DOCKER, 1200 * MIB + RESERVE_BYTES), 2: Room(DATA, 300 * MIB + RESERVE_BYTES - 1)}
    assert list(judge_disk(NEEDS, FILESYSTEMS, rooms)) == [
        ok("Disk of /var/lib/docker: 1.4 GiB needed, 1.4 GiB free"),
        failed(
            "The disk of /data is too small: 556.0 MiB needed, 556.0 MiB free",
            ["copy of /srv/old/data: 300.0 MiB", "reserve: 256.0 MiB"],
            hint="Make room there, or carry the data over without a copy: --state move",
        ),
    ]


def test_each_need_that_does_not_fit_is_listed() -> None:
    (finding,) = judge_disk(NEEDS[:2], FILESYSTEMS, {1: Room(DOCKER, 0)})
    assert finding.details == (
        "images: 1000.0 MiB",
        "backup of the database: 200.0 MiB",
        "reserve: 256.0 MiB",
    )
    assert finding.hint == "Make room there; see how much there is: df -h"


def load_of(*images: str, sent: str) -> Selection:
    """Images given by the letters of their layers, each of 100 bytes, of which some are sent."""
    made = (
        Image("i:1", "sha256:aa", "linux/amd64", tuple(Layer(one, 100) for one in each)) for each in images
    )
    return Selection(tuple(made), frozenset(sent))


def test_loading_takes_what_is_sent_and_every_layer_that_the_engine_lacks_once() -> None:
    assert images_bytes([load_of("ab", "ac", sent="ac")], frozenset("b")) == 200 + 200


def test_a_layer_that_two_loads_need_takes_its_room_twice() -> None:
    assert images_bytes([load_of("ab", sent="ab"), load_of("ac", sent="ac")], frozenset()) == 400 + 400


def test_loading_nothing_takes_nothing() -> None:
    assert images_bytes([], frozenset()) == 0


def test_data_on_another_filesystem_cannot_be_moved() -> None:
    assert list(judge_move([])) == []
    assert list(judge_move([DATA])) == [
        failed(
            "Data cannot be moved to another filesystem.",
            ["/data"],
            hint="Unpack the package beside the old release, or import with: --state copy",
        )
    ]


def test_a_disk_that_this_person_may_not_look_at_is_no_reason_to_refuse() -> None:
    assert list(judge_closed([])) == []
    assert list(judge_closed([DOCKER])) == [
        warning(
            "The free space on the disk of /var/lib/docker is unknown: you have no permission to read it.",
            hint="To check it, run the command with sudo.",
        )
    ]
