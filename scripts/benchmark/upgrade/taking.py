"""Takes the figures of one site: the upgrade by Airlock and back, and the same by hand."""

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmark.upgrade.poller import outage_seconds, percentile95, polling
from benchmark.upgrade.sources import NEW, OLD
from benchmark.upgrade.vault import Site, environment, wait_until
from testbed.problem import TestbedProblem

CALM_SECONDS = 8.0
BY_HAND = (
    "docker compose down",
    "cp -a {old}/.env {old}/data {old}/uploads {old}/logs .",
    "docker compose up --detach --wait db",
    'docker exec vault-db sh -c \'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb-dump -uroot'
    ' --single-transaction --routines --events --triggers "$MARIADB_DATABASE"\' > backup.sql',
    'docker exec -i vault-db sh -c \'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb -uroot --comments'
    ' --delimiter=%%end%% "$MARIADB_DATABASE"\' < {migrations}',
    "docker compose up --detach --wait",
)
RESTART = ("docker compose down", "docker compose up --detach --wait")


@dataclass(frozen=True)
class Figures:
    """Seconds of outage, and how the old release answered while its data was copied ahead."""

    restart: float
    upgrade: float
    estimated: float
    back: float
    by_hand: float
    whole: float
    calm95: float
    copying95: float


def take(site: Site, tell: Callable[[str], None]) -> Figures:
    """Measures in turn; at the end the new release runs, upgraded by hand."""
    tell("restart by hand …")
    restart = _outage(lambda: [site.sh(line, within=site.old) for line in RESTART], OLD)
    tell(f"{restart:.1f} s; upgrade by Airlock …")
    upgrade, whole, calm95, copying95 = _upgrade(site)
    estimated = site.estimated_seconds()
    tell(f"{upgrade:.1f} s of {whole:.0f} s, estimated {estimated:.1f} s; back …")
    back = _outage(lambda: site.sh("./airlock rollback --yes"), OLD)
    tell(f"{back:.1f} s; by hand …")
    by_hand = _outage(lambda: _by_hand(site), NEW)
    tell(f"{by_hand:.1f} s.")
    return Figures(restart, upgrade, estimated, back, by_hand, whole, calm95, copying95)


def _outage(work: Callable[[], object], version: str) -> float:
    with polling() as answers:
        time.sleep(1)
        work()
        time.sleep(1)
    return outage_seconds(answers, version)


def _upgrade(site: Site) -> tuple[float, float, float, float]:
    """Returns the outage, the time of the whole import, and the answers before and while copying ahead."""
    with polling() as answers:
        time.sleep(CALM_SECONDS)
        calm = list(answers)
        begun = time.time()
        run = subprocess.Popen(
            ("./import-package.sh", "--yes"), cwd=site.new, env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        changer = threading.Thread(target=_change_while_copied, args=(site, run))
        changer.start()
        told = run.communicate()[0]
        whole = time.time() - begun
        changer.join()
    if run.returncode:
        raise TestbedProblem("The import failed.", told[-3000:])
    at = {words: when for when, words in site.journal()}
    first, last = at["started copy-ahead"], at["started stop-services"]
    copying = [one for one in answers if first <= one.asked < last]
    return outage_seconds(answers, NEW), whole, percentile95(calm), percentile95(copying)


def _change_while_copied(site: Site, run: "subprocess.Popen[str]") -> None:
    wait_until(site, "started copy-ahead", run)
    if run.poll() is None:
        site.change()


def _by_hand(site: Site) -> None:
    fresh = site.new.with_name("by-hand")
    site.sh(f"rm -rf {fresh}; mkdir {fresh}; cp -a {site.new}/docker-compose.yml {site.new}/proxy {fresh}")
    values = {"old": site.old, "migrations": fresh / "migrations.sql"}
    scripts = " ".join(str(path) for path in site.pending())
    site.sh(f"for script in {scripts}; do cat $script; echo '%%end%%'; done > {values['migrations']}")
    for line in BY_HAND:
        site.sh(line.format(**values), within=site.old if line == BY_HAND[0] else fresh)
