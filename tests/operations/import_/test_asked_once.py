"""An import asks the neighbours once for what stays the same meanwhile."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.operations.small_site import WEB, SmallSite, site

__all__ = ["site"]
pytestmark = pytest.mark.engine

SERVES = f'{WEB}    command: ["sleep", "1000"]\n'
SHIM = """#!/bin/sh
echo "$*" >> {log}
exec {docker} "$@"
"""


def recording_docker(folder: Path, log: Path) -> str:
    """A PATH whose `docker` writes down what it is asked, then does it."""
    folder.mkdir()
    shim = folder / "docker"
    shim.write_text(SHIM.format(log=log, docker=shutil.which("docker")))
    shim.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_compose_makes_each_model_once_before_the_border_and_once_behind_it(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind it once more: the person may have edited a file while the question was open."""
    log = tmp_path / "asked.txt"
    old, new = site.release("1.0.0", SERVES), site.release("2.0.0", SERVES)
    site.import_(old)
    monkeypatch.setenv("PATH", recording_docker(tmp_path / "shim", log))
    site.import_(new)
    asked = Counter(
        (release.name, "all profiles" if "--profile" in line else line.rpartition("config ")[2])
        for line in log.read_text().splitlines()
        for release in (old, new)
        if f"--project-directory {release} " in line and " config " in line
    )
    assert asked == {
        (old.name, "--format json"): 2,
        (old.name, "all profiles"): 2,
        (old.name, "--hash *"): 1,
        (new.name, "--format json"): 2,
        (new.name, "all profiles"): 1,
    }
