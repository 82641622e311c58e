from pathlib import Path

from installer.operations.way_back.rollback_obstacles import lost_of_old, state_obstacles
from installer.system.compose.compose import Mount, Service
from tests.operations.carry.test_carry_state import make_state, plan_for


def test_data_that_would_not_come_back_stands_against_going_back(tmp_path: Path) -> None:
    make_state(tmp_path)
    old, new = tmp_path / "customer-vault", tmp_path / "customer_vault_2.1.2_package"
    plan = plan_for(tmp_path, "move")
    for item in plan.state:
        item.target.parent.mkdir(exist_ok=True)
        item.source.rename(item.target)
    assert list(state_obstacles(plan)) == []
    (new / "uploads").rename(tmp_path / "tidied away")
    (old / "data" / "mariadb").mkdir()
    (old / "data" / "mariadb" / "ibdata1").write_bytes(b"started by mistake")
    assert list(state_obstacles(plan)) == [
        f"Another file is in the old place of moved data: {old / 'data' / 'mariadb'}",
        f"Moved data is missing: {new / 'uploads'}",
    ]


def test_copies_without_their_originals_stand_against_going_back(tmp_path: Path) -> None:
    make_state(tmp_path)
    old = tmp_path / "customer-vault"
    plan = plan_for(tmp_path, "copy")
    (plan.release / "uploads").mkdir()
    (plan.release / "uploads" / "paper").write_bytes(b"copy")
    (old / "uploads").rename(tmp_path / "tidied away")
    assert list(state_obstacles(plan)) == [f"The old data is missing: {old / 'uploads'}"]


def test_what_the_old_services_mount_must_be_there_but_for_what_comes_back(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "move")
    for item in plan.state:
        item.target.parent.mkdir(exist_ok=True)
        item.source.rename(item.target)
    places = (*(item.source for item in plan.state), tmp_path, tmp_path / "unmounted/share")
    mounts = tuple(Mount("bind", str(place), "/x", False) for place in places)
    web = Service("web", "web:1", None, {}, mounts, (), (), False, "no")
    assert list(lost_of_old([web], plan)) == [f"web needs {tmp_path}/unmounted/share, which is missing."]
