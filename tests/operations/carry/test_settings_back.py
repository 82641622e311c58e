from dataclasses import replace
from pathlib import Path

from installer.operations.carry.settings_back import take_settings_back
from installer.operations.plan.import_plan import Previous
from tests.operations.carry.test_carry_state import plan_for

NAMES = (".env", "app.env", "link.env", "gone.env")


def test_an_edited_copy_and_an_only_one_are_set_aside_and_the_others_go(tmp_path: Path) -> None:
    plan, old = plan_for(tmp_path, "copy"), tmp_path / "customer-vault"
    old.mkdir()
    previous = Previous(old, (), tmp_path / "prod.env", "2.1.1", (), (), ())
    plan = replace(plan, previous=previous, settings=NAMES)
    for folder in (old, plan.release):
        (folder / "app.env").write_text("A=1\n")
        (folder / "link.env").symlink_to(tmp_path / "prod.env")
    (tmp_path / "prod.env").write_text("B=1\n")
    (plan.release / ".env").write_text("B=edited\n")
    (plan.release / "gone.env").write_text("C=1\n")
    take_settings_back(plan, tmp_path / "discarded", keeps_all=False)
    assert list(plan.release.iterdir()) == []
    aside = {path.name: path.read_text() for path in (tmp_path / "discarded").iterdir()}
    assert aside == {".env": "B=edited\n", "gone.env": "C=1\n"}
    assert (tmp_path / "prod.env").read_text() == "B=1\n"
