"""How all tests are divided; that each part runs is seen by whoever runs them all."""

from collections.abc import Sequence
from pathlib import Path

from testbed.parts import PARTS

ROOT = Path(__file__).resolve().parents[2]
IGNORED = "--ignore="


def test_every_test_runs_in_one_part_and_in_no_other() -> None:
    files = [path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")]
    parts = {file: [name for name, words in PARTS.items() if runs(file, words)] for file in files}
    assert {file: found for file, found in parts.items() if len(found) != 1} == {}
    assert {found for [found] in parts.values()} == set(PARTS)


def runs(file: Path, words: Sequence[str]) -> bool:
    """Whether pytest runs the file when it is given these words."""
    chosen = [word for word in words if not word.startswith(IGNORED)]
    ignored = [word.removeprefix(IGNORED) for word in words if word.startswith(IGNORED)]
    return any(map(file.is_relative_to, chosen)) and not any(map(file.is_relative_to, ignored))
