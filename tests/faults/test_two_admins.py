"""While one admin changes a site, nothing that another one runs changes it, whatever step is at work."""

from pathlib import Path

import pytest

from tests.faults.crash_points import at_rest, do_at, first_of_records
from tests.faults.reliability import Case, record
from tests.faults.test_crash_points import IMPORT, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

IN_USE = 5
CHANGES = (
    "./import-package.sh --yes", "./import-package.sh --resume --yes", "./airlock rollback --yes",
    "./airlock backup", "./airlock restore --yes", "./airlock migrate deploy",
    "./airlock rehearse", "./airlock adopt --yes",
    "./airlock backups prune --keep 1 --yes",
)  # fmt: skip
LOOKS = ("./airlock backups list", "./airlock verify", "./airlock --version")


def second_admin(script: Path, told: Path, *places: Path) -> str:
    """Writes a script that runs every command in each of these directories, and what each ended with."""
    lines = [f"cd {place} && {{ {line}; echo {place.name}: {line} = $?; }} >> {told} 2>&1"
             for place in places for line in (*CHANGES, *LOOKS)]  # fmt: skip
    script.write_text("\n".join(lines))
    return f"sh {script}"


@pytest.mark.parametrize("verb", ["import", "rollback"])
def test_a_second_admin_changes_nothing_in_any_step(
    site: Site, packages: Packages, tmp_path: Path, verb: str
) -> None:
    crashes = Crashes(site, packages, "copied")
    old = next(path for path in site.folder.iterdir() if "2.1.1" in path.name)
    words, rest, points = IMPORT, crashes.new, crashes.points
    if verb == "rollback":
        assert site.type(crashes.release, "./airlock", *IMPORT).code == 0
        words, rest, points = ROLLBACK, crashes.old, crashes.points_back
    told = tmp_path / "told"
    command = second_admin(tmp_path / "second", told, crashes.release, old)
    ended = do_at(site, crashes.release, first_of_records(points), command, *words)
    codes = [line.rpartition(" = ") for line in told.read_text().splitlines() if " = " in line]
    wrong = [
        line
        for line, _is, code in codes
        if int(code) != (IN_USE if line.partition(": ")[2] in CHANGES else 0)
    ]
    found = at_rest(site)
    is_good = (ended.code, wrong) == (0, []) and found == rest
    for line, _is, code in codes:
        record(Case(f"two admins ({verb})", line, code, line not in wrong and is_good))
    assert is_good and codes, f"{wrong}\n{ended.told}\n{told.read_text()}"
