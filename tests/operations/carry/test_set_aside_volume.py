import uuid
from collections.abc import Iterator

import pytest

from installer.operations.carry.set_aside_volume import can_be_set_aside, set_volume_aside
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of

pytestmark = pytest.mark.engine


@pytest.fixture
def name(engine: Engine) -> Iterator[str]:
    """A fresh name; its volume and the one set aside are removed afterwards."""
    fresh = f"f-{uuid.uuid4().hex[:8]}"
    yield fresh
    for volume in (fresh, f"{fresh}-aside"):
        engine.remove_volume(volume)


def test_what_is_in_a_volume_is_found_in_the_other_one(engine: Engine, name: str) -> None:
    folder = engine.create_volume(name, {}).folder
    (folder / "entered today").write_text("kept")
    assert can_be_set_aside(name, engine)
    set_volume_aside(name, engine, f"{name}-aside")
    set_volume_aside(name, engine, f"{name}-aside")
    aside = engine.volume(f"{name}-aside")
    assert [path.name for path in aside.folder.iterdir()] == ["entered today"]
    assert (list(folder.iterdir()), aside.labels) == ([], {"airlock.set-aside": name})
    engine.remove_volume(name)
    assert engine.volume(name) is None


def test_setting_aside_that_was_cut_off_goes_on(engine: Engine, name: str) -> None:
    folder = engine.create_volume(name, {}).folder
    (folder / "entered today").write_text("kept")
    folder.rename(engine.create_volume(f"{name}-aside", {}).folder)
    set_volume_aside(name, engine, f"{name}-aside")
    assert [path.name for path in engine.volume(f"{name}-aside").folder.iterdir()] == ["entered today"]
    engine.remove_volume(name)


def test_a_volume_out_of_reach_is_left_alone(engine: Engine, name: str) -> None:
    output_of(("docker", "volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", name))
    assert not can_be_set_aside(name, engine)
    set_volume_aside(name, engine, f"{name}-aside")
    assert engine.volume(f"{name}-aside") is None
