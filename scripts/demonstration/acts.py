"""Defines the acts of the demo, in order. Each runs commands on a machine and checks its claims."""

import hashlib
import shutil
import sys
from pathlib import Path

from demonstration.place import Place
from demonstration.vault import ADDRESS, Vault, fill_in_passwords
from testbed.command import output_of

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/customer-vault"
REFUSED, RESTORED = 3, 6
EXPORTING = "Online: export {version}"
INSTALLING = "Offline: install {version}"
EXPORTING_DELTA = "Online: export {version} since {base}"
MISSING_BASE = "On a server without {base}"
UPGRADING = "Offline: upgrade to {version}"
REFUSING = "Offline: the rehearsal of {version} fails"
FAILING = "Offline: the upgrade to {version} fails without a rehearsal"
DUPLICATE = "1062: Duplicate entry 'mina' for key 'users_login_key'"
LOGIN = 'SUBSTRING_INDEX(email, \\"@\\", 1)'
SHARED = (
    f"SELECT COUNT(*) FROM users WHERE {LOGIN} IN (SELECT {LOGIN} FROM users GROUP BY 1 HAVING COUNT(*) > 1)"
)


EVERYTHING = "docker ps --all --quiet; docker network ls --quiet; docker volume ls --quiet"


def stem(version: str) -> str:
    return f"customer_vault_{version}_package"


def export(online: Place, version: str) -> None:
    """Exports a package of a version, as a release engineer does."""
    online.screen.chapter(EXPORTING.format(version=version))
    output_of(sys.executable, EXAMPLE / "checkout", version, online.home / f"customer-vault-{version}")
    online.type(f"airlock export {version}", within=f"customer-vault-{version}")
    online.type(f"ls -l {stem(version)}.tar.gz", within=f"customer-vault-{version}")


def export_since(online: Place, version: str, base: str) -> None:
    """Exports a delta on another release, and combines the two into a whole package."""
    screen = online.screen
    screen.chapter(EXPORTING_DELTA.format(version=version, base=base))
    folder, before = f"customer-vault-{version}", f"../customer-vault-{base}/{stem(base)}.tar.gz"
    output_of(sys.executable, EXAMPLE / "checkout", version, online.home / folder)
    online.type(f"airlock export {version} --since {before}", within=folder)
    online.type(f"airlock combine {before} {delta(version, base)}.tar.gz", within=folder)
    online.type("ls -l *.tar.gz", within=folder)
    whole, part = (
        (online.home / folder / f"{name}.tar.gz").stat().st_size
        for name in (stem(version), delta(version, base))
    )
    screen.claim(f"the delta has {part / whole:.1%} of the whole package's bytes", part < whole / 4, part)


def delta(version: str, base: str) -> str:
    return f"{stem(version)}_since_{base}"


def carry(online: Place, offline: Place, version: str, package: str) -> None:
    """Copies a package to the offline machine."""
    offline.screen.command("you", f"cp online:{package}.tar.gz {offline.name}:")
    shutil.copy(online.home / f"customer-vault-{version}" / f"{package}.tar.gz", offline.home)


def install(offline: Place, version: str) -> Vault:
    """Installs a version for the first time."""
    offline.screen.chapter(INSTALLING.format(version=version))
    offline.type("cat /proc/net/route; docker images")
    offline.type(f"tar -xzf {stem(version)}.tar.gz")
    offline.type("cp .env.example .env", within=stem(version))
    fill_in_passwords(offline.home / stem(version) / ".env")
    offline.screen.output("(both passwords filled in)")
    offline.type("./import-package.sh --yes", within=stem(version))
    vault = Vault(offline, stem(version))
    offline.screen.claim(f"{version} answers at {ADDRESS}", vault.version() == version, vault.version())
    return vault


def use(vault: Vault) -> None:
    """Adds data to the application."""
    vault.place.screen.chapter("Offline: people work with it")
    vault.place.type(f"python3 {EXAMPLE / 'seed'} {ADDRESS}")
    vault.place.screen.output("\n".join(f"{user}" for user in vault.users()[:5]))


def upgrade(old: Vault, version: str, package: str) -> Vault:
    """Upgrades beside the running old release."""
    offline, screen = old.place, old.place.screen
    screen.chapter(UPGRADING.format(version=version))
    users, uploads, log, papers = old.users(), old.uploads(), old.log(), [old.document(n) for n in (1, 2, 3)]
    offline.type(f"tar -xzf {package}.tar.gz")
    offline.type("./import-package.sh --yes", within=stem(version))
    new = Vault(offline, stem(version))
    screen.chapter(f"The old data in {version}")
    screen.output("\n".join(f"{user}" for user in new.users()[:5]))
    screen.claim(f"{version} answers", new.version() == version, new.version())
    same = [(user["id"], user["email"], user["name"]) for user in users]
    screen.claim(
        f"all {len(users)} users are present", same == [(u["id"], u["email"], u["name"]) for u in new.users()]
    )
    screen.claim("every uploaded file is byte for byte the same", uploads == new.uploads())
    screen.claim("every document can be fetched as before", papers == [new.document(n) for n in (1, 2, 3)])
    screen.claim("the log continues", new.log().startswith(log))
    return new


def show_new_columns(vault: Vault) -> None:
    """Checks that the new columns contain the data of the old ones."""
    screen = vault.place.screen
    empty = vault.query('SELECT COUNT(*) FROM users WHERE display_name = \\"\\"')
    lost = vault.query("SELECT COUNT(*) FROM users WHERE team IS NOT NULL AND department_id IS NULL")
    screen.claim("every user has a display name", empty == [["0"]], empty)
    screen.claim("every user with a team has a department", lost == [["0"]], lost)


def show_migration_rows(vault: Vault) -> None:
    """Checks that `_prisma_migrations` looks as if Prisma had written it."""
    shape = "finished_at >= started_at, logs IS NULL, rolled_back_at IS NULL, applied_steps_count, LENGTH(id)"
    rows = vault.query(
        f"SELECT migration_name, checksum, {shape} FROM _prisma_migrations ORDER BY started_at"
    )
    folder = vault.place.home / vault.folder / "prisma/migrations"
    scripts = sorted(folder.glob("*/migration.sql"))
    wanted = [[path.parent.name, _sha256(path), "1", "1", "1", "1", "36"] for path in scripts]
    for row in rows:
        vault.place.screen.output("  ".join(row))
    vault.place.screen.claim(
        "_prisma_migrations has Prisma's rows for all migrations", rows == wanted, wanted
    )


def refuse_to_upgrade(old: Vault, version: str) -> None:
    """Checks that an upgrade is refused if its migration does not fit the data, and nothing changes."""
    offline, screen = old.place, old.place.screen
    screen.chapter(REFUSING.format(version=version))
    containers, before = offline.ask(EVERYTHING), old.dump()
    offline.type(f"tar -xzf {stem(version)}.tar.gz")
    offline.type("./import-package.sh --yes", within=stem(version), expecting=REFUSED)
    said = screen.chapters(REFUSING.format(version=version))
    ((rows,),) = old.query(SHARED)
    screen.claim(
        f"exactly the {rows} rows that share a login are counted",
        f"{rows} rows of `users` share" in said,
        said,
    )
    screen.claim("2.1.2 answers", old.version() == "2.1.2", old.version())
    screen.claim(
        "no container was stopped, and none was left behind",
        offline.ask(EVERYTHING) == containers,
        offline.ask(EVERYTHING),
    )
    screen.claim("the database dumps are byte for byte the same", old.dump() == before)


def fail_to_upgrade(old: Vault, version: str) -> None:
    """Checks that the same upgrade without a rehearsal fails halfway and leaves nothing behind."""
    offline, screen = old.place, old.place.screen
    screen.chapter(FAILING.format(version=version))
    running, before, uploads = old.running_images(), old.dump(), old.uploads()
    words = "./import-package.sh --yes --rehearse never --on-failure rollback"
    offline.type(words, within=stem(version), expecting=RESTORED)
    said = screen.chapters(FAILING.format(version=version))
    screen.claim("the server's own message states the reason", DUPLICATE in said, said)
    screen.chapter("What the failure left behind")
    (offline.home / "before.sql").write_text(before)
    (offline.home / "after.sql").write_text(old.dump())
    offline.type("sha256sum before.sql after.sql")
    screen.claim("2.1.2 answers again", old.version() == "2.1.2", old.version())
    screen.claim("the same images run as before", old.running_images() == running, old.running_images())
    screen.claim(
        "the database dumps are byte for byte the same", (offline.home / "after.sql").read_text() == before
    )
    screen.claim("every uploaded file is byte for byte the same", old.uploads() == uploads)


def roll_back(vault: Vault) -> None:
    """Rolls back to the release before, if this one is in operation."""
    vault.place.ask("./airlock rollback --yes || [ $? = 3 ]", within=vault.folder)


def miss_the_base(online: Place, bare: Place, version: str, base: str) -> None:
    """Checks that a delta is refused on a server without its base."""
    screen = bare.screen
    screen.chapter(MISSING_BASE.format(base=base))
    carry(online, bare, version, delta(version, base))
    bare.type(f"tar -xzf {delta(version, base)}.tar.gz")
    bare.ask("cp .env.example .env", within=stem(version))
    fill_in_passwords(bare.home / stem(version) / ".env")
    bare.type("./import-package.sh --yes", within=stem(version), expecting=REFUSED)
    screen.claim("the engine has no image", bare.ask("docker images --quiet") == "")
    shutil.rmtree(bare.home / stem(version))


def by_hand(online: Place, bare: Place, version: str) -> None:
    """Loads a package with standard tools only."""
    bare.screen.chapter("By hand, on a server that never saw Airlock")
    carry(online, bare, version, stem(version))
    bare.type(f"tar -xzf {stem(version)}.tar.gz")
    bare.type("sha256sum --quiet -c SHA256SUMS && echo 'all as listed'", within=stem(version))
    bare.type("docker load -i images.tar", within=stem(version))
    tags = set(bare.ask("docker images --format '{{.Repository}}:{{.Tag}}'").split())
    wanted = {"customer-vault/backend:2.1.2", "customer-vault/frontend:2.1.2", "nginx:1.24", "mariadb:10.11"}
    bare.screen.claim("all images are present", wanted <= tags, tags)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
