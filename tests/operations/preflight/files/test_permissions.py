import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.operations.preflight.files.permissions import closed, judge_permissions, only_for_root
from installer.operations.preflight.findings.finding import failed, ok


def test_sufficient_rights_pass() -> None:
    assert list(judge_permissions([], [])) == [ok("Permissions are sufficient")]


def test_places_that_are_closed_are_named_once_each() -> None:
    assert list(judge_permissions([Path("/b"), Path("/a"), Path("/b")], [Path("/data")])) == [
        failed(
            "You have no write permission where the import writes.",
            ["/a", "/b"],
            hint="Run the command with sudo.",
        ),
        failed(
            "Containers write as other users: only root can carry their files over or delete them again.",
            ["/data"],
            hint="Run the command with sudo.",
        ),
    ]


def test_root_may_do_everything(tmp_path) -> None:
    assert closed([tmp_path / "not" / "there"]) == []
    assert only_for_root([tmp_path]) == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can look into; pytest closes its own ones, whenever another run begins."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_person_without_rights_may_write_what_is_theirs_and_carry_nothing_of_containers(
    open_folder: Path,
) -> None:
    theirs, ours = open_folder / "theirs", open_folder / "ours"
    for place in (theirs, ours):
        place.mkdir()
    os.chown(theirs, 65534, 65534)
    program = (
        "import os, sys, pathlib\n"
        "from installer.operations.preflight.files.permissions import closed, only_for_root\n"
        "os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"
        "places = [pathlib.Path(word) for word in sys.argv[1:]]\n"
        "print(*closed([place / 'new' for place in places]), *only_for_root(places))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    argv = (sys.executable, "-c", program, str(theirs), str(ours))
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([str(ours), str(theirs), str(ours)], "")
