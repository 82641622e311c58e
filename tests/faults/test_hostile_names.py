"""Names that a shell, SQL or YAML would take for something else are names, and nothing more."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import Site, digests_of
from tests.testbed.servers import Servers

pytestmark = [pytest.mark.engine, pytest.mark.database]

HOSTILE = 'it\'s "a" `touch pwned` $(touch pwned) ${HOME};touch pwned #%s \\n --help'
MIGRATION = f"20260301000000_{HOSTILE}"
PAPERS = [HOSTILE, "two\nlines", "-rf", " ", "한글 ü"]


@pytest.fixture(scope="module")
def tree(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of 2.1.2, with one more migration."""
    tree = tmp_path_factory.mktemp("hostile") / "customer-vault"
    shutil.copytree(packages.source("2.1.2"), tree)
    add_migration(tree, MIGRATION)
    return tree


@pytest.fixture(scope="module")
def package(packages: Packages, tree: Path) -> Path:
    packages.export("2.1.2", tree, tree.parent)
    return next(tree.parent.glob("*.tar.gz"))


@pytest.fixture
def site(servers: Servers, tmp_path: Path) -> Iterator[Site]:
    """An offline server with packages in a folder of a hostile name."""
    folder = tmp_path / HOSTILE
    folder.mkdir()
    site = Site(servers["offline"], folder)
    yield site
    site.remove()
    shutil.rmtree(folder)


def add_migration(tree: Path, name: str) -> None:
    folder = tree / "backend" / "prisma" / "migrations" / name
    folder.mkdir()
    (folder / "migration.sql").write_text("CREATE TABLE hostile (id INT PRIMARY KEY);\n")


@pytest.mark.long
def test_hostile_names_of_migrations_papers_and_folders_do_no_harm(
    site: Site, packages: Packages, package: Path, tmp_path: Path
) -> None:
    old = site.install(packages["2.1.1"])
    site.seed()
    for name in PAPERS:
        (old / "uploads" / name).write_text(name)
    papers = digests_of(old / "uploads")

    release = site.unpack(package)
    ended = site.import_(release)

    assert ended.code == 0, ended.told
    assert f"Applying migration `{MIGRATION}`" in ended.told
    assert site.sql("SELECT HEX(migration_name) FROM _prisma_migrations ORDER BY 1 DESC LIMIT 1") == (
        f"{MIGRATION.encode().hex().upper()}\n"
    )
    assert digests_of(release / "uploads") == papers
    status = site.type(release, "./airlock", "migrate", "status")
    assert status.code == 0, status.told
    assert list(tmp_path.rglob("pwned")) == []


@pytest.mark.long
def test_the_way_back_works_between_folders_of_hostile_names(
    site: Site, packages: Packages, tmp_path: Path
) -> None:
    old = site.install(packages["2.1.1"])
    site.seed()
    (old / "uploads" / HOSTILE).write_text("a paper")
    before, containers = site.dump(), site.containers()
    beside = site.folder / "'beside' $(touch pwned)"
    beside.mkdir()
    ended = replace(site, folder=beside).import_(
        replace(site, folder=beside).unpack(packages["2.1.3"]), "--state", "move", "--rehearse", "never"
    )
    assert ended.code == 6, ended.told
    assert (site.dump(), site.containers()) == (before, containers)
    assert (old / "uploads" / HOSTILE).read_text() == "a paper"
    assert list(tmp_path.rglob("pwned")) == []


@pytest.mark.parametrize(
    "name", ["20260401000000_two\nlines", "20260401000000_bell\a", "20260401000000_\u202eright"]
)
def test_a_migration_whose_name_cannot_be_shown_is_refused_at_the_export(
    packages: Packages, tree: Path, tmp_path: Path, name: str
) -> None:
    add_migration(tree, name)
    refused = packages.export("2.1.2", tree, tmp_path, check=False)
    shutil.rmtree(tree / "backend" / "prisma" / "migrations" / name)
    shown = name.encode("unicode_escape").decode()
    assert (
        refused.returncode,
        f"  {shown}: contains unprintable characters\n" in refused.stderr,
    ) == (
        2,
        True,
    ), refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_the_commands_by_hand_name_a_hostile_migration_as_one_word(package: Path, tmp_path: Path) -> None:
    subprocess.run(("tar", "-xzf", package), cwd=tmp_path, check=True)
    release = tmp_path / package.name.removesuffix(".tar.gz")
    guide = (release / "MIGRATIONS.md").read_text().splitlines()
    line = next(line for line in guide if line.startswith("database ") and "pwned" in line)
    words = ("sh", "-c", f"database() {{ cat; }}\n{line}")
    done = subprocess.run(words, cwd=release, capture_output=True, text=True, check=True)
    assert done.stdout == "CREATE TABLE hostile (id INT PRIMARY KEY);\n"
    assert list(tmp_path.rglob("pwned")) == []
    shutil.rmtree(release)
