"""How all tests are divided; that each part runs is seen by whoever runs them all."""

from pathlib import Path

from testbed.parts import PARTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_runs_in_one_part_and_in_no_other() -> None:
    rest, *others = PARTS.values()
    folders = [folder for words in others for folder in words]
    assert rest == ("tests", *(f"--ignore={folder}" for folder in folders))
    assert [folder for folder in folders if not any((ROOT / folder).rglob("test_*.py"))] == []
