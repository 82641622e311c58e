"""Before anything changes, the migrations have run on a copy of this very database."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.vault import error_of
from tests.journeys.editions import as_it_is, in_a_volume, install, unpacked
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database]

PATIENCE_SECONDS = 120
REFUSAL = """\
Error: The rehearsal failed: migration `20260203064510_add_login_and_sessions`, statement 5. \
Nothing was changed.
  MariaDB error 1062: Duplicate entry 'mina' for key 'users_login_key'
  line 30:
    CREATE UNIQUE INDEX `users_login_key` ON `users`(`login`)
  2 rows of `users` share 1 value of `login`, which must be unique (`users_login_key`).
  This query finds them after the statements before it have run:
    SELECT * FROM `users` WHERE `login` IN \
(SELECT `login` FROM `users` WHERE `login` IS NOT NULL GROUP BY `login` HAVING COUNT(*) > 1)
→ Fix the data, or ask the vendor for a fixed package, then run the command again.
"""


def everything(site: Site) -> list[str]:
    """Every container, network and volume of the server."""
    lists = ("docker ps --all --quiet", "docker network ls --quiet", "docker volume ls --quiet")
    return sorted(site.server.output_of("sh", "-c", "; ".join(lists)).split())


def scratch_of(site: Site) -> list[str]:
    """Containers that a rehearsal runs; preflight looks through one that never starts."""
    words = ("docker", "ps", "--quiet", "--filter", "label=airlock.scratch")
    return site.server.output_of(*words).split()


def test_a_migration_that_does_not_fit_is_refused_while_the_old_release_serves(
    site: Site, packages: Packages
) -> None:
    site.install(packages["2.1.1"])
    site.seed()
    assert site.import_(site.unpack(packages["2.1.2"])).code == 0
    before, there = site.dump(), everything(site)

    ended = site.import_(site.unpack(packages["2.1.3"]))

    assert (ended.code, error_of(ended)) == (3, REFUSAL), ended.told
    assert (site.dump(), everything(site), site.version()) == (before, there, "2.1.2")


@pytest.mark.parametrize(
    "edit", [as_it_is, pytest.param(in_a_volume, marks=pytest.mark.long)], ids=["folder", "volume"]
)
def test_the_old_release_answers_all_the_time(
    site: Site, packages: Packages, edit: Callable[[Path], None]
) -> None:
    install(site, packages["2.1.1"], edit)
    release, there = unpacked(site, packages["2.1.2"], edit), everything(site)
    run = site.start(release, "./airlock", "rehearse")
    answers = []
    while run.poll() is None:
        answers.append(site.version())
        site.sql("INSERT INTO audit (what) VALUES ('while rehearsing')")
    told = run.communicate()[0]
    assert (run.returncode, set(answers)) == (0, {"2.1.1"}), told
    assert "The files of the running server were copied in " in told
    assert everything(site) == there


@pytest.mark.long
def test_a_killed_rehearsal_is_swept_by_the_next_run(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release, before, there = site.unpack(packages["2.1.2"]), site.dump(), everything(site)
    run = site.start(release, "./import-package.sh", "--yes")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not scratch_of(site):
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    assert len(everything(site)) > len(there)

    dry = site.type(release, "./import-package.sh", "--dry-run")

    assert (dry.code, everything(site)) == (0, there), dry.told
    assert site.dump() == before
    assert site.import_(release).code == 0


@pytest.mark.long
def test_an_interrupted_rehearsal_leaves_nothing(site: Site, packages: Packages, old_release: Path) -> None:
    release, there = site.unpack(packages["2.1.2"]), everything(site)
    run = site.start(release, "./airlock", "rehearse")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not scratch_of(site):
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)
    told = run.communicate()[0]
    assert (run.returncode, everything(site)) == (130, there), told
