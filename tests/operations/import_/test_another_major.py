"""A release with another major version of PostgreSQL is converted, or refused before anything changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.errors import Refused
from tests.operations.import_.another_major import ROWS, OrdersSite
from tests.operations.small_site import SmallSite, site

__all__ = ["site"]
pytestmark = [pytest.mark.engine, pytest.mark.database]

OLD = "/var/lib/postgresql/data"
ONE_VOLUME = "/var/lib/postgresql"
IN_FOLDER = (f"./data/db:{OLD}", f"./data/db:{OLD}")
IN_ONE_VOLUME = (f"orders:{OLD}", f"orders:{ONE_VOLUME}")
IN_NEW_VOLUME = (f"orders:{OLD}", f"newer:{OLD}")


@pytest.fixture
def orders(site: SmallSite) -> Iterator[OrdersSite]:
    found = OrdersSite(site)
    before = found.volumes()
    yield found
    for container in site.engine.containers(project=site.project):
        site.engine.stop(container.id, 1)
        site.engine.remove_container(container.id)
    for name in found.volumes() - before:
        site.engine.remove_volume(name)


def installed(orders: OrdersSite, major: int, volume: str, rows: int = 1000) -> Path:
    release = orders.release("1", major, volume, 1)
    orders.go_to(release)
    orders.fill(rows)
    return release


@pytest.mark.parametrize(
    ("before", "after", "volumes", "last"),
    [
        pytest.param(15, 17, IN_FOLDER, 2, id="15_to_17_in_a_folder"),
        pytest.param(17, 18, IN_ONE_VOLUME, 1, id="17_to_18_in_one_volume"),
        pytest.param(15, 17, IN_NEW_VOLUME, 2, id="15_to_17_in_a_new_volume", marks=pytest.mark.long),
    ],
)
def test_all_data_goes_to_the_new_server_and_comes_back_to_the_old_one(
    orders: OrdersSite, before: int, after: int, volumes: tuple[str, str], last: int
) -> None:
    first = installed(orders, before, volumes[0])
    content, kept = orders.content(), orders.volumes()
    second = orders.release("2", after, volumes[1], last)
    told = orders.go_to(second, rehearse="never" if last > 1 else "always")
    assert (orders.major(), orders.content()) == (str(after), content)
    assert orders.sql("SELECT count(*) FROM information_schema.columns WHERE column_name = 'note'") == str(
        last - 1
    )
    assert orders.sql("SELECT reltuples FROM pg_class WHERE relname = 'orders'") == "1000"
    for line in (
        f"Convert the database from PostgreSQL {before} to {after}, by dump and load: about 1 minute",
        f"converted to PostgreSQL {after}",
        f"The database of db was converted from PostgreSQL {before} to {after}.",
        "1 migration applied" if last > 1 else "Rehearsal: the new server has loaded the data",
    ):
        assert line in told, told
    orders.sql("INSERT INTO orders VALUES (0, 'written by 2')")
    orders.site.roll_back(second, 240.0)
    assert (orders.major(), orders.content()) == (str(before), content)
    left = {name for name in orders.volumes() - kept if "_airlock_" not in name and "_set_aside_" not in name}
    assert left == set()
    assert first.is_dir()


@pytest.mark.parametrize("volumes", [IN_FOLDER, IN_ONE_VOLUME], ids=["folder", "volume"])
def test_an_import_killed_while_it_loads_goes_on_or_comes_back(
    orders: OrdersSite, volumes: tuple[str, str]
) -> None:
    majors = (15, 17) if volumes is IN_FOLDER else (17, 18)
    installed(orders, majors[0], volumes[0], ROWS)
    content = orders.content()
    second = orders.release("2", majors[1], volumes[1], 2)
    orders.kill_while_loading(second)
    orders.site.roll_back(second, 240.0)
    assert (orders.major(), orders.content()) == (str(majors[0]), content)
    third = orders.release("3", majors[1], volumes[1], 2)
    orders.kill_while_loading(third)
    resumed = orders.resume(third)
    assert resumed.returncode == 0, resumed.stdout
    assert (orders.major(), orders.content()) == (str(majors[1]), content)


def refusal(orders: OrdersSite, release: Path) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        orders.go_to(release)
    return refused.value.details


def test_what_the_new_server_cannot_keep_is_refused_before_anything_changes(orders: OrdersSite) -> None:
    installed(orders, 17, f"orders:{OLD}")
    containers, volumes = orders.site.engine.containers(project=orders.site.project), orders.volumes()
    misplaced = refusal(orders, orders.release("2", 18, f"orders:{OLD}", 2))
    assert misplaced == (
        "The data of db would be lost with its container.",
        "  The server keeps its data in /var/lib/postgresql/18/docker.",
        "  services.db.volumes: orders:/var/lib/postgresql/data",
        "→ Ask the vendor to mount it at /var/lib/postgresql instead: - orders:/var/lib/postgresql",
    )
    older = refusal(orders, orders.release("3", 15, f"orders:{OLD}", 2))
    assert older[0] == "The release brings an older database server, which cannot read the data."
    orders.sql("UPDATE pg_extension SET extname = 'foreign_one' WHERE extname = 'plpgsql'")
    lacking = refusal(orders, orders.release("4", 18, f"orders:{ONE_VOLUME}", 2))
    assert lacking == (
        "The new database image lacks extensions that the database uses.",
        "  extension foreign_one in database app",
        "→ Ask the vendor for an image with these extensions, or drop those that nothing uses.",
    )
    assert orders.site.engine.containers(project=orders.site.project) == containers
    assert orders.volumes() == volumes
