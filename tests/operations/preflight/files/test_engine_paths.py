"""A directory that the engine does not see: found before data is copied to where no container reads it."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.plan.import_plan import CarriedState
from installer.operations.preflight.files.engine_paths import (
    Road,
    check_engine_paths,
    is_same,
    judge_engine_paths,
    marked,
    mounts_of,
    places_to_see,
)
from installer.operations.preflight.findings.finding import failed, ok
from installer.operations.preflight.findings.surroundings import look_at_surroundings
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Engine
from installer.system.docker.path_inspector import PathFacts
from tests.operations.decisions.test_shared_data import situation
from tests.testbed.hidden import hidden_from, server_of_this_run

HERE = Road("unix:///var/run/docker.sock", "/var/lib/docker")
TITLE = "The Docker engine sees other files at these paths: containers would not get the data."
DATA, LATE = PathFacts("folder", 0o755, 4096, 1000), PathFacts("folder", 0o755, 4096, 3000)


def bind(source: Path, target: str = "/data") -> Mount:
    return Mount("bind", str(source), target, read_only=False)


def test_a_filesystem_that_was_mounted_after_the_engine_had_started() -> None:
    assert list(judge_engine_paths([Path("/srv/a"), Path("/srv/b")], HERE, [Path("/srv")], False)) == [
        failed(
            TITLE,
            ["/srv/a", "/srv/b", "Possibly mounted after Docker had started: /srv"],
            hint="Restart Docker: sudo systemctl restart docker. "
            "Then check that the application has its data, and run the command again.",
        )
    ]


def test_an_engine_on_another_machine() -> None:
    road = replace(HERE, address="tcp://192.0.2.7:2375")
    assert list(judge_engine_paths([Path("/srv/a")], road, [Path("/")], False)) == [
        failed(
            TITLE,
            ["/srv/a", "The engine is at tcp://192.0.2.7:2375: it may be on another machine."],
            hint="Log in to the machine of the engine and run the command there. Or: unset DOCKER_HOST",
        )
    ]


def test_an_engine_from_snap_under_a_release_that_runs() -> None:
    road = replace(HERE, data_folder="/var/snap/docker/common/var-lib-docker")
    assert list(judge_engine_paths([Path("/srv/a")], road, [Path("/")], True)) == [
        failed(
            TITLE,
            [
                "/srv/a",
                "Docker was installed from snap, which sees only some folders.",
                "The running release uses the files that the engine sees there, not these.",
            ],
            hint="Move the directory below /home, or install Docker from its own packages.",
        )
    ]


@pytest.mark.parametrize(
    ("before", "seen", "after", "same"),
    [
        (DATA, DATA, DATA, True),
        (DATA, replace(DATA, modified_ns=2000), LATE, True),  # somebody writes there
        (DATA, LATE, DATA, False),
        (DATA, None, DATA, False),
        (DATA, replace(DATA, kind="file"), DATA, False),
        (DATA, replace(DATA, mode=0o700), DATA, False),
        (DATA, replace(DATA, size_bytes=40), DATA, False),
        (DATA, replace(DATA, modified_ns=999), LATE, False),
    ],
)
def test_a_place_is_the_same_by_kind_mode_size_and_time(before, seen, after, same) -> None:
    assert is_same(before, seen, after) is same


def test_every_place_that_containers_get_is_looked_at_as_far_as_it_is_there(tmp_path: Path) -> None:
    release, elsewhere = tmp_path / "release", tmp_path / "elsewhere"
    for folder in (release / "conf", elsewhere, tmp_path / "old"):
        folder.mkdir(parents=True)
    mounts = (bind(release / "conf"), bind(release / "new"), bind(elsewhere / "new" / "deep"))
    mounts += (bind(Path("/proc")), bind(Path("/dev/null")), Mount("volume", "files", "/files", False))
    upgrade = situation(release, "copy", *mounts)
    carried = CarriedState(tmp_path / "old", release / "data", databases=("db",), is_copied=True)
    upgrade = replace(upgrade, plan=replace(upgrade.plan, state=(carried,)))
    assert places_to_see(upgrade) == (elsewhere, tmp_path / "old", release / "conf")


def test_the_marker_leaves_nothing_behind_and_keeps_what_others_wrote(tmp_path: Path) -> None:
    with marked(tmp_path) as marker:
        assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")] == [".airlock"]
        assert (tmp_path / marker).is_file()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), marked(tmp_path):
        (tmp_path / ".airlock" / "airlock.log").touch()
        raise KeyboardInterrupt
    assert [path.name for path in (tmp_path / ".airlock").iterdir()] == ["airlock.log"]


def test_a_path_is_on_the_filesystem_of_its_nearest_mount() -> None:
    assert mounts_of([Path("/proc/self/status"), Path("/proc/version"), Path("/")]) == (
        Path("/"),
        Path("/proc"),
    )


@pytest.mark.engine
def test_the_engine_sees_the_directory_or_what_hides_it_from_the_engine_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    release, data = tmp_path / "release", tmp_path / "data"
    release.mkdir()
    data.mkdir()
    around = look_at_surroundings(situation(release, "copy", bind(data)), engine)
    seen = [ok("The Docker engine sees the directory and the data")]
    assert list(check_engine_paths(around)) == seen
    for hidden in (data, release):
        with hidden_from(server_of_this_run(), hidden):
            (finding,) = check_engine_paths(around)
            assert (finding.level, finding.details[:-1]) == ("failed", (str(hidden),))
    assert list(check_engine_paths(around)) == seen
    assert list(release.iterdir()) == []
