"""Defines the acts of the demo with two databases: the second fails to migrate, and both come back.

It needs an export and an import of several databases, PostgreSQL among them.
"""

import shutil
import sys
from pathlib import Path

from demonstration.desk import ADDRESS, Desk, fill_in_passwords
from demonstration.place import Place
from testbed.command import output_of

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/order-desk"
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
SERVICES = ("catalog", "orders")
REFUSED, RESTORED = 3, 6
UPGRADING = "Offline: upgrade to {version}"
REFUSING = "Offline: the rehearsal of {version} fails"
FAILING = "Offline: {version} fails in MariaDB after it has succeeded in PostgreSQL"
LEFT_BEHIND = "What the failure left behind"
SUCCEEDED, FAILED = "20260504070000_add_reservations", "20260504071500_add_invoices"
DUPLICATE = "1062: Duplicate entry '1-PO-2026-017' for key 'orders_customer_id_reference_key'"
NAMES = "SELECT migration_name FROM _prisma_migrations ORDER BY migration_name"
EVERYTHING = "docker ps --all --quiet; docker network ls --quiet; docker volume ls --quiet"


def play(online: Place, offline: Place) -> None:
    """Plays all acts, in order."""
    for version in VERSIONS:
        export(online, version)
    offline.screen.chapter("The packages are carried over on a disk")
    for version in VERSIONS:
        carry(online, offline, version)
    first = install(offline, "1.0.0")
    use(first)
    second = upgrade(first, "1.1.0")
    show_moved_data(second)
    show_migrations(second, "1.1.0")
    refuse_to_upgrade(second, "1.2.0")
    fail_to_upgrade(second, "1.2.0")


def export(online: Place, version: str) -> None:
    """Exports a package of a version, as a release engineer does."""
    online.screen.chapter(f"Online: export {version}")
    output_of(sys.executable, EXAMPLE / "checkout", version, online.home / _tree(version))
    online.type(f"airlock export {version}", within=_tree(version))
    online.type(f"ls -l {_stem(version)}.tar.gz", within=_tree(version))


def carry(online: Place, offline: Place, version: str) -> None:
    """Copies a package to the offline machine."""
    offline.screen.command("you", f"cp online:{_stem(version)}.tar.gz {offline.name}:")
    shutil.copy(online.home / _tree(version) / f"{_stem(version)}.tar.gz", offline.home)


def install(offline: Place, version: str) -> Desk:
    """Installs a version for the first time."""
    offline.screen.chapter(f"Offline: install {version}")
    offline.type(f"tar -xzf {_stem(version)}.tar.gz")
    offline.type("cp .env.example .env", within=_stem(version))
    fill_in_passwords(offline.home / _stem(version) / ".env")
    offline.screen.output("(the three passwords filled in)")
    offline.type("./import-package.sh --yes", within=_stem(version))
    desk = Desk(offline, _stem(version))
    _claim_versions(desk, version)
    return desk


def use(desk: Desk) -> None:
    """Adds data to the application."""
    desk.place.screen.chapter("Offline: people work with it")
    desk.place.type(f"python3 {EXAMPLE / 'seed'} {ADDRESS}")
    _show(desk)


def upgrade(old: Desk, version: str) -> Desk:
    """Upgrades beside the running old release, both databases in one run."""
    offline, screen = old.place, old.place.screen
    screen.chapter(UPGRADING.format(version=version))
    products, orders = old.products(), old.orders()
    names = [customer["name"] for customer in old.customers()]
    offline.type(f"tar -xzf {_stem(version)}.tar.gz")
    offline.type("./import-package.sh --yes", within=_stem(version))
    new = Desk(offline, _stem(version))
    screen.chapter(f"The old data in {version}")
    _show(new)
    _claim_versions(new, version)
    screen.claim(f"all {len(products)} products are as before", new.products() == products)
    screen.claim(f"all {len(orders)} orders are as before", new.orders() == orders)
    split = [f"{one['given_name']} {one['family_name']}".strip() for one in new.customers()]
    screen.claim(f"the names of all {len(names)} customers are split, and complete", split == names)
    return new


def show_moved_data(desk: Desk) -> None:
    """Checks that the price history began with all prices."""
    prices = desk.in_catalog("SELECT product_id, currency, amount FROM prices ORDER BY 1, 2")
    history = desk.in_catalog("SELECT product_id, currency, amount FROM price_history ORDER BY 1, 2")
    desk.place.screen.claim(f"all {len(prices)} prices are in the price history", history == prices)


def show_migrations(desk: Desk, version: str) -> None:
    """Checks that each database has the history of its own migrations."""
    found = {"catalog": desk.in_catalog(NAMES), "orders": desk.in_orders(NAMES)}
    for service, rows in found.items():
        wanted = [[name] for name in _migrations(service, version)]
        desk.place.screen.output("\n".join(f"{service}: {name}" for [name] in rows))
        desk.place.screen.claim(f"{service} has the rows of its own migrations", rows == wanted, wanted)


def refuse_to_upgrade(old: Desk, version: str) -> None:
    """Checks that the rehearsal of the second database refuses the upgrade, and nothing changes."""
    offline, screen, title = old.place, old.place.screen, REFUSING.format(version=version)
    screen.chapter(title)
    everything, before = offline.ask(EVERYTHING), old.dumps()
    offline.type(f"tar -xzf {_stem(version)}.tar.gz")
    offline.type("./import-package.sh --yes", within=_stem(version), expecting=REFUSED)
    said = screen.chapters(title)
    screen.claim("the migration that fails is named", FAILED in said, said)
    screen.claim("no container was stopped, and none was left behind", offline.ask(EVERYTHING) == everything)
    screen.claim("the dumps of both databases are byte for byte the same", old.dumps() == before)


def fail_to_upgrade(old: Desk, version: str) -> None:
    """Checks that both databases come back if the second fails after the first has succeeded."""
    offline, screen, title = old.place, old.place.screen, FAILING.format(version=version)
    screen.chapter(title)
    running, before = old.running_images(), old.dumps()
    words = "./import-package.sh --yes --rehearse never --accept-changed-values --on-failure rollback"
    offline.type(words, within=_stem(version), expecting=RESTORED)
    said = screen.chapters(title)
    screen.claim("the server's own message states the reason", DUPLICATE in said, said)
    applied = f"Applying migration `{SUCCEEDED}`"
    screen.claim("PostgreSQL was migrated before", applied in said.partition(DUPLICATE)[0], said)
    screen.chapter(LEFT_BEHIND)
    after = old.dumps()
    _keep(offline, "before", before)
    _keep(offline, "after", after)
    for service in SERVICES:
        offline.type(f"sha256sum {service}-before.sql {service}-after.sql")
        screen.claim(f"the dumps of {service} are byte for byte the same", after[service] == before[service])
    _claim_versions(old, "1.1.0")
    screen.claim("the same images run as before", old.running_images() == running, old.running_images())


def _claim_versions(desk: Desk, version: str) -> None:
    found = desk.versions()
    wanted = dict.fromkeys(SERVICES, version)
    desk.place.screen.claim(f"both services answer as {version} at {ADDRESS}", found == wanted, found)


def _show(desk: Desk) -> None:
    for rows in (desk.products(), desk.customers(), desk.orders()):
        desk.place.screen.output("\n".join(f"{row}" for row in rows[:2]))


def _keep(place: Place, moment: str, dumps: dict[str, str]) -> None:
    for service, dump in dumps.items():
        (place.home / f"{service}-{moment}.sql").write_text(dump)


def _migrations(service: str, version: str) -> list[str]:
    """Returns the names of all migrations up to a version, in order."""
    trees = [EXAMPLE / "app", *(EXAMPLE / "releases" / later for later in VERSIONS[1:] if later <= version)]
    folders = [folder for tree in trees for folder in (tree / service / "prisma/migrations").glob("*/")]
    return sorted(folder.name for folder in folders if folder.is_dir())


def _tree(version: str) -> str:
    return f"order-desk-{version}"


def _stem(version: str) -> str:
    return f"order_desk_{version}_package"
